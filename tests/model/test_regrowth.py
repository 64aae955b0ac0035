from math import floor

import numpy as np
import pytest
import torch

from synaprune.model.mechanisms.pruning import pruning_biases
from synaprune.model.mechanisms.rates import (
    PENALTIES,
    dividing,
    regrowth_share,
    saturating,
    subtracting,
    text_regrowth_share,
)
from synaprune.model.mechanisms.regrowth import regrowth, text
from synaprune.model.registry import resolve


def stress_first(bench):
    """Lose connections, put stress on the first neuron of each layer, treat runs 1 and 3."""
    bench.do(pruning_biases, pruning_slope=0.0)
    bench.networks.aggregate[:] = 0.5
    for state in bench.networks.layers:
        state.stress[:, 0] = 1.0
        state.stress[:, 1:] = 0.5
    bench.context.effects.regrowth[[1, 3]] = 0.6
    bench.context.effects.guidance[[1, 3]] = 1.0
    return bench


@pytest.fixture
def pruned(bench):
    return stress_first(bench)


@pytest.fixture
def text_pruned(text_bench):
    return stress_first(text_bench)


def back_in(bench, run, mechanism=regrowth, position=1, **changed):
    """Marks of the connections of a layer that return in a run."""
    alive = bench.networks.layers[position].alive
    before = alive[run].clone()
    bench.do(mechanism, **changed)
    assert not torch.any(before & ~alive[run])
    return alive[run] & ~before


def test_the_share_by_hand(bench):
    def share(boost, load):
        return float(regrowth_share(boost, load, bench.constants))

    assert share(0.0, 0.0) == pytest.approx(0.02)
    assert share(0.6, 0.2) == pytest.approx(0.62 * 0.7)
    assert share(0.6, 2 / 3) == share(0.6, 5.0) == 0.0


def test_connections_return_in_every_arm_and_more_under_a_drug(pruned):
    before = [state.alive.clone() for state in pruned.networks.layers]
    pruned.do(regrowth, regrowth_base=0.5)
    for state, alive in zip(pruned.networks.layers, before, strict=True):
        for run, share in ((0, 0.5), (1, 1.1)):
            dead = int((~alive[run]).sum())
            assert int((state.alive[run] & ~alive[run]).sum()) == floor(share * 0.25 * dead)
        assert not torch.any(alive & ~state.alive)


def test_no_more_returns_than_is_dead(pruned):
    assert torch.equal(
        back_in(pruned, 1, regrowth_base=1.0, regrowth_penalty=0.0),
        pruned.context.newly_pruned[1, 1],
    )


def test_new_weights_have_the_stated_spread(pruned):
    state = pruned.networks.layers[1]
    back = back_in(pruned, 1, regrowth_sd=1e-6, regrowth_penalty=0.0)
    weight = pruned.draws[0].normal("regrowth_weight", state.layer.shape, layer=state.layer.name)
    assert back.any()
    assert torch.allclose(state.weight[1][back], 1e-6 * weight[back], rtol=1e-12)


@pytest.fixture
def first_neuron(pruned):
    """A drug strong enough that exactly the dead of the first neuron return in run 1."""
    dead = pruned.context.newly_pruned[1, 1]
    share = (int(dead[0].sum()) + 0.5) / int(dead.sum())
    pruned.context.effects.regrowth[1] = share - 0.02
    pruned.networks.aggregate[:] = 0.0
    return dead


def test_the_most_stressed_neuron_comes_first(pruned, first_neuron):
    back = back_in(pruned, 1)
    assert torch.equal(back[0], first_neuron[0])
    assert int(back.sum()) == int(back[0].sum()) > 0


def test_stress_is_the_mean_over_a_neurons_alive_inputs(pruned, first_neuron):
    """Neither what its dead inputs would have, nor how many are left, moves it up."""
    stress, alive = pruned.networks.layers[1].stress[1], pruned.networks.layers[1].alive[1]
    stress[5][~alive[5]] = 1e6
    stress[6] = 0.99
    alive[0, torch.nonzero(alive[0]).flatten()[1:]] = False  # a single input is left
    dead = int((~alive).sum())
    pruned.context.effects.regrowth[1] = (int((~alive[0]).sum()) + 0.5) / dead - 0.02
    back = back_in(pruned, 1)
    assert int(back.sum()) == int(back[0].sum()) > 0


@pytest.mark.parametrize(
    ("level", "greatest", "guides"),
    [(1.0, 1.0, True), (0.1001, 1.0, True), (0.1, 1.0, False), (0.0, 1.0, False),
     (1.0, 1e-5, True), (1.0, 0.99e-5, False)],
)  # fmt: skip
def test_without_enough_drug_or_stress_chance_alone_decides(
    pruned, first_neuron, level, greatest, guides
):
    state = pruned.networks.layers[1]
    pruned.context.effects.guidance[1] = level
    state.stress[1] *= greatest
    back = back_in(pruned, 1)
    order = pruned.draws[0].uniform("regrowth_order", state.layer.shape, layer=state.layer.name)
    late = torch.where(first_neuron, order, -1.0).view(-1)
    chance = torch.zeros(144, dtype=torch.bool)
    chance[torch.argsort(late, descending=True)[: int(back.sum())]] = True
    assert torch.equal(back, first_neuron & (torch.arange(12) == 0)[:, None]) == guides
    assert torch.equal(back.view(-1), chance) != guides


@pytest.mark.parametrize("form", ["published", "text"])
def test_without_any_stress_it_still_works(pruned, form):
    for state in pruned.networks.layers:
        state.stress.zero_()
    assert back_in(pruned, 1, resolve("regrowth", form), regrowth_penalty=0.1).any()
    assert all(torch.isfinite(state.weight).all() for state in pruned.networks.layers)
    assert np.isfinite(pruned.networks.aggregate).all()


def test_by_the_text_only_treated_runs_regrow(text_pruned):
    before = [state.alive.clone() for state in text_pruned.networks.layers]
    text_pruned.do(text, regrowth_share=0.5, regrowth_penalty=0.14)
    for state, alive in zip(text_pruned.networks.layers, before, strict=True):
        assert torch.equal(state.alive[[0, 2]], alive[[0, 2]])
        dead = int((~alive[1]).sum())
        expected = floor(0.5 * (0.6 - 0.14 * 0.5) * dead)
        assert int((state.alive[1] & ~alive[1]).sum()) == expected
        assert not torch.any(alive & ~state.alive)


def test_by_the_text_the_most_stressed_neuron_comes_first(text_pruned):
    state = text_pruned.networks.layers[1]
    dead = ~state.alive[1].clone()
    of_first = int(dead[0].sum())
    share = of_first / int(dead.sum()) / 0.53 * 1.001
    back = back_in(text_pruned, 1, text, regrowth_share=share, regrowth_penalty=0.14)
    assert int(back.sum()) == int(back[0].sum()) == of_first > 0


def test_by_the_text_biases_return_at_zero(text_pruned):
    state = text_pruned.networks.layers[1]
    dead_bias = ~state.bias_alive[1].clone()
    text_pruned.do(text, regrowth_share=1.0, regrowth_penalty=0.0)
    back = dead_bias & state.bias_alive[1]
    assert back.any()
    assert torch.count_nonzero(state.bias[1][back]) == 0


def test_the_published_form_leaves_biases_alone(pruned):
    before = pruned.networks.layers[1].bias_alive.clone()
    pruned.do(regrowth, regrowth_base=1.0)
    assert torch.equal(pruned.networks.layers[1].bias_alive, before)


def test_the_penalty_of_the_text_needs_impaired_autophagy(text_bench):
    def share(clearance, load):
        return text_regrowth_share(0.6, clearance, load, text_bench.constants)

    assert share(0.05, 0.5) == pytest.approx(0.118079 * (0.6 - 0.1002 * 0.5))
    assert share(0.1, 0.5) == pytest.approx(0.118079 * 0.6)
    assert share(0.05, 100.0) == 0.0


def test_the_forms_of_the_penalty_by_hand():
    assert subtracting(0.6, 0.5) == pytest.approx(0.1)
    assert saturating(0.6, 0.5) == pytest.approx(0.6 - 0.5 / 1.5)
    assert dividing(0.6, 0.5) == pytest.approx(0.6 / 1.5)
    assert (subtracting(0.6, 9.0), saturating(0.6, 9.0)) == (0.0, 0.0)


@pytest.mark.parametrize("form", PENALTIES)
def test_the_count_of_what_returns_follows_the_form(text_pruned, form):
    load = float(text_pruned.networks.aggregate[1, 1])
    share = text_regrowth_share(0.6, 0.05, load, text_pruned.constants, PENALTIES[form])
    dead = int((~text_pruned.networks.layers[1].alive[1]).sum())
    back = back_in(text_pruned, 1, resolve("regrowth", form))
    assert int(back.sum()) == int(share * dead) > 0


def test_a_drug_that_restores_clearance_lifts_the_penalty_of_the_text(text_pruned):
    state = text_pruned.networks.layers[1]
    text_pruned.networks.aggregate[:] = 100.0
    text_pruned.context.effects.clearance[1] = 3.0
    before = state.alive.clone()
    text_pruned.do(text)
    assert not torch.equal(state.alive[1], before[1])
    assert torch.equal(state.alive[3], before[3])
