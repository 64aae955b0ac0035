"""Calibrations of different forms, run on the same fresh patients of a small circuit."""

import pandas as pd
import pytest
from made_up_calibration import made_up_calibration
from small_calibration import shown_by, small_asked, small_preset, small_setting, small_space

from synaprune.calibration.findings import alternatives
from synaprune.calibration.findings.alternatives import write_structure
from synaprune.calibration.search.asked import with_forms
from synaprune.calibration.space.candidate import Candidate
from synaprune.engine.here import Here
from synaprune.errors import InputError

FRESH = 9


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The paper's forms and a calibration without corruption; the paper's forms are the truth."""
    targets = shown_by(Candidate(small_preset()), small_setting(seed=FRESH))
    question = small_asked(targets, small_space("flare_threshold"))
    paper = made_up_calibration(tmp_path_factory.mktemp("paper"), question)
    calm = small_asked(
        targets, question.space, preset=with_forms(small_preset(), ["flare_corruption=off"])
    )
    return paper, made_up_calibration(tmp_path_factory.mktemp("calm"), calm), question


def test_the_true_form_is_best_and_nothing_is_computed_twice(folders, monkeypatch):
    paper, calm, _ = folders
    setting = small_setting(seed=FRESH)
    write_structure(paper, {"calm": calm}, setting, Here())
    path = paper / "tables" / "structure.csv"
    table = pd.read_csv(path)
    assert table["name"].tolist() == ["this calibration", "calm"]
    assert table["loss"][0] < table["loss"][1]
    assert table["simplest"].tolist() == [True, False]
    assert table["forms"].tolist() == ["paper", "flare_corruption=off"]
    assert table["parameters"].tolist() == [8, 8]
    assert set(table["patients"]) == {4}
    assert table["worse_by"][1] > 0.1
    before = path.read_bytes()
    monkeypatch.setattr(alternatives, "evaluated_courses", None)
    write_structure(paper, {"calm": calm}, setting, Here())
    assert path.read_bytes() == before


def test_mistakes_are_one_line(folders, tmp_path):
    paper, calm, question = folders
    with pytest.raises(InputError) as told:
        write_structure(paper, {"calm": calm}, small_setting(seed=5), Here())
    assert str(told.value) == (
        f"{paper}: was calibrated on the patients of seed 5; give the comparison another seed"
    )
    other = small_asked(question.targets[:-1], question.space)
    made_up_calibration(tmp_path, other)
    with pytest.raises(InputError) as told:
        write_structure(paper, {"other": tmp_path}, small_setting(seed=FRESH), Here())
    assert str(told.value) == f"{tmp_path}: was calibrated to other targets"
