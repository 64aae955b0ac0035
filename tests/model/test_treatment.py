import numpy as np
import pytest

from synaprune.model.treatment import course, levels
from synaprune.study import library


def test_ketamine_decays_as_computed_by_hand():
    # half-life 3 cycles: 2^(-1/3) = 0.793701, and 2^(-13/3) = 0.0496 is at or below 0.05
    level = levels([2], half_life=3, cycles=18, floor=0.05)
    assert level[:2].tolist() == [0, 0]
    assert level[2:6] == pytest.approx([1, 0.793700526, 0.629960525, 0.5], abs=1e-9)
    assert level[14] == pytest.approx(0.0625)
    assert level[15] == 0.0


def test_a_level_at_the_floor_is_no_effect():
    assert levels([0], half_life=1, cycles=3, floor=0.25).tolist() == [1, 0.5, 0]


def test_a_new_dose_resets_and_does_not_add():
    level = levels([0, 1], half_life=1, cycles=4, floor=0.05)
    assert level.tolist() == [1, 1, 0.5, 0.25]


def test_continuous_riluzole_stays_at_its_full_level():
    assert levels(range(30), half_life=2, cycles=30, floor=0.05).tolist() == [1] * 30


def test_effects_of_one_drug_by_hand():
    drugs = library.drugs()
    effects = course({"ketamine": (0,)}, drugs, cycles=4, floor=0.05)
    assert effects.noise[[0, 3]] == pytest.approx([0.5, 0.75])
    assert effects.pruning[[0, 3]] == pytest.approx([0.6, 0.8])
    assert effects.learning_rate[[0, 3]] == pytest.approx([2.0, 1.5])
    assert effects.regrowth[[0, 3]] == pytest.approx([0.6, 0.3])
    assert effects.clearance.tolist() == [1, 1, 1, 1]


def test_drugs_given_together_multiply_and_regrowth_adds():
    drugs = library.drugs()
    both = course({"ketamine": (1,), "riluzole": (0, 1)}, drugs, cycles=2, floor=0.05)
    assert both.noise == pytest.approx([0.7, 0.5 * 0.7])
    assert both.pruning == pytest.approx([0.85, 0.6 * 0.85])
    assert both.learning_rate == pytest.approx([1, 2])
    assert both.regrowth == pytest.approx([0, 0.6])


def test_the_drug_that_promotes_regrowth_guides_it():
    drugs = library.drugs()
    both = course({"ketamine": (1,), "riluzole": (0, 1)}, drugs, cycles=5, floor=0.05)
    assert both.guidance == pytest.approx([0, 1, 0.793700526, 0.629960525, 0.5])


def test_no_drug_changes_nothing():
    effects = course({}, {}, cycles=5, floor=0.05)
    for factor in (effects.noise, effects.pruning, effects.learning_rate, effects.clearance):
        assert np.array_equal(factor, np.ones(5))
    assert np.array_equal(effects.regrowth, np.zeros(5))
    assert np.array_equal(effects.guidance, np.zeros(5))
