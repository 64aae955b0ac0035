"""A run folder: where it may stand, and what is in it.

::

    manifest.json     versions, seed, hashes, which blocks are finished
    study.yaml        the study as it was given
    resolved.yaml     every default filled in
    blocks/           one Parquet file a block
    shards/           while a run is shared out: what each shard has finished
    tables/, csv/, figures/, report.html   what commands derive from the blocks

The manifest is written first, so that a folder is a run from its first file on, whenever the
process that makes it may end.
"""

from __future__ import annotations

import errno
import os
import shutil
from datetime import date
from pathlib import Path

from synaprune.errors import InputError, RunError
from synaprune.results import manifest as manifests
from synaprune.results.files import UNFINISHED, remove_unfinished, write_atomically
from synaprune.results.manifest import Manifest

STUDY = "study.yaml"
RESOLVED = "resolved.yaml"
BLOCKS = "blocks"
SHARDS = "shards"
TABLES = "tables"
CSV = "csv"
FIGURES = "figures"
REPORT = "report.html"

#: Folder of runs that were not given a place.
RUNS = "runs"

#: The disk's fault and not that of the place.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def is_begun(folder: Path) -> bool:
    """Whether a run stands in a folder, finished or not."""
    return (folder / manifests.NAME).is_file()


def check_place(folder: Path) -> None:
    """Refuse a place where a run can neither stand nor be made, without touching it.

    Parameters
    ----------
    folder
        The run folder to be.

    Raises
    ------
    InputError
        Something else stands there, or nothing can be written there.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder}: is a file; give a folder")
        used = folder.exists() and any(
            not path.name.endswith(UNFINISHED) for path in folder.iterdir()
        )
        if used and not is_begun(folder):
            raise InputError(f"{folder}: is not empty and not a run; give an empty or a new folder")
    except OSError as error:
        raise InputError(f"{folder}: cannot be used ({error.strerror})") from error
    check_writable(folder)


def check_writable(folder: Path) -> None:
    """Refuse a folder that can neither be made nor written, without touching it.

    Parameters
    ----------
    folder
        An existing folder, or one to be.

    Raises
    ------
    InputError
        A file is in its place, or nothing can be written there.
    """
    try:
        nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    except OSError as error:
        raise InputError(f"{folder}: cannot be used ({error.strerror})") from error
    if nearest == folder and not folder.is_dir():
        raise InputError(f"{folder}: is a file; give a folder")
    if not nearest.is_dir():
        raise InputError(f"{folder}: cannot be made, {nearest} is a file")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"{folder}: cannot be written, no permission in {nearest}")


def make(folder: Path, manifest: Manifest, study: str, resolved: str, *, replace: bool) -> None:
    """Begin a run in a folder that `check_place` allowed.

    An earlier run there goes: first what was derived from it and what its shards list, then its
    claim to the folder, then its blocks. Stopped in between, the folder holds one run or the other.

    Parameters
    ----------
    folder
        The run folder.
    manifest
        Of the new run.
    study, resolved
        The study as given and as resolved, YAML.
    replace
        Whether an earlier run there goes. Else a run that stands there was begun a moment ago by
        another shard of the same, and stays.
    """
    try:
        earlier = is_begun(folder)
        goes = earlier and replace
        folder.mkdir(parents=True, exist_ok=True)
        if goes:
            for name in (TABLES, CSV, FIGURES, SHARDS):
                shutil.rmtree(folder / name, ignore_errors=True)
            for name in (REPORT, STUDY, RESOLVED):
                (folder / name).unlink(missing_ok=True)
        if goes or not earlier:
            manifest.write(folder / manifests.NAME)
        if goes:
            shutil.rmtree(folder / BLOCKS, ignore_errors=True)
            remove_unfinished(folder)
    except OSError as error:
        raise refused(folder, error) from error
    complete(folder, study, resolved)


def complete(folder: Path, study: str, resolved: str) -> None:
    """Add what a run that was stopped at its very beginning lacks.

    Parameters
    ----------
    folder
        A run folder.
    study, resolved
        The study as given and as resolved, YAML.
    """
    try:
        (folder / BLOCKS).mkdir(exist_ok=True)
        for name, text in ((STUDY, study), (RESOLVED, resolved)):
            if not (folder / name).is_file():
                write_atomically(folder / name, text.encode())
    except OSError as error:
        raise refused(folder, error) from error


def refused(folder: Path, error: OSError) -> InputError | RunError:
    """Say that a run folder cannot be written."""
    line = f"{folder}: cannot be written ({error.strerror})"
    return RunError(line) if error.errno in _DISK else InputError(line)


def new_place(name: str, study_sha256: str, parent: Path | None = None) -> Path:
    """Find a free folder ``runs/<date>-<name>-<hash>``, numbered where that is taken."""
    stem = f"{date.today().isoformat()}-{name}-{study_sha256[:8]}"
    place = (parent or Path(RUNS)) / stem
    number = 2
    while place.exists():
        place = place.with_name(f"{stem}-{number}")
        number += 1
    return place
