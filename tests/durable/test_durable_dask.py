"""A Dask cluster: real processes, the same bytes, and a worker that is lost."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from durable_runs import files, quick_study, said

import synaprune
from synaprune.errors import InputError, RunError
from synaprune.results.manifest import read_manifest

distributed = pytest.importorskip("distributed")


class LocalDask:
    """A scheduler and workers as processes of this machine."""

    def __init__(self, place, workers):
        self.place = place
        self._file = place / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--port", "0")
        end = time.monotonic() + 60
        while not self._file.exists() or not self._file.read_text():
            assert self.scheduler.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        self.address = json.loads(self._file.read_text())["address"]
        self.workers = [self.worker() for _ in range(workers)]

    def worker(self):
        return self._start("dask_worker", "--no-nanny", "--nthreads", "2")

    def close(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, what, *options):
        command = [sys.executable, "-m", f"distributed.cli.{what}", "--host", "127.0.0.1",
                   "--no-dashboard", "--scheduler-file", self._file, *options]  # fmt: skip
        return subprocess.Popen(command, cwd=self.place, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)  # fmt: skip


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers at first; the first test kills one, the last what is left."""
    local = LocalDask(tmp_path_factory.mktemp("dask"), workers=2)
    yield local
    local.close()


def test_the_same_bytes_though_a_worker_is_killed(cluster, tmp_path):
    study = quick_study(patients=28)
    seen = []

    def kill(event):
        seen.append(event)
        if event.blocks == 5:
            cluster.workers[0].send_signal(signal.SIGKILL)

    synaprune.run(study, tmp_path / "run", dask=cluster.address, on_progress=kill)
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert cluster.workers[1].poll() is None
    synaprune.run(study, tmp_path / "undisturbed", workers=1)
    assert files(tmp_path / "run") == files(tmp_path / "undisturbed")
    assert all(event.cycles == 3 * event.blocks for event in seen)
    assert seen[-1].blocks == 14


def test_a_worker_with_another_processor_is_named_once(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr("synaprune.engine.cluster.cpu_model", lambda: "Abacus 1")
    seen = []
    synaprune.run(quick_study(), tmp_path / "run", dask=cluster.address, on_progress=seen.append)
    (note,) = [event.note for event in seen if event.note]
    assert re.fullmatch(r"a Dask worker runs on .+, here is Abacus 1: last digits may differ", note)


def test_a_mechanism_of_the_users_own_has_one_thread(cluster, tmp_path):
    @synaprune.register("clearance", "test_dask_threads")
    def threads(networks, context, constants, draws):
        import torch

        networks.aggregate[:] = torch.get_num_threads()

    study = quick_study(mechanisms={"clearance": "test_dask_threads"})
    results = synaprune.run(study, tmp_path / "run", dask=cluster.address)
    assert (results.to_frame("layers")["aggregate"] == 1).all()


def test_a_failing_block_stops_no_other(cluster, tmp_path):
    @synaprune.register("clearance", "test_dask_raises")
    def raises(networks, context, constants, draws):
        if draws[0].patient == 4:
            raise ValueError("too small")

    study = quick_study(mechanisms={"clearance": "test_dask_raises"})
    with pytest.raises(RunError, match="2 of 6 blocks failed"):
        synaprune.run(study, tmp_path / "raises", dask=cluster.address)
    assert len(read_manifest(tmp_path / "raises").blocks) == 4


def test_an_address_where_nobody_answers(tmp_path, capsys):
    with socket.socket() as taken:  # bound, not listening
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        start = time.monotonic()
        code, printed, error = said(capsys, "demo", "--dask", address, "--out", tmp_path / "out")
    assert time.monotonic() - start < 10
    assert (code, printed) == (2, "")
    assert error == f"synaprune: dask: no scheduler answers at {address} within 6 s\n"
    assert not (tmp_path / "out").exists()


def test_an_address_where_something_else_answers(tmp_path, monkeypatch):
    monkeypatch.setattr("synaprune.engine.cluster.CONNECT_SECONDS", 1.0)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.server_port}"
        with pytest.raises(InputError, match=f"no scheduler answers at {address}"):
            synaprune.run(quick_study(), tmp_path / "run", dask=address)
        server.shutdown()


@pytest.mark.parametrize("address", ["localhost", "http://x:1", "tcp://x", "tcp://:1", ""])
def test_what_is_no_address(tmp_path, address):
    with pytest.raises(InputError, match=re.escape(f"must be tcp://HOST:PORT (got {address!r})")):
        synaprune.run(quick_study(), tmp_path / "run", dask=address)


def test_without_dask_it_is_said_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError) as refused:
        synaprune.run(quick_study(), tmp_path / "run", dask="tcp://127.0.0.1:1")
    assert str(refused.value) == (
        "dask: is not installed; install it with pip install 'synaprune[dask]'"
    )


def test_a_worker_with_other_software_is_no_help():
    from synaprune.engine import cluster, work
    from synaprune.engine.plan import plan

    study = quick_study().resolve()
    job = work.Job(study, plan(study).block(0), {})
    for name in ("torch", "pyarrow", "synaprune"):
        failed, _ = cluster._remote(job, {name: "99"})
        line = rf"als_standard-00000000: a Dask worker has {name} .+, not 99"
        assert re.fullmatch(line, failed.line)


def test_a_lost_scheduler_ends_the_run_which_can_go_on_elsewhere(cluster, tmp_path):
    def kill(event):
        if event.blocks == 2:
            cluster.scheduler.kill()

    long = quick_study(patients=48)
    with pytest.raises(RunError) as lost:
        synaprune.run(long, tmp_path / "lost", dask=cluster.address, on_progress=kill)
    assert str(lost.value) == f"dask: the scheduler at {cluster.address} is gone"
    assert 2 <= len(read_manifest(tmp_path / "lost").blocks) < 24
    assert synaprune.run(long, tmp_path / "lost", workers=1, resume=True).manifest.complete
