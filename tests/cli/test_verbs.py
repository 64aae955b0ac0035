"""The verbs as a user meets them."""

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import pandas as pd
import pytest
from test_bad_input import said

import synaprune
from synaprune.cli.calibrate import calibrate
from synaprune.cli.campaign import resume_command
from tiny import TINY, TINY_CONSTANTS

STUDY = f"""\
name: small
profiles: [als_standard]
arms: {{untreated: [], maintenance: ketamine_maintenance}}
patients: 2
seed: 5
circuit: {json.dumps(TINY)}
constants: {json.dumps(TINY_CONSTANTS)}
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    return path


def test_init_writes_a_study_that_validates(tmp_path, capsys):
    path = tmp_path / "new.yaml"
    code, printed, _ = said(capsys, "init", path)
    assert code == 0
    assert "synaprune run" in printed
    code, printed, _ = said(capsys, "validate", path)
    assert code == 0
    assert "valid" in printed
    before = path.read_text()
    code, _, error = said(capsys, "init", path)
    assert (code, path.read_text()) == (2, before)
    assert "exists already" in error
    code, _, error = said(capsys, "init", tmp_path / "no" / "new.yaml")
    assert code == 2
    assert "cannot be written" in error


def test_validate_says_what_would_run_without_torch(study):
    code = (
        "import sys; from synaprune.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, "validate", study], check=True,
                          capture_output=True, text=True)  # fmt: skip
    digest = synaprune.load_study(study).resolve().sha256()[:8]
    assert done.stdout == (
        f"{study}: valid. profiles x arms x patients = 1 x 2 x 2 = 4 runs of 30 cycles, "
        f"study {digest}.\nFalse\n"
    )


def test_run_then_export(study, tmp_path, capsys):
    out = tmp_path / "out"
    code, printed, error = said(capsys, "run", study, "--out", out, "--workers", 1)
    assert code == 0, error
    assert "100 %" in error
    assert "chance" in printed.lower()
    assert "Research use only" in printed
    frame = synaprune.load_run(out).to_frame()
    assert len(frame) == 2 * 2 * 30
    code, printed, _ = said(capsys, "export", out)
    assert code == 0
    assert len(pd.read_csv(out / "csv" / "layers.csv")) == 8 * len(frame)


@pytest.mark.parametrize("verb", ["export", "figures", "report"])
def test_a_full_disk_is_not_the_users_fault(study, tmp_path, capsys, monkeypatch, verb):
    out = tmp_path / "out"
    synaprune.run(synaprune.load_study(study), out, workers=1)

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    for room in ("results.export", "figures.saving", "report.writing"):
        monkeypatch.setattr(f"synaprune.{room}.write_atomically", full)
    code, printed, error = said(capsys, verb, out)
    assert (code, printed) == (1, "")
    assert re.fullmatch(r"synaprune: \S+: cannot be written \(No space left on device\)\n", error)


def test_a_flag_goes_on_as_it_was_given():
    with calibrate.make_context("calibrate", ["--sensitivity", "--trials", "3", "--out", "c"]):
        line = resume_command(Path("c"))
    assert line.endswith(" calibrate --trials 3 --sensitivity --out c --resume")


def test_the_command_line_run_twice_gives_equal_files(study, tmp_path, capsys):
    for name in ("one", "two"):
        assert said(capsys, "run", study, "--out", tmp_path / name, "--workers", 1)[0] == 0
    ones = sorted(p for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len(ones) == 4
    for path in ones:
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == twin.read_bytes()


def test_constants_and_schema(capsys):
    code, printed, _ = said(capsys, "constants")
    assert code == 0
    assert "flare_threshold" in printed
    depression = printed.partition("in the profile mdd")[2].partition("in the profile")[0]
    assert re.search(r"noise_base +0\.03 +activation sd", depression)
    code, printed, error = said(capsys, "constants", "--preset", "calibrated")
    assert (code, printed) == (2, "")
    assert error == "synaprune: --preset: 'calibrated' is now 'from_text'\n"
    code, printed, _ = said(capsys, "schema")
    assert code == 0
    assert json.loads(printed)["properties"].keys() >= {"name", "profiles", "arms"}


@pytest.mark.slow
def test_the_demo_takes_less_than_half_a_minute(tmp_path, capsys):
    start = perf_counter()
    code, printed, _ = said(capsys, "demo", "--out", tmp_path / "demo")
    assert code == 0
    assert perf_counter() - start < 30
    assert "ketamine_maintenance" in printed
    assert "synaprune.load_run" in printed
    assert "arrow::open_dataset" in printed


def test_help_is_quick():
    """In processor time, against what its library for command lines takes alone.

    Help that loads torch, pandas or the model takes ten times that.
    """

    def seconds(*command):
        start = os.times()
        subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL,
                       env=os.environ)  # fmt: skip
        end = os.times()
        return end.children_user + end.children_system - start.children_user - start.children_system

    pairs = [
        (seconds("-m", "synaprune", "--help"), seconds("-c", "import rich_click")) for _ in range(7)
    ]
    assert median(ours / library for ours, library in pairs) < 4
