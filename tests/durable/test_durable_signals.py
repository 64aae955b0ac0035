"""Ctrl-C and kill: a clean end within seconds, nobody left behind, and the line that goes on."""

import os
import shlex
import signal
import subprocess
import time

import pytest
from durable_runs import files, quick_study, start, workers_of

import synaprune
from synaprune.results.manifest import read_manifest


def wait_for(what, seconds=60):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def blocks(folder):
    """How many blocks are written."""
    return len(list((folder / "blocks").glob("*.parquet"))) if folder.exists() else 0


@pytest.mark.parametrize(
    ("workers", "sent", "to_all"),
    [(2, signal.SIGINT, True), (2, signal.SIGTERM, False), (1, signal.SIGINT, False)],
)
def test_an_interrupted_run_ends_cleanly_and_says_how_to_go_on(tmp_path, workers, sent, to_all):
    study = quick_study(patients=40)
    (tmp_path / "study.yaml").write_text(study.to_yaml())
    run = start("run", "study.yaml", "--workers", workers, cwd=tmp_path)
    place = tmp_path / "runs"
    # the manifest names a block once its file stands, so the last may still be missing there
    wait_for(lambda: place.exists() and blocks(next(place.iterdir())) >= 4)
    folder = next(place.iterdir())
    workers_before = workers_of(run.pid)
    assert len(workers_before) == (workers if workers > 1 else 0)
    before = time.monotonic()
    if to_all:
        os.killpg(run.pid, sent)
    else:
        run.send_signal(sent)
    printed, error = run.communicate(timeout=20)
    assert time.monotonic() - before < 5
    assert run.returncode == 130
    assert workers_of(run.pid) == []
    assert printed == ""
    (line,) = error.splitlines()
    assert line.startswith("synaprune: interrupted; go on with: ")
    assert 3 <= len(read_manifest(folder).blocks) < 20
    assert not [name for name in files(folder) if name.endswith(".unfinished")]
    command = shlex.split(line.removeprefix("synaprune: interrupted; go on with: "))
    assert command[-2:] == [folder.relative_to(tmp_path).as_posix(), "--resume"]
    if workers == 1:
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        synaprune.run(study, tmp_path / "undisturbed", workers=1)
        assert files(folder) == files(tmp_path / "undisturbed")


def test_an_interrupt_that_comes_out_of_compiled_code_as_an_error_still_interrupts(tmp_path):
    def listen(event):
        if event.cycles == 1:
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:  # as numba does when it is looking at types
                raise ValueError("could not determine type") from None

    with pytest.raises(KeyboardInterrupt):
        synaprune.run(quick_study(), tmp_path / "run", workers=1, on_progress=listen)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert read_manifest(tmp_path / "run").blocks == {}


def test_workers_end_when_their_leader_is_killed(tmp_path):
    (tmp_path / "study.yaml").write_text(quick_study(patients=400).to_yaml())
    run = start("run", "study.yaml", "--workers", 2, "--out", "out", cwd=tmp_path)
    wait_for(lambda: blocks(tmp_path / "out") >= 2)
    assert len(workers_of(run.pid)) == 2
    run.kill()
    run.wait()
    try:
        wait_for(lambda: workers_of(run.pid) == [], seconds=10)
    finally:
        for worker in workers_of(run.pid):
            os.kill(worker, signal.SIGKILL)
        run.communicate()
