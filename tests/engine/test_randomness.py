import numpy as np
import pytest
import torch
from scipy import stats

from synaprune.engine.randomness import RANDOMNESS_VERSION, Streams

COUNT = 200_000
SAME = {"seed": 3, "patient": 2, "cycle": 4}


PINNED = {
    "uniform": [0.33685213327407837, 0.5285491347312927, 0.7601642608642578],
    "integers": [845, 1007, 989, 770],
    "normal": [0.0941486582159996, -0.7732798457145691, -1.472195029258728],
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
    # log, sine and cosine may differ in the last bit between processors
    assert draws.normal("fixed", (3,)).tolist() == pytest.approx(PINNED["normal"], rel=1e-6)


def test_normals_are_normal():
    draw = Streams(11, 0).normal("many", (COUNT,)).numpy()
    # false alarm rate 1e-6 each
    assert stats.kstest(draw, "norm").pvalue > 1e-6
    assert abs(draw.mean()) < 4.9 / np.sqrt(COUNT)
    assert abs(draw.var() - 1) < 4.9 * np.sqrt(2 / COUNT)
    half = COUNT // 2  # a radius and its two coordinates stand half the array apart
    assert abs(np.corrcoef(draw[:half], draw[half:])[0, 1]) < 4.9 / np.sqrt(half)
    assert abs(np.corrcoef(draw[:half] ** 2, draw[half:] ** 2)[0, 1]) < 4.9 / np.sqrt(half)


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
