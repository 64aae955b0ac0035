"""The shape of the disease with the default preset, full circuit: what the paper is about.

Medians over virtual patients of one seed. A change that moves these is a numerical change.
"""

import numpy as np
import pytest

import synaprune
from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.space.candidate import Candidate, named_preset
from synaprune.calibration.space.setting import paper_setting
from synaprune.paper.scenarios import Scenario
from synaprune.study import library

ALS = ("als_standard", "als_bulbar", "als_limb", "als_mdd")


@pytest.fixture(scope="module")
def untreated(tmp_path_factory):
    study = synaprune.Study(name="course", profiles=["als_standard", "mdd", "control"],
                            arms={"untreated": []}, patients=5, seed=1)  # fmt: skip
    frame = synaprune.run(study, tmp_path_factory.mktemp("course") / "run").to_frame()
    names = ["accuracy_percent", "total_sparsity_percent"]
    return frame.groupby(["profile", "cycle"])[names].median()


@pytest.mark.slow
def test_als_is_silent_then_collapses(untreated):
    course = untreated.loc["als_standard"]
    assert (course["accuracy_percent"].loc[:4] > 85).all()
    assert course["accuracy_percent"][10] < 45
    assert 46 <= course["total_sparsity_percent"][5] <= 56
    assert 95 <= course["total_sparsity_percent"][29] <= 98


@pytest.mark.slow
def test_the_control_stays_and_depression_ends_between(untreated):
    assert untreated.loc[("control", 29), "accuracy_percent"] > 92
    assert untreated.loc[("control", 29), "total_sparsity_percent"] < 8
    assert 38 <= untreated.loc[("mdd", 29), "total_sparsity_percent"] <= 46


def test_maintenance_keeps_the_most_connections_in_every_als_profile():
    """Of 64 patients, counted: no weight decides how many connections there are."""
    treatments = tuple(library.treatments())
    courses = Counter(paper_setting(patients=4, seed=1), 64).courses(
        Candidate(named_preset("calibrated")), [Scenario(p, t) for p in ALS for t in treatments]
    )
    for profile in ALS:
        final = {
            t: float(np.median(courses[Scenario(profile, t)]["total_sparsity_percent"][:, -1]))
            for t in treatments
        }
        assert min(final, key=final.__getitem__) == "ketamine_maintenance", final
