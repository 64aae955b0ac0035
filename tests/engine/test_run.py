"""Running a study: folder, manifest, progress, mechanisms, bad places."""

import json
import re
import socket
import subprocess
import sys

import pytest
import torch

import synaprune
from synaprune.engine.plan import plan
from synaprune.errors import InputError
from synaprune.study import DEFAULT_PRESET

SMALL = {"patients": 2, "profiles": ["als_standard"], "arms": {"untreated": []}, "cycles": 3}


def test_the_plan_covers_every_patient_of_every_profile_once(make_study):
    study = make_study(patients=10).resolve()
    blocks = plan(study, 4)
    covered = [(block.profile, patient) for block in blocks for patient in block.patients]
    assert sorted(covered) == [(p, n) for p in ("als_standard", "mdd") for n in range(10)]
    assert [block.number for block in blocks] == list(range(6))
    assert len({block.name for block in blocks}) == 6


@pytest.mark.parametrize("patients", [1, 63, 64, 65, 300])
def test_large_studies_take_patients_in_turns(make_study, patients):
    blocks = list(plan(make_study(patients=patients).resolve(), 1))
    covered = [(block.profile, block.patients.start) for block in blocks]
    assert sorted(covered) == [(p, n) for p in ("als_standard", "mdd") for n in range(patients)]
    last_seen = {patient: number for number, (_, patient) in enumerate(covered)}
    first_seen = {patient: covered.index(("als_standard", patient)) for patient in last_seen}
    assert max(last_seen[p] - first_seen[p] for p in last_seen) <= 64


def test_the_manifest_says_with_what_and_not_who_or_where(make_study, tmp_path):
    results = synaprune.run(make_study(**SMALL), tmp_path / "run", workers=1)
    text = (results.folder / "manifest.json").read_text()
    manifest = json.loads(text)
    assert manifest["seed"] == 7
    assert manifest["preset"] == DEFAULT_PRESET
    assert manifest["threads"] == 1
    assert manifest["status"] == "complete"
    assert manifest["study_sha256"] == make_study(**SMALL).resolve().sha256()
    assert {"python", "synaprune", "torch", "numpy"} <= manifest["versions"].keys()
    assert manifest["cpu_model"]
    everything = b"".join(p.read_bytes() for p in results.folder.rglob("*") if p.is_file())
    for private in (str(tmp_path), socket.gethostname(), "/home", "/tmp"):  # noqa: S108
        assert private.encode() not in everything


def test_the_kept_study_reruns_the_same_bytes(make_study, tmp_path):
    first = synaprune.run(make_study(**SMALL), tmp_path / "one", workers=1)
    again = synaprune.run(
        synaprune.load_study(first.folder / "study.yaml"), tmp_path / "two", workers=1
    )
    assert again.manifest == first.manifest


def test_threads_of_the_caller_change_nothing_and_stay(make_study, tmp_path):
    one = synaprune.run(make_study(**SMALL), tmp_path / "one", workers=1)
    before = torch.get_num_threads()
    torch.set_num_threads(before + 1)
    try:
        more = synaprune.run(make_study(**SMALL), tmp_path / "more", workers=1)
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)
    assert more.manifest == one.manifest


def test_progress_reaches_the_end_and_never_goes_back(make_study, tmp_path):
    seen = []
    synaprune.run(make_study(**SMALL), tmp_path / "run", workers=1, on_progress=seen.append)
    assert seen[0] == synaprune.Progress(cycles=0, all_cycles=3, blocks=0, all_blocks=1)
    assert seen[-1] == synaprune.Progress(cycles=3, all_cycles=3, blocks=1, all_blocks=1)
    assert [event.cycles for event in seen] == sorted(event.cycles for event in seen)


def test_a_registered_mechanism_works_in_other_processes_too(make_study, tmp_path):
    @synaprune.register("clearance", "test_everything_goes")
    def everything_goes(networks, context, constants, draws):
        networks.aggregate[:] = 0.0

    study = make_study(**(SMALL | {"profiles": ["als_standard", "mdd"]}),
                       mechanisms={"clearance": "test_everything_goes"})  # fmt: skip
    for workers in (1, 2):
        results = synaprune.run(study, tmp_path / str(workers), workers=workers)
        assert (results.to_frame("layers")["aggregate"] == 0).all()


def test_a_worker_does_not_wait_for_pandas(make_study):
    """It takes a third of a second to load, in every process, and a block needs nothing of it."""
    code = (
        "import sys\n"
        "from synaprune.engine.plan import plan\n"
        "from synaprune.engine.work import Finished, Job, work\n"
        "from synaprune.model.cycle import choose_mechanisms\n"
        "from synaprune.study.yaml_source import read_text\n"
        "from synaprune.study import Study\n"
        "study = read_text(sys.stdin.read(), 'study').build(Study).resolve()\n"
        "done = work(Job(study, plan(study).block(0), choose_mechanisms(study.mechanisms)))\n"
        "print(isinstance(done, Finished), 'pandas' in sys.modules)"
    )
    study = make_study(**(SMALL | {"patients": 1}))
    done = subprocess.run([sys.executable, "-c", code], input=study.to_yaml(), check=True,
                          stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert done.stdout == "True False\n"


def test_nothing_is_printed(make_study, tmp_path, capfd):
    synaprune.run(make_study(**SMALL), tmp_path / "run", workers=1)
    assert capfd.readouterr() == ("", "")


def test_without_a_place_runs_get_new_folders(make_study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, two = (synaprune.run(make_study(**SMALL), workers=1) for _ in range(2))
    digest = make_study(**SMALL).resolve().sha256()[:8]
    assert re.fullmatch(rf"runs/\d{{4}}-\d\d-\d\d-tiny-{digest}", one.folder.as_posix())
    assert two.folder.as_posix() == one.folder.as_posix() + "-2"


def test_a_run_is_not_overwritten_unasked(make_study, tmp_path):
    place = tmp_path / "run"
    first = synaprune.run(make_study(**SMALL), place, workers=1)
    (place / "notes.txt").write_text("mine")
    derived = ("tables/t.csv", "csv/c.csv", "figures/f.svg", "report.html")
    for name in derived:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text("of the earlier run")
    with pytest.raises(InputError, match="holds a run already; give another folder, --resume"):
        synaprune.run(make_study(**SMALL), place, workers=1)
    other = synaprune.run(
        make_study(**(SMALL | {"patients": 1})), place, workers=1, overwrite=True
    )  # fmt: skip
    assert other.manifest.study_sha256 != first.manifest.study_sha256
    assert (place / "notes.txt").read_text() == "mine"
    assert not any((place / name).exists() for name in derived)


def test_a_folder_that_is_no_run_is_left_alone(make_study, tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(InputError, match="is not empty and not a run"):
        synaprune.run(make_study(**SMALL), tmp_path, workers=1, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


@pytest.mark.parametrize("below", ["file", "file/deeper"])
def test_a_place_below_a_file_is_refused(make_study, tmp_path, below):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"is a file"):
        synaprune.run(make_study(**SMALL), tmp_path / below, workers=1)


def test_a_missing_device_is_said_and_nothing_is_written(make_study, tmp_path):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    with pytest.raises(InputError, match="torch finds no CUDA device"):
        synaprune.run(make_study(**SMALL, device="cuda"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_workers_are_a_positive_number(make_study, tmp_path):
    with pytest.raises(InputError, match=r"workers: must be at least 1 \(got 0\)"):
        synaprune.run(make_study(**SMALL), tmp_path / "run", workers=0)
