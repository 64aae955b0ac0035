"""Computing blocks one after the other in this process."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from synaprune.engine.interrupts import interrupts_kept
from synaprune.engine.work import Job, Outcome, work


class Here:
    """The pool of this process alone; see `synaprune.engine.pool.Pool`."""

    def __init__(self) -> None:
        self._cycles = 0

    def outcomes(
        self, jobs: Iterable[Job], tell: Callable[[str], None]
    ) -> Generator[Outcome, None, None]:
        """Compute jobs one by one."""
        for job in jobs:
            listening: list[Exception] = []

            def on_cycle(failed: list[Exception] = listening) -> None:
                self._cycles += 1
                try:
                    tell("")
                except Exception as error:
                    failed.append(error)
                    raise

            with interrupts_kept():
                outcome = work(job, on_cycle)
            if listening:  # it is the listener that failed, not the block
                raise listening[0]
            self._cycles = 0
            yield outcome

    def under_way(self) -> int:
        """Count the cycles of the block under way."""
        return self._cycles
