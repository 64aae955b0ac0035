"""The command that repeats a calibration names all that it depends on."""

import json

import pytest
from made_up_calibration import asked, made_up_calibration, verified

from synaprune.calibration.findings.folder import Findings
from synaprune.calibration.report.words import _is_the_papers, rerun
from synaprune.calibration.search import record
from synaprune.calibration.search.asked import with_constants, with_forms
from synaprune.calibration.space.candidate import load_preset
from synaprune.calibration.space.setting import setting_of
from synaprune.calibration.space.space import Space, paper_space
from synaprune.study import Study
from tiny import TINY

AGAIN = ("--counts-trials 16 --refine 0 --trials 24 --patients 4 --seed 1 "
         "{} --out runs/again")  # fmt: skip


def again(*given, verify="--verify-patients 0"):
    return [" ".join(["synaprune calibrate", *given, AGAIN.format(verify)])]


def test_the_command_to_rerun(tmp_path):
    whole = verified(made_up_calibration(tmp_path / "whole"))
    verify = "--verify-seed 7 --verify-patients 5"
    assert rerun(Findings.read(whole)) == again("--preset from_text", verify=verify)
    question = asked(
        preset=with_forms(asked().preset, ["corruption=off"]),
        space=Space(paper_space().parameters[:-1]),
        targets=asked().targets[:-1],
    )
    folder = made_up_calibration(tmp_path / "own", question)
    assert rerun(Findings.read(folder)) == again(
        "--targets targets.csv --space space.yaml --preset from_text --form corruption=off"
    )
    assert not (folder / "start.yaml").exists()


OTHERWISE = {
    "cycles": 29, "precision": "bfloat16", "circuit": TINY, "device": "cuda",
    "arms": {"late": [{"drug": "ketamine", "from": 20}]}, "drugs": {"mine": {"half_life": 2}},
}  # fmt: skip


@pytest.mark.parametrize("what", [None, *OTHERWISE])
def test_whatever_a_study_decides_is_asked_of_a_study_again(what):
    keys = {"name": "own", "profiles": ["mdd"], "arms": {"untreated": []}, "patients": 2, "seed": 3}
    study = Study(**keys | ({what: OTHERWISE[what]} if what else {}))
    setting = json.loads(json.dumps(setting_of(study, 4, 1).document()))
    assert _is_the_papers(setting, asked().preset) == (what is None)


def test_a_start_that_is_not_built_in_is_kept_and_named(tmp_path):
    own = with_forms(with_constants(asked().preset, {"samples": 300}), ["corruption=adding"])
    folder = made_up_calibration(tmp_path, asked(preset=own))
    assert rerun(Findings.read(folder)) == again("--preset start.yaml")
    kept = load_preset(folder / "start.yaml")
    assert asked(preset=kept).document() == asked(preset=own).document()
    record.clear(folder)
    assert list(folder.iterdir()) == []
