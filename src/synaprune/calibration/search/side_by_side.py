"""Jobs of a calibration that need no networks, in processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from loky import ProcessPoolExecutor

from synaprune.engine.processes import ENVIRONMENT, follow

Result = TypeVar("Result")


class Run(Protocol):
    """Gives the results of jobs in their order."""

    def __call__(self, jobs: Sequence[Callable[[], Result]]) -> Iterator[Result]:
        """Run jobs that know nothing of each other."""
        ...


def here(jobs: Sequence[Callable[[], Result]]) -> Iterator[Result]:
    """Run jobs in this process, one after the other."""
    return (job() for job in jobs)


@contextmanager
def running(workers: int) -> Iterator[Run]:
    """Run jobs here or in processes of this machine, which do not outlive this."""
    if workers == 1:
        yield here
        return
    executor = ProcessPoolExecutor(
        max_workers=workers, initializer=follow, initargs=(os.getpid(),), env=ENVIRONMENT
    )

    def run(jobs: Sequence[Callable[[], Result]]) -> Iterator[Result]:
        return (future.result() for future in [executor.submit(job) for job in jobs])

    try:
        yield run
    finally:
        executor.shutdown(wait=True, kill_workers=True)
