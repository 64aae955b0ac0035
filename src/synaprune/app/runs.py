"""Run folders that the explorer may open: children of one folder, by name, and no links.

What a browser sends is text from outside. A name is looked up among the folders that are there,
never joined to a path and hoped for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from synaprune.errors import InputError, nearest
from synaprune.results.folder import BLOCKS, RESOLVED, STUDY, is_begun, new_place
from synaprune.results.manifest import NAME, Manifest, read_manifest, software_versions
from synaprune.study import Study, load_study

if TYPE_CHECKING:
    from synaprune.results.run import Run

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}")

_HINTS = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """A run folder in the list.

    Attributes
    ----------
    id
        Name of the folder.
    complete
        Whether every block is there; False as well where the manifest cannot be read.
    """

    id: str
    complete: bool


class RunFolders:
    """The runs below one folder.

    Parameters
    ----------
    root
        The folder; made when the first run needs it.

    Raises
    ------
    InputError
        It is a file or cannot be read.
    """

    def __init__(self, root: Path) -> None:
        try:
            if root.is_file():
                raise InputError(f"--runs {root}: is a file; give a folder")
            if root.exists():
                list(root.iterdir())
        except OSError as error:
            raise InputError(f"--runs {root}: cannot be read ({error.strerror})") from error
        self.root = root.absolute()

    def listed(self) -> list[Listed]:
        """List the runs, the newest first; what cannot be read at this moment is left out."""
        try:
            inside = list(self.root.iterdir())
        except OSError:  # not made yet, or gone
            return []
        found = [(begun, path) for path in inside if (begun := _begun(path)) is not None]
        return [Listed(path.name, _is_complete(path)) for _, path in sorted(found, reverse=True)]

    def folder(self, run: str) -> Path:
        """Give the folder of a run.

        Parameters
        ----------
        run
            Its id: the name of a folder directly below the root.

        Raises
        ------
        InputError
            No such run, one that cannot be read, a link, or a name that could lead elsewhere.
        """
        if not _ID.fullmatch(run):
            raise InputError(f"run {run[:80]!r}: is not the name of a folder below {self.root}")
        path = self.root / run
        try:
            self._check(path)
        except OSError as error:
            raise InputError(f"run {run}: cannot be read ({error.strerror})") from error
        return path

    def _check(self, path: Path) -> None:
        run = path.name
        if path.is_symlink():
            raise InputError(f"run {run}: is a link; open the folder itself")
        if not is_begun(path):
            names = [entry.id for entry in self.listed()][:_HINTS]
            hint = f"; {nearest(run, names)}" if names else ""
            raise InputError(f"run {run}: no such run below {self.root}{hint}")
        for inside in (*map(path.joinpath, (NAME, STUDY, RESOLVED, BLOCKS)), *_blocks(path)):
            if inside.is_symlink():
                raise InputError(f"run {run}: {inside.name} is a link, which is not followed")

    def open(self, run: str) -> Run:
        """Open a finished run.

        Raises
        ------
        InputError
            It cannot be opened, is not complete or names blocks outside of its folder.
        """
        from synaprune.results.run import Run  # reads Parquet; not before a run is opened

        opened = Run(self.folder(run))
        strange = [name for name in opened.manifest.blocks if not _ID.fullmatch(name)]
        if strange:
            raise InputError(f"run {run}: damaged, its manifest lists {strange[0][:80]!r}")
        return opened

    def manifest(self, run: str) -> Manifest:
        """Read what is known of a run, finished or not.

        Raises
        ------
        InputError
            It cannot be opened.
        """
        return read_manifest(self.folder(run))

    def is_complete(self, run: str) -> bool:
        """Whether a run can be opened and every block of it is there."""
        try:
            return self.manifest(run).complete
        except InputError:
            return False

    def study(self, run: str) -> Study:
        """Read the study of a run as it was given.

        Raises
        ------
        InputError
            It cannot be opened.
        """
        return load_study(self.folder(run) / STUDY)

    def place(self, name: str, study_sha256: str) -> str:
        """Choose where a study is computed: where it was left unfinished, else a new folder.

        What other versions left unfinished cannot be gone on with here and is passed over.

        Returns
        -------
        str
            The id of the run.
        """
        for entry in self.listed():
            if not entry.complete and self._is_of(entry.id, name, study_sha256):
                return entry.id
        return new_place(name, study_sha256, self.root).name

    def _is_of(self, run: str, name: str, study_sha256: str) -> bool:
        try:
            manifest = self.manifest(run)
        except InputError:  # damaged: nothing to go on with
            return False
        there = manifest.name, manifest.study_sha256, manifest.versions
        return there == (name, study_sha256, software_versions())


def _begun(path: Path) -> float | None:
    """When the manifest of a run was written; None where there is no run to read."""
    try:
        is_run = _ID.fullmatch(path.name) and not path.is_symlink() and is_begun(path)
        return (path / NAME).stat().st_mtime if is_run else None
    except OSError:  # no permission, or gone between two looks
        return None


def _is_complete(path: Path) -> bool:
    try:
        return read_manifest(path).complete
    except InputError:
        return False


def _blocks(path: Path) -> list[Path]:
    blocks = path / BLOCKS
    return list(blocks.iterdir()) if blocks.is_dir() and not blocks.is_symlink() else []
