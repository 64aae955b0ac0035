"""Compiled loops against plain tensor operations: the same choices, the same numbers."""

import subprocess
import sys
from math import ceil

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from synaprune.engine.randomness import Streams
from synaprune.model.kernels import cpu, device
from synaprune.model.products import Dense, HalfDense, Sparse, product

both = pytest.mark.parametrize("loops", [cpu, device], ids=["cpu", "device"])
COUNTS = st.integers(0, 12)


def layer(density, dtype=torch.float32, shape=(12, 10), seed=1):
    draws = Streams(seed, 0, dtype=dtype)
    alive = draws.uniform("alive", shape) < density
    weight = draws.normal("weight", shape) * alive
    # coarse numbers, so that ties happen
    return (weight * 8).round() / 8, alive, (draws.uniform("keys", shape) * 16).round() / 16


@settings(deadline=None)
@given(st.sampled_from([0.0, 0.3, 1.0]), COUNTS, COUNTS, st.integers(0, 50))
def test_both_prune_the_same_ties_included(density, weak, chance, seed):
    results = []
    for loops in (cpu, device):
        weight, alive, keys = layer(density, seed=seed)
        left = int(alive.sum())
        first = min(weak, left)
        marks = loops.prune(weight, alive, keys, first, min(chance, left - first))
        assert int(marks.sum()) == first + min(chance, left - first)
        assert not torch.any(marks.view(alive.shape) & alive)
        results.append((weight, alive, marks))
    for mine, theirs in zip(*results, strict=True):
        assert torch.equal(mine, theirs)


@settings(deadline=None)
@given(st.sampled_from([0.0, 0.3, 0.9]), COUNTS, st.integers(0, 50))
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


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_both_do_the_same_arithmetic(dtype):
    weight, alive, keys = layer(0.5, dtype)
    samples = Streams(2, 0, dtype=dtype)
    values, noise = samples.normal("v", (12, 7)), samples.normal("n", (12, 7))
    gradient, bias = samples.normal("g", (12, 10)), samples.normal("b", (12,))
    results = []
    for loops in (cpu, device):
        mine, given_, slope = weight.clone(), values.clone(), noise.clone()
        loops.corrupt(mine, alive, 0.9, 0.1, keys)
        results.append([
            torch.tensor(loops.moments(mine)),
            loops.activate(given_, bias, noise, 0.3),
            loops.rectify_back(slope, noise > 0),
            loops.descend(mine, alive, gradient, 0.1),
            loops.loss_slope(values[:4], torch.tensor([0, 3, 2, 1, 1, 0, 2])),
            given_, slope, mine,
        ])  # fmt: skip
        assert loops.count(alive) == int(alive.sum())
        biases = bias.clone()
        loops.descend_bias(biases, alive[:, 0], samples.normal("s", (12,)), 0.1)
        assert torch.equal(biases[~alive[:, 0]], bias[~alive[:, 0]])
        results[-1].append(biases)
        loops.clear(mine, alive & (keys > 0.5))
        assert torch.count_nonzero(mine[~(alive & (keys > 0.5))]) == 0
    for mine, theirs in zip(*results, strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-5, atol=1e-6)


def test_a_unit_without_inputs_has_no_gradient():
    weight, alive, _ = layer(1.0)
    alive[3] = False
    for loops in (cpu, device):
        assert float(loops.descend(weight.clone(), alive, torch.ones(12, 10), 0.1)[3]) == 0.0
    sparse = Sparse(weight, alive, int(alive.sum()))
    assert float(sparse.descend_measured(torch.ones(12, 4), torch.ones(10, 4), 0.1)[3]) == 0.0


@pytest.mark.parametrize("density", [0.0, 0.03, 0.19])
@pytest.mark.parametrize("samples", [1, 7, 256])
def test_sparse_products_stay_within_a_hundred_thousandth_of_dense_ones(density, samples):
    draws = Streams(3, 0)
    alive = draws.uniform("alive", (64, 48)) < density
    weight = draws.normal("weight", (64, 48)) * alive
    other = weight.clone()
    dense, sparse = Dense(weight, alive), Sparse(other, alive, int(alive.sum()))
    received, slope = draws.normal("x", (48, samples)), draws.normal("s", (64, samples))
    for mine, theirs in (
        (sparse.forward(received), dense.forward(received)),
        (sparse.back(slope), dense.back(slope)),
        (
            sparse.descend_measured(slope, received, 1e-2),
            dense.descend_measured(slope, received, 1e-2),
        ),
        (other, weight),
    ):
        scale = max(1.0, float(theirs.abs().max()))
        assert float((mine - theirs).abs().max()) <= 1e-5 * scale
    assert torch.count_nonzero(other[~alive]) == 0


@pytest.mark.parametrize("form", [Dense, HalfDense])
def test_a_step_is_the_same_measured_or_not(form):
    draws = Streams(3, 0)
    alive = draws.uniform("alive", (64, 48)) < 0.6
    weight = draws.normal("weight", (64, 48)) * alive
    other = weight.clone()
    received, slope = draws.normal("x", (48, 32)), draws.normal("s", (64, 32))
    form(weight, alive).descend(slope, received, 1e-2)
    form(other, alive).descend_measured(slope, received, 1e-2)
    assert torch.allclose(weight, other, atol=1e-6)
    assert torch.count_nonzero(weight[~alive]) == torch.count_nonzero(other[~alive]) == 0


def test_the_form_follows_density_and_size_alone():
    def form(share, *, half=False, shape=(256, 128)):
        alive = torch.zeros(shape, dtype=torch.bool)
        alive.view(-1)[: ceil(share * alive.numel())] = True
        return type(product(torch.zeros(shape), alive, half=half))

    assert form(0.19) is Sparse
    assert form(0.2) is Dense
    assert form(0.05, half=True) is Sparse
    assert form(0.06, half=True) is HalfDense
    assert form(0.19, half=True, shape=(64, 128)) is Sparse
    assert form(0.2, half=True, shape=(64, 128)) is Dense


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
