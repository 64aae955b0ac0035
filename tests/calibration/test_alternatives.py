"""Calibrations of different forms, verified on the same fresh patients of a small circuit."""

import pandas as pd
import pytest
from made_up_calibration import made_up_calibration
from small_calibration import ARMS, shown_by, small_asked, small_preset, small_setting, small_space

from synaprune.calibration.findings.alternatives import others, write_structure
from synaprune.calibration.findings.folder import Findings
from synaprune.calibration.search.asked import with_forms
from synaprune.calibration.search.record import BEST, VERIFICATION
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.targets.loss import loss
from synaprune.calibration.targets.observed import fits
from synaprune.engine import simulate
from synaprune.errors import InputError

FRESH = 9


def study(preset, seed=FRESH):
    return Candidate(preset).study(["als_standard"], ARMS, small_setting(seed), name="verification")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The text's forms and a calibration without flare corruption; the text's are the truth."""
    targets = shown_by(Candidate(small_preset()), small_setting(seed=FRESH))
    question = small_asked(targets, small_space("flare_threshold"))
    calm = small_asked(
        targets, question.space, preset=with_forms(small_preset(), ["flare_corruption=off"])
    )
    made = []
    for name, one in {"text": question, "calm": calm}.items():
        made.append(made_up_calibration(tmp_path_factory.mktemp(name), one))
        simulate.run(study(one.preset), made[-1] / VERIFICATION, workers=1)
    return *made, question


def test_the_true_form_is_best(folders):
    text, calm, question = folders
    found = others([f"calm={calm}"], text, question.targets, study(question.preset).document())
    write_structure(text, found)
    path = text / "tables" / "structure.csv"
    table = pd.read_csv(path)
    assert table["name"].tolist() == ["this calibration", "calm"]
    shown = loss(fits(question.targets, Findings.read(text).courses))
    assert table["loss"][0] == pytest.approx(shown, rel=1e-4)
    assert table["worse_by"][1] > 0.1
    assert table["simplest"].tolist() == [True, False]
    assert table["forms"].tolist() == ["text", "flare_corruption=off"]
    assert table["parameters"].tolist() == [8, 8]
    assert set(table["patients"]) == {4}
    assert Findings.read(text).table("structure") is not None
    other = Candidate(with_forms(small_preset(), ["stress=off"]))
    (text / BEST).write_text(other.to_yaml("x", "y"))
    assert Findings.read(text).table("structure") is None


def test_mistakes_are_one_line_before_a_search(folders, tmp_path):
    _, calm, question = folders
    fresh = study(question.preset).document()

    def told(*given, targets=question.targets, document=fresh, place=tmp_path / "c"):
        with pytest.raises(InputError) as error:
            others(given, place, targets, document)
        return str(error.value)

    assert told("calm") == "compare: must be NAME=FOLDER (got 'calm')"
    assert told(f"a={calm}", f"a={calm}") == "compare: the name 'a' is taken; give another"
    assert told(f"this calibration={calm}").startswith("compare: the name 'this calibration' is")
    assert told(f"a={calm}", place=calm) == f"compare: a is the calibration itself ({calm})"
    none = tmp_path / "none"
    assert told(f"a={none}") == f"{none}: no calibration there (no readable calibration.json)"
    assert told(f"a={calm}", targets=question.targets[1:]) == (
        f"{calm}: was calibrated to other targets"
    )
    assert told(f"a={calm}", document=study(question.preset, seed=8).document()) == (
        f"{calm}: was verified otherwise: seed is {FRESH} there, 8 here"
    )
    bare = made_up_calibration(tmp_path / "bare", question)
    assert told(f"a={bare}") == f"{bare}: no finished verification of its best values"
    with pytest.raises(InputError) as error:
        write_structure(bare, {})
    assert str(error.value) == f"{bare}: no verification that shows a target"
