"""What computes a block, wherever it runs: a job goes in, the content of a file comes out.

Nothing is written here and nothing raised: a worker hands back bytes or the line that says what
failed, so that one process, the one that was started, keeps the run folder.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from synaprune.engine.block import simulate_block
from synaprune.engine.plan import Block
from synaprune.errors import NotFiniteError
from synaprune.model.cycle import Mechanism
from synaprune.results.blocks import ENDING, block_bytes
from synaprune.results.files import digest
from synaprune.study import ResolvedStudy

#: The number of threads of linear algebra is the process's, so blocks in threads take turns.
_TURN = Lock()


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs for one block.

    Attributes
    ----------
    study, block
        What to simulate.
    mechanisms
        Functions by mechanism name; they travel to the workers, so that forms registered by the
        user's own script work there too.
    """

    study: ResolvedStudy
    block: Block
    mechanisms: Mapping[str, Mechanism | None]


@dataclass(frozen=True, slots=True)
class Finished:
    """A block's file: its name, its content and the SHA-256 of that."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A block that could not be computed, and why, in one line."""

    line: str


Outcome = Finished | Failed


def work(job: Job, on_cycle: Callable[[], None] = lambda: None) -> Outcome:
    """Compute a block.

    Parameters
    ----------
    job
        The block.
    on_cycle
        Called after every cycle.
    """
    try:
        with _TURN:
            table = simulate_block(job.study, job.block, job.mechanisms, on_cycle)
        content = block_bytes(table)
    except Exception as error:
        return Failed(_line(job.block, error))
    return Finished(file_name(job.block), content, digest(content))


def file_name(block: Block) -> str:
    """Name of a block's file."""
    return block.name + ENDING


def _line(block: Block, error: Exception) -> str:
    """Say what failed and where in one line."""
    if isinstance(error, NotFiniteError):
        return str(error)
    said = " ".join(str(error).split()) or "no message"
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}, in {last.name}"
    return f"{block.name}: {type(error).__name__}: {said} ({where})"
