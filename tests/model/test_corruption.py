from math import sqrt

import pytest
import torch

from synaprune.model.kernels import cpu
from synaprune.model.mechanisms.corruption import corrupt, corruption
from synaprune.model.mechanisms.corruption import text as text_corruption
from synaprune.model.mechanisms.damage import add, drift, fade
from synaprune.model.mechanisms.flare_corruption import text as flare_corruption
from synaprune.model.mechanisms.pruning import pruning
from synaprune.model.registry import resolve


def test_full_strength_forgets_and_none_keeps():
    weight, chance = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, -1.0]])
    everything = torch.tensor([[True, True]])
    corrupt(weight, everything, *drift(0.0, 0.1), chance)
    assert weight.tolist() == [[1.0, 2.0]]
    corrupt(weight, everything, *drift(1.0, 0.1), chance)
    assert weight[0].tolist() == pytest.approx([0.3, -0.1])


def test_one_corruption_by_hand():
    weight = torch.tensor([[1.0, 2.0]], dtype=torch.float64)
    corrupt(
        weight,
        torch.tensor([[False, True]]),
        *drift(0.4, 0.1),
        torch.tensor([[5.0, 5.0]], dtype=torch.float64),
    )
    assert weight[0].tolist() == pytest.approx([1.0, 0.6 * 2 + sqrt(1 - 0.36) * 0.1 * 5])


def test_the_other_forms_by_hand():
    weight, chance = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, -1.0]])
    everything = torch.tensor([[True, True]])
    corrupt(weight, everything, *add(0.5, 0.1), chance)
    assert weight[0].tolist() == pytest.approx([1.15, 1.95])
    corrupt(weight, everything, *fade(0.5, 0.1), chance)
    assert weight[0].tolist() == pytest.approx([0.575, 0.975])


@pytest.mark.parametrize("mechanism", ["corruption", "flare_corruption"])
@pytest.mark.parametrize("form", ["text", "adding", "fading"])
def test_a_form_of_no_strength_changes_nothing(bench, mechanism, form):
    bench.do(pruning)
    bench.context.flare[:] = True
    before = [state.weight.clone() for state in bench.networks.layers]
    bench.do(resolve(mechanism, form), corruption_strength=0.0, flare_corruption=0.0)
    after = [state.weight for state in bench.networks.layers]
    assert all(map(torch.equal, after, before))
    bench.do(resolve(mechanism, form), corruption_strength=0.5, flare_corruption=0.5)
    assert not any(map(torch.equal, after, before))


@pytest.mark.parametrize("form", ["published", "text", "adding", "fading"])
def test_only_alive_neighbours_of_the_newly_pruned_change(bench, form):
    bench.do(pruning, pruning_slope=0.0)
    before = [state.weight.clone() for state in bench.networks.layers]
    bench.do(resolve("corruption", form), corruption_radius=1)
    for position, state in enumerate(bench.networks.layers):
        changed = state.weight != before[position]
        for run in range(4):
            marks = bench.context.newly_pruned[run, position]
            near = cpu.neighbours(marks, state.alive[run], 1).view(marks.shape)
            assert torch.equal(changed[run], near)


def test_the_published_noise_grows_with_the_load(bench):
    bench.do(pruning)
    bench.networks.aggregate[1, 1] = 0.7
    state = bench.networks.layers[1]
    before = state.weight.clone()
    bench.do(corruption, corruption_radius=1000)
    chance = bench.draws[0].normal("corruption", state.layer.shape, layer=state.layer.name)
    for run in (0, 1):
        added = 0.005 * (1 + bench.networks.aggregate[run, 1]) * chance * state.alive[run]
        assert torch.allclose(state.weight[run], before[run] + added, rtol=1e-12, atol=1e-15)


def test_the_strength_of_the_text_saturates_with_the_load(text_bench):
    text_bench.do(pruning)
    text_bench.networks.aggregate[:] = 20.0
    state = text_bench.networks.layers[1]
    before = state.weight[0].clone()
    text_bench.do(text_corruption, corruption_sd=0.0, corruption_radius=1000)
    ratio = state.weight[0][state.alive[0]] / before[state.alive[0]]
    assert ratio.tolist() == pytest.approx([1 - 0.85 / 2] * len(ratio))


def test_nothing_pruned_nothing_corrupted(bench):
    before = [state.weight.clone() for state in bench.networks.layers]
    bench.do(corruption)
    assert all(
        torch.equal(state.weight, weight)
        for state, weight in zip(bench.networks.layers, before, strict=True)
    )


def test_a_flare_corrupts_all_survivors_of_its_layer_alone(bench):
    bench.do(pruning)
    bench.context.flare[2, 3] = True
    before = [state.weight.clone() for state in bench.networks.layers]
    bench.do(flare_corruption)
    for position, state in enumerate(bench.networks.layers):
        changed = state.weight != before[position]
        for run in range(4):
            if (run, position) == (2, 3):
                assert torch.equal(changed[run], state.alive[run])
            else:
                assert not changed[run].any()


def test_repeated_corruption_ends_in_the_stated_spread():
    generator = torch.Generator().manual_seed(1)
    weight = torch.full((200, 200), 3.0)
    everything = torch.ones_like(weight, dtype=torch.bool)
    for _ in range(60):
        corrupt(weight, everything, *drift(0.3, 0.1), torch.randn(200, 200, generator=generator))
    # sd of 40,000 numbers has a relative standard error of 0.35 %; five of them
    assert float(weight.std()) == pytest.approx(0.1, rel=0.018)
    assert abs(float(weight.mean())) < 5 * 0.1 / 200
