"""Computing blocks in this process or in several, with the same bytes either way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from loky import ProcessPoolExecutor

from synaprune.engine.block import simulate_block
from synaprune.engine.plan import Block
from synaprune.engine.progress import Counters
from synaprune.model.cycle import Mechanism
from synaprune.results.blocks import write_block
from synaprune.study import ResolvedStudy

_POLL_SECONDS = 0.25


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
    path
        The block's file.
    counters
        Where to count cycles.
    """

    study: ResolvedStudy
    block: Block
    mechanisms: Mapping[str, Mechanism | None]
    path: Path
    counters: Counters


@dataclass(frozen=True, slots=True)
class Finished:
    """A block that is written: its file's name and SHA-256."""

    name: str
    sha256: str


def compute(
    jobs: Iterable[Job],
    processes: int,
    on_finished: Callable[[Finished], None],
    on_tick: Callable[[], None],
) -> None:
    """Compute all jobs.

    Parameters
    ----------
    jobs
        In the order they start.
    processes
        1 computes here.
    on_finished
        Called in this process after each block.
    on_tick
        Called now and then while blocks are under way.
    """
    if processes == 1:
        for job in jobs:
            on_finished(_work(job, on_tick))
        return
    executor = ProcessPoolExecutor(max_workers=processes)
    try:
        waiting = iter(jobs)
        # a few jobs in advance keep the workers busy; all at once would fill the memory
        under_way: set[Future[Finished]] = {
            executor.submit(_work, job) for job in islice(waiting, 2 * processes)
        }
        while under_way:
            done, under_way = wait(under_way, _POLL_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                on_finished(future.result())
            under_way |= {executor.submit(_work, job) for job in islice(waiting, len(done))}
            on_tick()
    finally:
        executor.shutdown(wait=True, kill_workers=True)


def _work(job: Job, on_tick: Callable[[], None] = lambda: None) -> Finished:
    count = job.counters.counter(job.block.number)

    def on_cycle() -> None:
        count()
        on_tick()

    table = simulate_block(job.study, job.block, job.mechanisms, on_cycle)
    return Finished(job.path.name, write_block(table, job.path))
