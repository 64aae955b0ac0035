"""Every mistake on the command line: one line, exit code 2, nothing written."""

from pathlib import Path

import pytest

from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import paper_setting
from synaprune.calibration.verify import verification
from synaprune.cli.main import main
from synaprune.errors import InputError
from synaprune.study import library

TARGETS = "name,profile,treatment,readout,when,low,high,tolerance\n"
ROW = "a,mdd,untreated,nfl_proxy,final,50,60,8\n"
STUDY = "name: s\nprofiles: [mdd]\narms: {none: []}\npatients: 1\nseed: 1\ncycles: 14\n"

MISTAKES = {
    "profile": (["--targets", "t.csv"], ROW.replace("mdd", "mmd"),
                "target a: unknown profile 'mmd'; did you mean 'mdd'? allowed: als_standard, "
                "als_bulbar, als_limb, als_mdd, mdd, control"),
    "treatment": (["--targets", "t.csv"], ROW.replace("untreated", "untreted"),
                  "target a: unknown treatment 'untreted'; did you mean 'untreated'? allowed: "
                  "untreated, ketamine_every_5, ketamine_early, ketamine_late, "
                  "ketamine_maintenance, riluzole_continuous, riluzole_early"),
    "past the end": (["--targets", "t.csv"], ROW.replace("final", "mean 20-30"),
                     "target a: when: the course ends with cycle 29 (got 'mean 20-30')"),
    "no file": (["--targets", "none.csv"], ROW, "none.csv: cannot be read (No such file or "
                "directory)"),
    "no space": (["--space", "none.yaml"], ROW, "none.yaml: no such file"),
    "preset": (["--preset", "from_tex"], ROW, "preset: unknown preset 'from_tex'; did you mean "
               "'from_text'? allowed: from_text, published; or a file"),
    "former preset": (["--preset", "calibrated"], ROW, "preset: preset 'calibrated' is now "
                      "'from_text'"),
    "preset file": (["--preset", "none.yaml"], ROW, "none.yaml: no such file"),
    "form": (["--form", "corruption=of"], ROW, "form: unknown form 'of' of corruption; did you "
             "mean 'off'? allowed: published, off, adding, fading, text"),
    "uncounted form": (["--form", "regrowth=off"], ROW, "form.regrowth: off cannot be calibrated: "
                       "its counts are only known for the form published or text"),
    "same seed": (["--verify-seed", "7", "--seed", "7"], ROW,
                  "verify-seed: must not be the seed of the search (got 7)"),
    "course": (["--study", "s.yaml"], ROW, "verify-patients: courses of the paper have 30 cycles "
               "(got 14); leave the verification out with --verify-patients 0"),
    "comparison": (["--compare", "a"], ROW, "compare: must be NAME=FOLDER (got 'a')"),
    "no comparison": (["--compare", "a=b", "--verify-patients", "0"], ROW,
                      "--compare needs the verification: give --verify-patients"),
    "no sensitivity": (["--slices", "1"], ROW, "--trajectories and --slices are of the "
                       "sensitivity: give --sensitivity"),
    "too few trajectories": (["--sensitivity", "--trajectories", "1"], ROW, "trajectories: must be "
                             "at least 2 (got 1)"),
    "both": (["--resume", "--overwrite"], ROW, "--resume and --overwrite exclude each other"),
    "no trials": (["--trials", "0", "--counts-trials", "0"], ROW, "calibrate: no trials are left "
                  "to do, with these targets and trials"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line(
    mistake: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    options, row, line = MISTAKES[mistake]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TARGETS + row)
    (tmp_path / "s.yaml").write_text(STUDY)
    with pytest.raises(SystemExit) as ended:
        main(["calibrate", "--out", "c", *options])
    assert ended.value.code == 2
    assert capsys.readouterr().err.strip().startswith(f"synaprune: {line}")
    assert not (tmp_path / "c").exists()


def test_a_folder_with_something_else_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("dear")
    with pytest.raises(SystemExit):
        main(["calibrate", "--out", str(tmp_path), "--overwrite"])
    assert "is not empty and no calibration; give an empty or new folder" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text() == "dear"


def test_a_verification_needs_patients_that_the_search_never_saw() -> None:
    candidate = Candidate(library.presets()["from_text"])
    study = verification(candidate, paper_setting(4, 1), patients=16, seed=2)
    assert len(study.profiles) * len(study.arms) == 42
    assert (study.patients, study.seed) == (16, 2)
    with pytest.raises(InputError) as error:
        verification(candidate, paper_setting(4, 1), patients=16, seed=1)
    assert str(error.value) == (
        "verify-seed: must not be the seed of the search (got 1): the values were fitted to its "
        "patients"
    )
