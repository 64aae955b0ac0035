"""Runs that are open, read once for all tabs, and drawn one figure at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from synaprune.app.runs import RunFolders
from synaprune.errors import InputError
from synaprune.figures import Material, Planned, as_bytes
from synaprune.report.inline_svg import inline
from synaprune.results.manifest import NAME
from synaprune.results.run import Run

#: Runs that are kept in memory.
_KEPT = 4

#: The drawing library keeps its style for the whole process.
_DRAWING = threading.RLock()

Result = TypeVar("Result")


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
        folder = self._runs.folder(run)
        key = run, (folder / NAME).stat().st_mtime_ns
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


def drawn(make: Callable[[], Result]) -> Result:
    """Draw something while nothing else is being drawn."""
    with _DRAWING:
        return make()


def svg(planned: Planned) -> bytes:
    """Draw a figure as a file."""
    return drawn(lambda: as_bytes(planned.make(), "svg", planned.title))


def inline_svg(planned: Planned, prefix: str) -> str:
    """Draw a figure as a part of a page."""
    return inline(svg(planned).decode(), prefix, f"{planned.title}. {planned.seen}")
