from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from synaprune.engine import philox, philox_device
from synaprune.engine.randomness import RANDOMNESS_VERSION, Streams

COUNT = 200_000
SAME = {"seed": 3, "patient": 2, "cycle": 4}


PINNED = {
    "uniform": [0.7278631925582886, 0.8647218346595764, 0.7495567798614502],
    "integers": [1164, 1383, 1199, 212],
    "normal": [-0.05143699795007706, -0.7953857183456421, 0.7583683729171753],
    "series": [0.8647218346595764, 0.7495567798614502, 0.13291245698928833],
}


def numbers(purpose="x", *, layer="l", step=0, kind="normal", **name):
    return getattr(Streams(**(SAME | name)), kind)(purpose, (64,), layer=layer, step=step)


def test_the_same_name_gives_the_same_numbers():
    assert torch.equal(numbers(), numbers())
    assert torch.equal(numbers(), Streams(3, 2).at(4).normal("x", (64,), layer="l"))


@pytest.mark.parametrize(
    "other",
    [{"seed": 4}, {"patient": 3}, {"cycle": 5}, {"cycle": None}, {"purpose": "y"},
     {"layer": "m"}, {"step": 1}, {"seed": 3 + 2**32}, {"seed": 3 + 2**62}, {"patient": 2 + 2**32}],
)  # fmt: skip
def test_every_part_of_the_name_counts_beyond_32_bits_too(other):
    purpose = other.pop("purpose", "x")
    assert not torch.equal(numbers(), numbers(purpose, **other))


def test_parts_of_a_name_cannot_be_confused():
    assert not torch.equal(numbers(patient=1, cycle=12), numbers(patient=11, cycle=2))


def test_numbers_that_change_only_with_the_version():
    assert RANDOMNESS_VERSION == 1
    draws = Streams(1, 0)
    assert draws.uniform("fixed", (3,)).tolist() == PINNED["uniform"]
    assert draws.integers("fixed", (4,), 1600).tolist() == PINNED["integers"]
    assert draws.normal("fixed", (3,)).tolist() == PINNED["normal"]
    assert draws.series("fixed", 1, 3).tolist() == PINNED["series"]


@given(st.integers(0, 300), st.integers(0, 40))
def test_a_series_is_one_endless_row_whatever_is_taken_of_it(start, count):
    row = Streams(1, 0).series("row", 0, 340)
    assert np.array_equal(Streams(1, 0, cycle=7).series("row", start, count), row[start:][:count])
    assert len(set(row.tolist())) == 340


def test_a_series_is_the_generator_s_words_counter_by_counter():
    key = np.array([1, 2, 3, 4], np.uint32)
    words = philox.words(key, 12).reshape(4, 3)  # one column a counter
    assert np.array_equal(philox.series(key, 0, 12), (words.T.reshape(-1) >> 8) / 2**24)


@pytest.mark.parametrize("other", [{"seed": 4}, {"patient": 3}, {"purpose": "y"}])
def test_another_name_is_another_series(other):
    purpose = other.pop("purpose", "x")
    mine = Streams(**SAME).series("x", 0, 50)
    assert not np.intersect1d(mine, Streams(**(SAME | other)).series(purpose, 0, 50)).size


def test_normals_are_normal():
    draw = Streams(11, 0).normal("many", (COUNT,)).numpy()
    # false alarm rate 1e-6 each
    assert stats.kstest(draw, "norm").pvalue > 1e-6
    assert abs(draw.mean()) < 4.9 / np.sqrt(COUNT)
    assert abs(draw.var() - 1) < 4.9 * np.sqrt(2 / COUNT)
    rows = draw.reshape(4, -1)  # two radii, each with its two coordinates
    for one, other in combinations(rows, 2):
        assert abs(np.corrcoef(one, other)[0, 1]) < 5.2 / np.sqrt(COUNT / 4)
        assert abs(np.corrcoef(one**2, other**2)[0, 1]) < 5.2 / np.sqrt(COUNT / 4)


def test_uniforms_are_uniform():
    draw = Streams(12, 0).uniform("many", (COUNT,)).numpy()
    assert stats.kstest(draw, "uniform").pvalue > 1e-6
    assert draw.min() >= 0
    assert draw.max() < 1


def test_integers_are_even():
    draw = Streams(13, 0).integers("many", (COUNT,), 7).numpy()
    assert stats.chisquare(np.bincount(draw, minlength=7)).pvalue > 1e-6


def test_streams_are_independent_of_each_other():
    first = Streams(1, 0).normal("many", (COUNT,)).numpy()
    second = Streams(1, 1).normal("many", (COUNT,)).numpy()
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.9 / np.sqrt(COUNT)


@pytest.mark.parametrize("shape", [(1,), (3,), (5, 7), (8192, 2), (16384 + 3,)])
def test_shapes_odd_and_even(shape):
    draw = Streams(1, 0).normal("shape", shape)
    assert draw.shape == shape
    assert torch.isfinite(draw).all()


def test_double_precision_holds_the_same_numbers():
    single = Streams(1, 0).normal("x", (10,))
    double = Streams(1, 0, dtype=torch.float64).normal("x", (10,))
    assert double.dtype == torch.float64
    assert torch.equal(single.double(), double)


def test_philox_gives_the_published_words():
    # known answer of the generator's authors for counter 0 and key 0
    found = philox.words(np.zeros(4, np.uint32), 1)[:, 0]
    assert [f"{word:08x}" for word in found] == ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]


@pytest.mark.parametrize("count", [1, 5, 1000, 40_003])
def test_a_device_makes_the_same_bits_as_compiled_loops(count):
    key = np.array([11, 2**32 - 1, 33, 2**31], np.uint32)
    compiled = philox.normals(key, count)
    assert np.array_equal(philox_device.normals(key, count, "cpu").numpy(), compiled)
    compiled = philox.uniforms(key, count)
    assert np.array_equal(philox_device.uniforms(key, count, "cpu").numpy(), compiled)


def test_radius_and_angle_are_those_of_box_and_muller():
    key = np.array([1, 2, 3, 4], np.uint32)
    words = philox.words(key, 4000).astype(float)
    radius = np.sqrt(-2 * np.log((words[0] + 1) * 2.0**-32))
    made = philox.normals(key, 4000).reshape(4, -1)
    angle = np.floor(words[1] / 2**30) * np.pi / 2 + (words[1] % 2**30 - 2**29) * np.pi / 2**31
    assert np.allclose(made[0], radius * np.cos(angle), atol=3e-6)
    assert np.allclose(made[1], radius * np.sin(angle), atol=3e-6)
