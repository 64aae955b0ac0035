"""Courses in bfloat16, small layers included: as exact as others, and nearly the same."""

import numpy as np
import pytest

from synaprune.engine.block import simulate_block
from synaprune.engine.plan import Block
from synaprune.model import kernels, products
from synaprune.model.cycle import choose_mechanisms
from synaprune.model.products.together import Together

#: Follow from counts of connections alone, and no weight decides how many go or come back.
COUNTED = ("total_sparsity_percent", "depression_score", "motor_integrity_percent")


@pytest.fixture
def simulate(make_study, monkeypatch, tmp_path):
    """Simulate a block of a small study; its layers count as large, its streams together do."""
    monkeypatch.setenv("SYNAPRUNE_CACHE", str(tmp_path))
    for threshold, weights in (("HALF_FROM", 60), ("PACKED_FROM", 60), ("TOGETHER_FROM", 100)):
        monkeypatch.setattr(products, threshold, weights)

    def block(precision="bfloat16", patients=(0, 1, 2), **changes):
        study = make_study(precision=precision, **changes).resolve()
        mechanisms = choose_mechanisms(study.mechanisms)
        there = range(patients[0], patients[-1] + 1)
        return simulate_block(study, Block(0, "als_standard", there), mechanisms).to_pandas()

    return block


def test_what_is_counted_is_the_same_and_what_is_learned_is_near(simulate, monkeypatch):
    joined = []
    monkeypatch.setattr(products, "Together", lambda *parts: joined.append(1) or Together(*parts))
    rounded, exact = simulate(), simulate("float32")
    assert joined
    for name in COUNTED:
        assert np.array_equal(rounded[name], exact[name])
    assert not np.array_equal(rounded["nfl_proxy"], exact["nfl_proxy"])
    # rounding shows in the last digits, until chaos amplifies it
    early = exact["cycle"] < 10
    assert np.allclose(rounded["nfl_proxy"][early], exact["nfl_proxy"][early], rtol=0.003)


def test_neighbours_in_a_block_and_other_arms_change_no_byte(simulate):
    whole = simulate()
    alone = simulate(patients=(1,))
    mine = whole[whole["patient"] == 1].reset_index(drop=True)
    assert mine.equals(alone)
    fewer = simulate(arms={"riluzole": "riluzole_continuous"})
    mine = whole[whole["arm"] == "riluzole"].reset_index(drop=True)
    for name in fewer.columns.drop("arm"):
        assert np.array_equal(mine[name], fewer[name]), name


def test_the_device_form_gives_nearly_the_same_course(simulate, monkeypatch):
    loops = simulate()
    monkeypatch.setattr(kernels, "cpu", kernels.device)
    monkeypatch.setattr(products, "SPARSE_BELOW", {"single": 0.0, "half": 0.0})
    tensors = simulate()
    for name in COUNTED:
        assert np.array_equal(tensors[name], loops[name])
    early = loops["cycle"] < 10
    assert np.allclose(tensors["nfl_proxy"][early], loops["nfl_proxy"][early], rtol=0.003)
