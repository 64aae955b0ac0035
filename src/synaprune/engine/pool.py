"""Where blocks are computed: here, in processes of this machine, or on a cluster.

The three are alike from outside, so that nothing else knows which it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from synaprune.engine.here import Here
from synaprune.engine.processes import processes
from synaprune.engine.work import Job, Outcome
from synaprune.errors import InputError


class Pool(Protocol):
    """Takes jobs and gives back blocks.

    It is made by a context, and leaving that ends everything that is still under way.
    """

    def outcomes(
        self, jobs: Iterable[Job], tell: Callable[[str], None]
    ) -> Generator[Outcome, None, None]:
        """Compute jobs, a few at a time, as they are asked for.

        Parameters
        ----------
        jobs
            In the order they start.
        tell
            Called now and then while blocks are under way, with a note or nothing.

        Yields
        ------
        Finished or Failed
            As they come, which may be in another order.
        """
        ...

    def under_way(self) -> int:
        """Count the cycles of blocks that are begun and not finished, as far as known."""
        ...


def chosen(workers: int | None, cluster: str | None, blocks: int) -> AbstractContextManager[Pool]:
    """Choose where to compute.

    Parameters
    ----------
    workers
        Processes of this machine; by default one a processor core. 1 computes in this process.
    cluster
        Address of a Dask scheduler, instead.
    blocks
        How many there are: more processes would find nothing to do.

    Raises
    ------
    InputError
        Fewer than one worker, both, or a scheduler that cannot be used.
    """
    if cluster is not None:
        if workers is not None:
            raise InputError("workers: are counted by the Dask cluster; leave them out")
        from synaprune.engine.cluster import cluster as connected

        return connected(cluster)
    if workers is not None and workers < 1:
        raise InputError(f"workers: must be at least 1 (got {workers})")
    count = min(cores() if workers is None else workers, max(blocks, 1))
    return nullcontext(Here()) if count == 1 else processes(count)


def cores() -> int:
    """Count the processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
