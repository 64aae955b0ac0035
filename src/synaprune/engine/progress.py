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
        Cycles of all blocks that are done, and how many there are.
    blocks, all_blocks
        Blocks that are written, and how many there are.
    """

    cycles: int
    all_cycles: int
    blocks: int
    all_blocks: int


Listener = Callable[[Progress], None]


class Counters:
    """Cycles done in each block, shared by the processes through a small file.

    Each block has its own cell that only its worker writes, so nothing needs a lock.

    Parameters
    ----------
    path
        A file of one 32-bit number a block.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def total(self) -> int:
        """Cycles done in all blocks."""
        return int(np.fromfile(self.path, dtype=np.int32).sum())

    def counter(self, block: int) -> Callable[[], None]:
        """Give the function that counts one cycle of a block."""
        cell = np.memmap(self.path, dtype=np.int32, mode="r+", offset=4 * block, shape=(1,))
        cell[0] = 0

        def count() -> None:
            cell[0] += 1

        return count


@contextmanager
def counters(blocks: int) -> Iterator[Counters]:
    """Make the shared file for the time of a run."""
    with tempfile.TemporaryDirectory(prefix="synaprune-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "cycles"
        np.zeros(blocks, dtype=np.int32).tofile(path)
        yield Counters(path)
