"""The shape of the disease in both presets, full circuit: what the paper is about.

Medians over virtual patients of one seed. A change that moves these is a numerical change.
"""

import numpy as np
import pytest

import synaprune
from synaprune.engine.patients import base_rate_factors
from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.counting import People, count
from synaprune.model.treatment import course
from synaprune.study import paper_study

ALS = ("als_standard", "als_bulbar", "als_limb", "als_mdd")
PRESETS = ("published", "from_text")


@pytest.fixture(scope="module", params=PRESETS)
def untreated(request, tmp_path_factory):
    study = synaprune.Study(name="course", profiles=["als_standard", "mdd", "control"],
                            arms={"untreated": []}, patients=3, seed=1,
                            preset=request.param)  # fmt: skip
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


@pytest.fixture(scope="module", params=PRESETS)
def counted(request):
    """Median total sparsity at the end of 64 patients, by ALS profile and treatment."""
    study = paper_study(1, 1).model_copy(update={"preset": request.param}).resolve()
    circuit, streams = Circuit.of_sizes(), [Streams(1, patient) for patient in range(64)]
    if study.mechanisms["flares"] == "published":
        chance = [s.series("flare", 0, 240).reshape(30, 8) for s in streams]
    else:
        chance = [[[float(s.at(t).uniform("flare", (1,)))] for t in range(30)] for s in streams]
    found = {}
    for name in ALS:
        profile, constants = study.profiles[name], study.constants_of(name)
        factors = np.array([base_rate_factors(circuit, constants, s) for s in streams])
        arms = [course(doses, study.drugs, 30, constants.drug_level_floor)
                for doses in study.arms.values()]  # fmt: skip
        counts = count(np.array(list(profile.base_rate.values())), profile.clearance, arms,
                       People(factors, np.array(chance)), circuit, constants,
                       study.mechanisms)  # fmt: skip
        alive = np.median(counts.alive[:, :, -1].sum(axis=-1), axis=0)
        found[name] = dict(zip(study.arms, alive.tolist(), strict=True))
    return request.param, found


def test_maintenance_keeps_the_most_connections_in_every_als_profile(counted):
    for profile, alive in counted[1].items():
        assert max(alive, key=alive.__getitem__) == "ketamine_maintenance", profile


def test_by_the_published_model_early_ketamine_ends_sparsest(counted):
    preset, found = counted
    if preset == "published":
        for profile, alive in found.items():
            assert min(alive, key=alive.__getitem__) == "ketamine_early", profile
