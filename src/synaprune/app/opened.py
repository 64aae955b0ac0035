"""Runs that are open, read once for all tabs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from synaprune.app.runs import RunFolders
from synaprune.errors import InputError
from synaprune.results.manifest import NAME

if TYPE_CHECKING:
    from synaprune.figures import Material
    from synaprune.results.run import Run

#: Runs that are kept in memory.
_KEPT = 4


class OpenRuns:
    """Runs by their id; safe to use from several threads.

    Parameters
    ----------
    runs
        Where they are.
    """

    def __init__(self, runs: RunFolders) -> None:
        self._runs = runs
        self._kept: OrderedDict[tuple[str, int], tuple[Run, Material]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, run: str) -> tuple[Run, Material]:
        """Open a finished run, or give it where it is open already.

        Raises
        ------
        InputError
            The run cannot be opened, is not complete or is damaged.
        """
        from synaprune.figures import Material  # not before a run is opened: it takes a second

        folder = self._runs.folder(run)
        try:
            key = run, (folder / NAME).stat().st_mtime_ns
        except OSError as error:
            raise InputError(f"{folder}: cannot be read ({error.strerror})") from error
        with self._lock:
            if key not in self._kept:
                opened = self._runs.open(run)
                try:
                    self._kept[key] = opened, Material.of_run(opened)
                except (KeyError, TypeError, AttributeError) as error:
                    raise InputError(
                        f"{folder}: damaged, its study does not fit its numbers"
                    ) from error
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
