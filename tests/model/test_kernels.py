"""Compiled loops against plain tensor operations: the same choices, the same numbers."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from synaprune.engine.randomness import Streams
from synaprune.model.kernels import cpu, device
from synaprune.model.kernels.smallest import smallest

both = pytest.mark.parametrize("loops", [cpu, device], ids=["cpu", "device"])
COUNTS = st.integers(0, 12)


def layer(density, dtype=torch.float32, shape=(12, 10), seed=1):
    draws = Streams(seed, 0, dtype=dtype)
    alive = draws.uniform("alive", shape) < density
    weight = draws.normal("weight", shape) * alive
    # coarse numbers, so that ties happen
    return (weight * 8).round() / 8, alive, (draws.uniform("keys", shape) * 16).round() / 16


def assert_both_prune_the_same(density, weak, chance, seed, shape):
    results = []
    for loops in (cpu, device):
        weight, alive, keys = layer(density, seed=seed, shape=shape)
        left = int(alive.sum())
        first = min(weak, left)
        marks = loops.prune(weight, alive, keys, first, min(chance, left - first))
        assert int(marks.sum()) == first + min(chance, left - first)
        assert not torch.any(marks.view(alive.shape) & alive)
        results.append((weight, alive, marks))
    for mine, theirs in zip(*results, strict=True):
        assert torch.equal(mine, theirs)


@settings(deadline=None)
@given(st.sampled_from([0.0, 0.3, 1.0]), COUNTS, COUNTS, st.integers(0, 50))
def test_both_prune_the_same_ties_included(density, weak, chance, seed):
    assert_both_prune_the_same(density, weak, chance, seed, (12, 10))


@pytest.mark.parametrize("density", [0.2, 0.9])
@pytest.mark.parametrize(("weak", "chance"), [(0, 0), (30, 12), (200, 90), (0, 700), (1500, 700)])
def test_both_prune_large_layers_the_same(density, weak, chance):
    assert_both_prune_the_same(density, weak, chance, 3, (192, 50))


@settings(deadline=None, max_examples=60)
@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([2049, 5000, 9984]), st.integers(0, 2**31))
def test_the_smallest_of_many_are_those_of_a_stable_sort(density, share, size, seed):
    draws = Streams(seed, 0)
    keys = (draws.uniform("keys", (size,)) * 4096).round().numpy()  # some ties
    among = (draws.uniform("among", (size,)) < density).numpy()
    number = round(share * np.count_nonzero(among))
    may = np.flatnonzero(among)
    expected = np.zeros(size, bool)
    expected[may[np.argsort(keys[may], kind="stable")][:number]] = True
    assert np.array_equal(smallest(keys, among, number), expected)


def test_a_misleading_sample_changes_nothing():
    keys = torch.ones(9600)
    keys[::64] = 0.5  # the sample holds the smallest only
    keys[1:64] = 0.25
    marks = cpu.prune(torch.ones(9600), torch.ones(9600, dtype=torch.bool), keys, 0, 200)
    expected = (keys < 0.5) | (keys == 0.5) & (torch.cumsum(keys == 0.5, 0) <= 200 - 63)
    assert torch.equal(marks, expected)


@both
def test_hits_count_the_largest_logit(loops):
    logits = torch.tensor([[1.0, 5.0, -3.0], [2.0, 4.0, -2.0], [0.0, 3.0, -1.0]])
    assert loops.hits(logits, torch.tensor([1, 0, 0])) == 2


@settings(deadline=None)
@given(st.sampled_from([0.0, 0.3, 0.65, 0.9]), COUNTS, st.integers(0, 50))
def test_both_revive_the_same_ties_included(density, number, seed):
    results = []
    for loops in (cpu, device):
        _, alive, keys = layer(density, seed=seed)
        number = min(number, int((~alive).sum()))
        need = torch.tensor([0.5, 1.0] * 6)
        back = loops.revive(alive, need, keys, 0.5, number)
        assert len(back) == number
        results.append((alive, back.sort().values))
    for mine, theirs in zip(*results, strict=True):
        assert torch.equal(mine, theirs)


@both
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 70))
def test_the_neighbourhood_equals_its_definition(loops, marks, radius):
    near = [any(marks[max(0, i - radius) : i + radius + 1]) for i in range(len(marks))]
    alive = torch.arange(len(marks)) % 3 > 0
    found = loops.neighbours(torch.tensor(marks), alive, radius)
    assert torch.equal(found, torch.tensor(near) & alive)


@pytest.mark.parametrize(
    ("dtype", "rounded"), [(torch.float64, False), (torch.float32, False), (torch.float32, True)]
)
@pytest.mark.parametrize("first", [False, True])
def test_both_do_the_same_arithmetic(dtype, rounded, first):
    weight, alive, keys = layer(0.5, dtype)
    samples = Streams(2, 0, dtype=dtype)
    values, noise = samples.normal("v", (12, 7)), samples.normal("n", (12, 7))
    gradient, bias = samples.normal("g", (12, 10)), samples.normal("b", (12,))
    start = torch.zeros_like(values) if rounded else values
    results = []
    for loops in (cpu, device):
        see, put = loops.native, lambda *shape: torch.zeros(*shape, dtype=dtype)
        mine, other, half = weight.clone(), weight.clone(), weight.bfloat16()
        given_, slope, offset = start.clone(), start.clone(), start.clone()
        bits, back = values.bfloat16(), values.bfloat16()
        heard = torch.zeros(12, 7, dtype=torch.bool)
        sums, totals, loss, means = put(12), put(12), put(4, 7), put(12)
        average, whole, seen = gradient.abs(), torch.ones_like(weight), torch.ones_like(weight)
        units = see(torch.arange(12))
        loops.activate(
            see(given_), see(bits), see(bias), see(noise), 0.3, see(heard), rounded, rounded, first
        )
        loops.rectify_back(
            see(slope), see(back), see(noise > 0), see(sums), units, rounded, rounded, 0
        )
        loops.offset(see(offset), see(values.bfloat16()), see(bias), see(noise), 0.3, rounded)
        loops.sum_samples(see(noise), see(bits), see(totals), False)
        loops.loss_slope(
            see(values[:4].contiguous()), see(torch.tensor([0, 3, 2, 1, 1, 0, 2])), see(loss)
        )
        loops.corrupt(mine, alive, 0.9, 0.1, keys)
        loops.fade(mine, alive, 0.8)
        moments = torch.tensor(loops.moments(mine))
        loops.smooth(see(average), see(weight), 0.1)
        loops.mean_alive(see(gradient), see(alive), see(means))
        loops.descend_rows(see(mine), see(alive), see(gradient[:5]), units, 0.1)
        loops.descend_rows_measured(
            see(mine), see(alive), see(gradient[:5]), units, 0.1, see(whole)
        )
        if rounded:
            steps = see(gradient[:5].bfloat16()), units, 0.1
            loops.descend_half(see(other), see(half), see(alive), *steps)
            loops.descend_half_measured(see(other), see(half), see(alive), *steps, see(seen))
            assert torch.equal(half, other.bfloat16())
        biases, tall = bias.clone(), alive[:, 0].contiguous()
        loops.descend_bias(see(biases), see(tall), see(samples.normal("s", (12,))), 0.1)
        assert torch.equal(biases[~tall], bias[~tall])
        assert loops.count(alive) == int(alive.sum())
        results.append(
            [
                given_,
                bits.to(dtype),
                heard,
                slope,
                back.to(dtype),
                sums,
                totals,
                loss,
                offset,
                moments,
                mine,
                means,
                average,
                whole,
                other,
                seen,
                biases,
            ]
        )
        loops.clear(mine, alive & (keys > 0.5))
        assert torch.count_nonzero(mine[~(alive & (keys > 0.5))]) == 0
    for mine, theirs in zip(*results, strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-5, atol=1e-6)


@both
def test_averages_of_magnitudes_by_hand(loops):
    values = torch.tensor([[1.0, -3.0, 5.0], [-2.0, 4.0, 6.0]])
    average, means = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 2.0]]), torch.ones(2)
    loops.smooth(loops.native(average), loops.native(values), 0.25)
    assert average.tolist() == [[1.0, 1.5, 1.25], [0.5, 1.0, 3.0]]
    alive = torch.tensor([[True, True, False], [False, False, False]])
    loops.mean_alive(loops.native(values), loops.native(alive), loops.native(means))
    assert means.tolist() == [2.0, 0.0]


@both
@pytest.mark.parametrize("half", [False, True])
def test_a_measured_step_leaves_the_dead_and_shows_every_gradient(loops, half):
    """Units 2 and 0 have a gradient; unit 1 was silent."""
    see = loops.native
    weight, whole = torch.ones(3, 2), torch.full((3, 2), 9.0)
    alive = torch.tensor([[True, False], [True, True], [False, True]])
    gradient, units = torch.tensor([[1.0, 2.0], [4.0, 8.0]]), torch.tensor([2, 0, 1])
    if half:
        bits, rows = weight.bfloat16(), see(gradient.bfloat16())
        loops.descend_half_measured(
            see(weight), see(bits), see(alive), rows, see(units), 0.5, see(whole)
        )
        assert torch.equal(bits[[0, 2]], weight[[0, 2]].bfloat16())
    else:
        loops.descend_rows_measured(
            see(weight), see(alive), see(gradient), see(units), 0.5, see(whole)
        )
    assert whole.tolist() == [[4.0, 8.0], [0.0, 0.0], [1.0, 2.0]]
    assert weight.tolist() == [[-1.0, 1.0], [1.0, 1.0], [1.0, 0.0]]


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=20))
def test_rounding_to_bfloat16_is_torchs(numbers):
    values = torch.tensor([numbers])
    bits, sums = torch.zeros(values.shape, dtype=torch.bfloat16), np.zeros(1, np.float32)
    cpu.sum_samples(cpu.native(values), cpu.native(bits), sums, True)
    assert torch.equal(bits, values.bfloat16())


def test_silent_units_are_left_out_in_order():
    slope, heard = torch.arange(20.0).reshape(5, 4) + 1, torch.ones(5, 4, dtype=torch.bool)
    heard[1] = heard[3] = False
    heard[2, 1:] = False
    sums, units = np.full(5, np.nan, np.float32), np.zeros(5, np.int64)
    nothing = np.empty((0, 0), np.uint16)
    live = cpu.rectify_back(slope.numpy(), nothing, heard.numpy(), sums, units, False, False, 1)
    assert live == 3
    assert units[:3].tolist() == [0, 2, 4]
    assert slope[:3].tolist() == [[1, 2, 3, 4], [9, 0, 0, 0], [17, 18, 19, 20]]
    assert sums.tolist() == [10, 0, 9, 0, 74]


def test_noise_and_choices_are_the_same_without_compilation():
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests/model')\n"
        "from test_kernels import layer\n"
        "from synaprune.engine.randomness import Streams\n"
        "from synaprune.model.kernels import cpu\n"
        "weight, alive, keys = layer(0.7)\n"
        "parts = [Streams(1, 0).normal('n', (1000,)), cpu.prune(weight, alive, keys, 9, 8),\n"
        "         weight, alive, cpu.neighbours(keys > 0.8, alive, 2),\n"
        "         cpu.revive(alive, weight[:, 0].contiguous(), keys, 0.5, 7)]\n"
        "print(hashlib.sha256(b''.join(p.numpy().tobytes() for p in parts)).hexdigest())"
    )
    import os

    said = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True,
                       env=os.environ | {"NUMBA_DISABLE_JIT": off}).stdout
        for off in ("0", "1")
    ]  # fmt: skip
    assert said[0] == said[1] != ""


def test_draws_are_left_alone():
    weight, alive, keys = layer(0.8)
    before = keys.clone()
    cpu.prune(weight, alive, keys, 5, 5)
    cpu.revive(alive, torch.ones(12), keys, 0.1, 5)
    assert torch.equal(keys, before)
    assert np.isfinite(keys.numpy()).all()
