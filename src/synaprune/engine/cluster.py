"""Computing blocks on a Dask cluster that is running already.

Workers need this software, not this disk: they get a job and hand back the bytes of a file. Dask
gives the blocks of a worker that is lost to another one.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from synaprune.engine.randomness import RANDOMNESS_VERSION
from synaprune.engine.work import Failed, Job, Outcome, work
from synaprune.errors import InputError, RunError
from synaprune.model.constants import NUMERICS_VERSION
from synaprune.model.products import SPARSE_VERSION
from synaprune.results.manifest import cpu_model

if TYPE_CHECKING:
    from distributed import Client

#: How long to wait for a scheduler to answer.
CONNECT_SECONDS = 6.0

_POLL_SECONDS = 0.25
_LOOK_SECONDS = 2.0
_BLOCKS_A_WORKER = 2
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:[0-9]{1,5}")

#: What must agree with the worker for the same bytes: Python packages by name.
_DECISIVE = ("numba", "numpy", "pyarrow", "synaprune", "torch")

#: What a worker hands back: the outcome and its processor.
Answer: TypeAlias = tuple[Outcome, str]


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """Connect to a Dask cluster.

    Parameters
    ----------
    address
        Of its scheduler, ``tcp://HOST:PORT``.

    Raises
    ------
    InputError
        Dask is not installed, or nothing answers there.
    """
    if not _ADDRESS.fullmatch(address):
        raise InputError(f"dask: must be tcp://HOST:PORT (got {address!r})")
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            "dask: is not installed; install it with pip install 'synaprune[dask]'"
        ) from error
    silent = f"dask: no scheduler answers at {address} within {CONNECT_SECONDS:.0f} s"
    with ThreadPoolExecutor(1) as asking:  # a notebook has an event loop in this thread
        if asking.submit(_answerer, address).result() != "Scheduler":
            raise InputError(silent)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except OSError as error:
        raise InputError(silent) from error
    try:
        yield Cluster(client, address)
    finally:
        client.close(timeout=2)


def _answerer(address: str) -> str:
    """Say what of Dask answers at an address; empty where nothing of Dask does."""
    from distributed.core import rpc

    async def ask() -> str:
        async with asyncio.timeout(CONNECT_SECONDS), rpc(address) as there:
            identity = await there.identity()
            return str(identity.get("type"))

    try:
        return asyncio.run(ask())
    except Exception:  # another kind of server may answer anything
        return ""


class Cluster:
    """The pool of a Dask cluster; see `synaprune.engine.pool.Pool`."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address
        self._looked = 0.0
        self._workers = 0
        self._processors = {cpu_model()}

    def outcomes(
        self, jobs: Iterable[Job], tell: Callable[[str], None]
    ) -> Generator[Outcome, None, None]:
        """Keep a few jobs a worker on the cluster."""
        executor = self._client.get_executor(pure=False)
        waiting = iter(jobs)
        under_way: dict[Future[Answer], Job] = {}
        asked = _decisive_versions()
        try:
            while True:
                self._look(tell)
                room = max(_BLOCKS_A_WORKER * self._workers, 1) - len(under_way)
                for job in islice(waiting, max(room, 0)):
                    under_way[executor.submit(_remote, job, asked)] = job
                if not under_way:
                    return
                done, _ = wait(under_way, _POLL_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    yield self._outcome(under_way.pop(future), future, tell)
                tell("")
        finally:
            executor.shutdown(wait=False)

    def under_way(self) -> int:
        """Know nothing of blocks that are not finished."""
        return 0

    def _look(self, tell: Callable[[str], None]) -> None:
        """See how many workers there are now, every few seconds."""
        now = time.monotonic()
        if self._looked and now - self._looked < _LOOK_SECONDS:
            return
        before, first, self._looked = self._workers, not self._looked, now
        try:
            self._workers = len(self._client.nthreads())
        except (OSError, RuntimeError) as error:
            raise self._lost() from error
        if self._workers == 0 and (before or first):
            tell("the Dask cluster has no workers; waiting for some")
        elif self._workers < before:
            tell(f"the Dask cluster has {self._workers} workers now, it had {before}")

    def _outcome(self, job: Job, future: Future[Answer], tell: Callable[[str], None]) -> Outcome:
        try:
            outcome, processor = future.result()
        except CancelledError as error:
            raise self._lost() from error
        except Exception as error:
            said = " ".join(str(error).split())
            return Failed(f"{job.block.name}: the Dask cluster failed ({said})")
        if processor not in self._processors:
            self._processors.add(processor)
            tell(
                f"a Dask worker runs on {processor}, here is {cpu_model()}: last digits may differ"
            )
        return outcome

    def _lost(self) -> RunError:
        return RunError(f"dask: the scheduler at {self._address} is gone")


def _decisive_versions() -> dict[str, str]:
    """List what must be the same on the worker."""
    return {
        "numerics": str(NUMERICS_VERSION),
        "randomness": str(RANDOMNESS_VERSION),
        "sparse products": str(SPARSE_VERSION),
        **{name: version(name) for name in _DECISIVE},
    }


def _remote(job: Job, asked: dict[str, str]) -> Answer:
    """Compute a block on a worker whose software gives the same bytes; name its processor."""
    here = _decisive_versions()
    for name, wanted in asked.items():
        if here[name] != wanted:
            line = f"{job.block.name}: a Dask worker has {name} {here[name]}, not {wanted}"
            return Failed(line), cpu_model()
    return work(job), cpu_model()
