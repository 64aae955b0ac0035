"""The whole command at a tiny circuit, aimed at what only networks show."""

import json
from pathlib import Path

import pandas as pd
import pytest
from small_calibration import CONSTANTS

from synaprune.cli.main import main
from tiny import TINY

STUDY = {"name": "s", "profiles": ["mdd"], "arms": {"none": []}, "patients": 1, "seed": 1,
         "circuit": TINY, "constants": CONSTANTS}  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with the files that are asked with; figures, which take long, are left out."""
    monkeypatch.setattr("synaprune.calibration.report.page.figures_of", lambda findings: [])
    monkeypatch.chdir(tmp_path)
    Path("study.yaml").write_text(json.dumps(STUDY))
    Path("space.yaml").write_text(
        "parameters:\n"
        "  slope: {path: constants.pruning_slope, low: 0.03, high: 0.25, stage: counts}\n"
        "  sd: {path: constants.corruption_sd, low: 0.05, high: 0.2, stage: networks}\n"
    )
    Path("targets.csv").write_text(
        "name,profile,treatment,readout,when,low,high,tolerance\n"
        "accuracy,mdd,untreated,accuracy_percent,final,30,60,5\n"
    )
    return tmp_path


def calibrate(out: str, *options: str, patients: int = 1) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["calibrate", "--study", "study.yaml", "--space", "space.yaml", "--targets",
              "targets.csv", "--trials", "1", "--workers", "1", "--verify-patients", str(patients),
              "--out", out, *options])  # fmt: skip
    assert ended.value.code == 0


@pytest.mark.slow
def test_what_is_asked_differently_when_resumed_is_verified_anew_and_compared(here: Path) -> None:
    calibrate("drift", "--form", "corruption=text", patients=2)
    calibrate("text")
    calibrate("text", "--resume", "--compare", "with drift=drift", patients=2)
    assert len(pd.read_csv("text/tables/structure.csv")) == 2
    page = (here / "text" / "report.html").read_text(encoding="utf-8")
    assert "with drift" in page
    assert "--verify-seed 2 --verify-patients 2 " in page
    assert json.loads(Path("text/verification/manifest.json").read_text())["status"] == "complete"


def test_sensitivity_where_no_target_is_counted(here: Path) -> None:
    calibrate("c", "--sensitivity", patients=0)
    assert not Path("c/tables/sensitivity.csv").exists()
    ranges = pd.read_csv(here / "c" / "tables" / "ranges.csv")
    assert ranges["verdict"].tolist() == ["too few trials"] * 2
    assert Path("c/report.html").exists()
