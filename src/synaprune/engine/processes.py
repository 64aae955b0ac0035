"""Computing blocks in several processes of this machine.

Every worker is a pool of one process, so that one that dies (the memory ran out, somebody killed
it) takes nothing with it but its block, and there is no doubt which block that was.
"""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker

from loky import ProcessPoolExecutor

from synaprune.engine.progress import Cell, Cells, cells
from synaprune.engine.work import Failed, Job, Outcome, work

#: How often a block may take its process with it before it counts as failed.
DEATHS = 3

_POLL_SECONDS = 0.25
_FOLLOW_SECONDS = 0.5

#: One thread of linear algebra a process, and memory that grows with what is kept for reuse.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "LOKY_MAX_MEMORY_LEAK_SIZE": "1e15",
}

#: What a terminal or a batch system sends to all processes; the one that was started answers.
_SHARED_SIGNALS = {signal.SIGINT, signal.SIGTERM} | (
    {signal.SIGHUP} if hasattr(signal, "SIGHUP") else set()
)


@contextmanager
def processes(count: int) -> Iterator[Processes]:
    """Have a number of worker processes; none of them outlives this."""
    # its helper process must not start under _signals_held, which it would end
    resource_tracker.ensure_running()
    with cells(count) as shared:
        workers = [_Worker(shared.cell(number)) for number in range(count)]
        try:
            yield Processes(workers, shared)
        finally:
            with ThreadPoolExecutor(count) as killers:
                list(killers.map(_Worker.kill, workers))


@dataclass(slots=True)
class _Task:
    """A job with its worker, and how often a worker died of it."""

    job: Job
    worker: _Worker
    deaths: int = 0


class Processes:
    """The pool of this machine's processes; see `synaprune.engine.pool.Pool`."""

    def __init__(self, workers: list[_Worker], shared: Cells) -> None:
        self._workers = workers
        self._cells = shared
        self._under_way: dict[Future[Outcome], _Task] = {}

    def outcomes(
        self, jobs: Iterable[Job], tell: Callable[[str], None]
    ) -> Generator[Outcome, None, None]:
        """Keep every worker busy with one job."""
        waiting = iter(jobs)
        for worker, job in zip(self._workers, waiting, strict=False):
            self._start(_Task(job, worker))
        while self._under_way:
            done, _ = wait(self._under_way, _POLL_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                task = self._under_way.pop(future)
                outcome = _outcome(task, future)
                self._cells.clear(task.worker.cell.number)
                if outcome is None:
                    tell(f"{task.job.block.name}: its process died, computed again")
                    self._start(task)
                    continue
                following = next(waiting, None)
                if following is not None:
                    self._start(_Task(following, task.worker))
                yield outcome
            tell("")

    def under_way(self) -> int:
        """Sum the cycles that the workers have counted."""
        return self._cells.total()

    def _start(self, task: _Task) -> None:
        self._under_way[task.worker.submit(task.job)] = task


class _Worker:
    """A process that is started when it is needed, and again when it died."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, job: Job) -> Future[Outcome]:
        """Hand a job to the process."""
        try:
            return self._submit(job)
        except BrokenProcessPool:  # it died while it had nothing to do
            self.kill()
            return self._submit(job)

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=True)
            self._executor = None

    def _submit(self, job: Job) -> Future[Outcome]:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                1, initializer=follow, initargs=(os.getpid(),), env=ENVIRONMENT
            )
        with _signals_held():
            future: Future[Outcome] = self._executor.submit(_counted, job, self.cell)
        return future


def _outcome(task: _Task, future: Future[Outcome]) -> Outcome | None:
    """Take what a worker handed back; None if it died and its job is worth another try."""
    name = task.job.block.name
    try:
        return future.result()
    except BrokenProcessPool as error:
        task.worker.kill()
        task.deaths += 1
        if task.deaths < DEATHS:
            return None
        signals = re.search(r"\{(.+)\}", str(error))
        cause = signals[1] if signals else " ".join(str(error).split())
        return Failed(f"{name}: its process died {DEATHS} times ({cause}); is memory short?")
    except Exception as error:
        return Failed(f"{name}: cannot be sent to a process: {' '.join(str(error).split())}")


def _counted(job: Job, cell: Cell) -> Outcome:
    return work(job, cell.counter())


def follow(leader: int) -> None:
    """Prepare a worker: it leaves signals to its leader, and ends when its leader does."""
    for number in _SHARED_SIGNALS:
        signal.signal(number, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == leader:
            time.sleep(_FOLLOW_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Keep signals from a process that is being started; this one gets them a moment later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SHARED_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
