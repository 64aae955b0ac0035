"""What fails: a block alone, a worker alone, the disk. The rest is kept and can be gone on with."""

import os
import pickle
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from durable_runs import files, quick_study, said, workers_of

import synaprune
from synaprune.engine import work
from synaprune.errors import InputError, NotFiniteError, RunError
from synaprune.results.manifest import read_manifest

MECHANISM = {"clearance": "test_durable"}


@pytest.fixture(scope="module")
def form():  # a closure travels to workers, which cannot import a test
    """Register a mechanism that does to patient 4 what a file says, and nothing without it."""
    state = {"order": ""}

    @synaprune.register("clearance", "test_durable")
    def obeys(networks, context, constants, draws):
        if draws[0].patient != 4 or context.cycle != 1 or not state["order"]:
            return
        path = Path(state["order"])
        order = path.read_text() if path.exists() else ""
        if order == "raise":
            raise ValueError("too\nsmall")
        if order == "not a number":
            networks.layers[0].weight[networks.active[0]] = float("nan")
        if order.startswith("die"):
            path.write_text("" if order == "die once" else order)
            os.kill(os.getpid(), signal.SIGKILL)

    return state


@pytest.fixture
def order(form, tmp_path):
    """A file whose text the mechanism obeys."""
    path = tmp_path / "order"
    form["order"] = str(path)
    yield path
    form["order"] = ""


@pytest.fixture
def study():
    return quick_study(mechanisms=MECHANISM, profiles=["als_standard"])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_block_stops_no_other_and_is_tried_again(study, order, tmp_path, workers):
    order.write_text("raise")
    seen = []
    folder = tmp_path / "run"
    with pytest.raises(RunError) as failed:
        synaprune.run(study, folder, workers=workers, on_progress=seen.append)
    line = failed.value.failures[0]
    assert failed.value.summary == "1 of 3 blocks failed"
    assert re.fullmatch(
        r"als_standard-00000004: ValueError: too small \(.*:[0-9]+, in obeys\)", line
    )  # fmt: skip
    assert f"failed: {line}" in [event.note for event in seen]
    manifest = read_manifest(folder)
    assert sorted(manifest.blocks) == [f"als_standard-0000000{n}.parquet" for n in (0, 8)]
    order.unlink()
    synaprune.run(study, folder, workers=1, resume=True)
    synaprune.run(study, tmp_path / "undisturbed", workers=1)
    assert files(folder) == files(tmp_path / "undisturbed")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_no_number_is_found_where_it_arose(study, order, tmp_path, workers):
    order.write_text("not a number")
    with pytest.raises(RunError) as failed:
        synaprune.run(study, tmp_path / "run", workers=workers)
    assert failed.value.failures == (
        "als_standard, patient 4, arm untreated, cycle 1, layer prefrontal_limbic: "
        "not a finite number",
    )
    assert len(read_manifest(tmp_path / "run").blocks) == 2
    order.unlink()
    synaprune.run(study, tmp_path / "run", workers=1, resume=True)
    synaprune.run(study, tmp_path / "undisturbed", workers=1)
    assert files(tmp_path / "run") == files(tmp_path / "undisturbed")


def test_the_command_line_lists_failures_and_ends_with_1(tmp_path, capsys, monkeypatch):
    (tmp_path / "study.yaml").write_text(quick_study().to_yaml())
    real = work.simulate_block

    def fails(study, block, *more):
        if block.patients.start == 4:
            raise NotFiniteError(block.profile, 5, "ketamine", 2, "bulbar")
        return real(study, block, *more)

    monkeypatch.setattr(work, "simulate_block", fails)
    monkeypatch.chdir(tmp_path)
    code, printed, error = said(capsys, "run", "study.yaml", "--out", "out", "--workers", 1)
    assert (code, printed) == (1, "")
    assert error.splitlines()[-3:] == [
        "synaprune: 2 of 6 blocks failed; go on with: "
        "synaprune run study.yaml --workers 1 --out out --resume",
        "  als_standard, patient 5, arm ketamine, cycle 2, layer bulbar: not a finite number",
        "  mdd, patient 5, arm ketamine, cycle 2, layer bulbar: not a finite number",
    ]
    assert not read_manifest(tmp_path / "out").complete
    monkeypatch.setattr(work, "simulate_block", real)
    options = ["run", "study.yaml", "--workers", "1", "--out", "out", "--resume"]
    assert said(capsys, *options)[0] == 0


def test_run_errors_travel_between_processes():
    first = NotFiniteError("als_standard", 3, "late", 12, "bulbar")
    again = pickle.loads(pickle.dumps(first))  # noqa: S301 - of our own making
    assert str(again) == str(first)
    assert (again.profile, again.patient, again.arm, again.cycle, again.layer) == (
        "als_standard", 3, "late", 12, "bulbar")  # fmt: skip
    listed = RunError("2 of 3 blocks failed", ["a: b", "c: d"])
    assert str(pickle.loads(pickle.dumps(listed))) == (  # noqa: S301
        "2 of 3 blocks failed:\n  a: b\n  c: d"
    )
    assert not isinstance(listed, InputError)


def test_a_listener_that_fails_is_no_failing_block(tmp_path):
    def fails(event):
        if event.cycles == 4:
            raise OSError("the listener's own")

    with pytest.raises(OSError, match="the listener's own"):
        synaprune.run(quick_study(), tmp_path / "run", workers=1, on_progress=fails)
    assert len(read_manifest(tmp_path / "run").blocks) == 1


def test_a_worker_that_dies_once_costs_nothing_but_time(study, order, tmp_path, capfd):
    order.write_text("die once")
    notes = []
    folder = tmp_path / "run"
    synaprune.run(study, folder, workers=2,
                  on_progress=lambda event: notes.append(event.note))  # fmt: skip
    order.unlink()
    notes = [note for note in notes if note]
    assert notes == ["als_standard-00000004: its process died, computed again"]
    assert capfd.readouterr() == ("", "")
    synaprune.run(study, tmp_path / "undisturbed", workers=1)
    assert files(folder) == files(tmp_path / "undisturbed")


def test_a_block_that_kills_three_workers_fails(study, order, tmp_path):
    order.write_text("die")
    with pytest.raises(RunError) as failed:
        synaprune.run(study, tmp_path / "run", workers=2)
    assert str(failed.value) == (
        "1 of 3 blocks failed:\n  als_standard-00000004: its process died 3 times "
        "(SIGKILL(-9)); is memory short?"
    )
    assert len(read_manifest(tmp_path / "run").blocks) == 2


@pytest.mark.parametrize("limit", [1_000, 3_200, 15_000])
def test_a_full_disk_ends_in_one_line_and_nothing_half_written(tmp_path, limit):
    study = tmp_path / "study.yaml"
    study.write_text(quick_study(profiles=["als_standard"], patients=8, cycles=12).to_yaml())
    command = [sys.executable, "-m", "synaprune", "run", study, "--workers", "1"]
    small = subprocess.run(
        [*command, "--out", "out"], cwd=tmp_path, check=False, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    last = small.stderr.splitlines()[-1]
    assert small.returncode == 1, small.stderr
    assert last.startswith("synaprune: out")
    assert "cannot be written (File too large)" in last
    assert last.endswith(f"run {study} --workers 1 --out out --resume")
    assert not [name for name in files(tmp_path / "out") if name.endswith(".unfinished")]
    given = synaprune.load_study(study)
    synaprune.run(given, tmp_path / "out", workers=1, resume=True)
    synaprune.run(given, tmp_path / "undisturbed", workers=1)
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_folder_that_becomes_unwritable_ends_the_run(tmp_path, workers):
    folder = tmp_path / "run"

    def harm(event):
        if event.blocks == 2 and (folder / "blocks").is_dir():
            (folder / "blocks").rename(tmp_path / "blocks")
            (folder / "blocks").write_text("in the way")

    with pytest.raises(RunError) as failed:
        synaprune.run(quick_study(), folder, workers=workers, on_progress=harm)
    assert str(failed.value).startswith(f"{folder}/blocks/")
    assert str(failed.value).endswith(
        ": cannot be written (Not a directory); 2 of 6 blocks are done"
    )
    (folder / "blocks").unlink()
    (tmp_path / "blocks").rename(folder / "blocks")
    assert synaprune.run(quick_study(), folder, workers=1, resume=True).manifest.complete


def test_workers_leave_signals_to_the_process_that_was_started(study, order, tmp_path):
    """A terminal sends Ctrl-C to all processes; one of them answers."""
    sent, notes = [], []

    def send(event):
        notes.append(event.note)
        if event.cycles and not sent:
            sent.extend(workers_of(os.getsid(0), parent=os.getpid()))
            for worker in sent:
                os.kill(worker, signal.SIGINT)

    results = synaprune.run(quick_study(patients=40), tmp_path / "run", workers=2, on_progress=send)
    assert len(sent) == 2
    assert results.manifest.complete
    assert not any(notes), "no worker died of it"
