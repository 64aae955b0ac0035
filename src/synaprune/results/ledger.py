"""The record of a run while it is computed: blocks onto the disk, and the manifest after them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from synaprune.errors import RunError
from synaprune.results.files import write_atomically
from synaprune.results.folder import BLOCKS
from synaprune.results.manifest import Manifest

#: Share of the time so far that writing manifests may take. A manifest grows with the run, and
#: writing it after each of very many blocks would take longer than computing them.
SHARE = 0.01


class Ledger:
    """Keeps finished blocks and says which they are.

    A block counts once it is in the manifest on disk; a block's file that no manifest lists is
    computed again.

    Parameters
    ----------
    folder
        The run folder.
    path
        Where the manifest stands: the run's, or a shard's.
    manifest
        What is there already.
    notes
        What the user should know of how the run was found.
    clock
        Gives seconds.
    """

    def __init__(
        self,
        folder: Path,
        path: Path,
        manifest: Manifest,
        notes: tuple[str, ...] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.notes = notes
        self._path = path
        self._clock = clock
        self._start = clock()
        self._spent = self._last = 0.0
        self._behind = False

    def __contains__(self, name: str) -> bool:
        return name in self.manifest.blocks

    @property
    def done(self) -> int:
        """How many blocks are kept."""
        return len(self.manifest.blocks)

    def keep(self, name: str, content: bytes, sha256: str) -> None:
        """Write a block's file, and the manifest where that costs little.

        Raises
        ------
        RunError
            The disk does not take it.
        """
        path = self.folder / BLOCKS / name
        try:
            write_atomically(path, content)
        except OSError as error:
            raise self._refused(path, error) from error
        self.manifest.blocks[name] = sha256
        self._behind = True
        elapsed = self._clock() - self._start
        if self._spent + self._last <= SHARE * elapsed:
            self.write()

    def flush(self) -> None:
        """Write the manifest if it is behind.

        Raises
        ------
        RunError
            The disk does not take it.
        """
        if self._behind:
            self.write()

    def write(self) -> None:
        """Write the manifest.

        Raises
        ------
        RunError
            The disk does not take it.
        """
        before = self._clock()
        try:
            self.manifest.write(self._path)
        except OSError as error:
            raise self._refused(self._path, error) from error
        self._last = self._clock() - before
        self._spent += self._last
        self._behind = False

    def _refused(self, path: Path, error: OSError) -> RunError:
        done = f"{self.done} of {self.manifest.planned_blocks} blocks are done"
        return RunError(f"{path}: cannot be written ({error.strerror}); {done}")
