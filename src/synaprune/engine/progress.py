"""How far a run is, told to whoever wants to know."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    cycles, all_cycles
        Cycles of all blocks that are done, and how many there are. What an earlier run did counts
        from the start. On a Dask cluster, cycles are done when their block is.
    blocks, all_blocks
        Blocks that are written, and how many there are.
    note
        Something worth a line, such as a block that was damaged; mostly empty.
    """

    cycles: int
    all_cycles: int
    blocks: int
    all_blocks: int
    note: str = ""


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one worker counts the cycles of its block, seen by the process that waits for it.

    Only the worker writes, so nothing needs a lock.

    Attributes
    ----------
    path
        A file of one 32-bit number a worker.
    number
        Which of them.
    """

    path: Path
    number: int

    def counter(self) -> Callable[[], None]:
        """Start at nought, and give the function that counts one cycle."""
        try:
            cell = np.memmap(self.path, dtype=np.int32, mode="r+", offset=4 * self.number,
                             shape=(1,))  # fmt: skip
        except OSError:  # somebody tidied up: then the display lacks these cycles, no more
            return lambda: None
        cell[0] = 0

        def count() -> None:
            cell[0] += 1

        return count


class Cells:
    """Cycles under way, one number a worker.

    Parameters
    ----------
    path
        Their file.
    count
        How many workers there are.
    """

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        np.zeros(count, dtype=np.int32).tofile(path)
        self._numbers = np.memmap(path, dtype=np.int32, mode="r+", shape=(count,))

    def cell(self, number: int) -> Cell:
        """Give the cell of a worker."""
        return Cell(self._path, number)

    def clear(self, number: int) -> None:
        """Forget the cycles of a block that is finished or lost."""
        self._numbers[number] = 0

    def total(self) -> int:
        """Sum over workers."""
        return int(self._numbers.sum())


@contextmanager
def cells(count: int) -> Iterator[Cells]:
    """Make the shared file for the time of a run."""
    with tempfile.TemporaryDirectory(prefix="synaprune-", ignore_cleanup_errors=True) as folder:
        yield Cells(Path(folder) / "cycles", count)
