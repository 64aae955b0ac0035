from math import floor

import numpy as np
import pytest
import torch

from synaprune.model.mechanisms.pruning import pruning
from synaprune.model.mechanisms.rates import (
    PENALTIES,
    dividing,
    regrowth_share,
    saturating,
    subtracting,
)
from synaprune.model.mechanisms.regrowth import regrowth
from synaprune.model.registry import resolve


@pytest.fixture
def pruned(bench):
    """Networks with losses, stress on the first neuron of each layer, and runs 1 and 3 treated."""
    bench.do(pruning, pruning_slope=0.0)
    bench.networks.aggregate[:] = 0.5
    for state in bench.networks.layers:
        state.stress[:, 0] = 1.0
        state.stress[:, 1:] = 0.5
    bench.context.effects.regrowth[[1, 3]] = 0.6
    return bench


def test_only_treated_runs_regrow_and_by_the_stated_number(pruned):
    before = [state.alive.clone() for state in pruned.networks.layers]
    pruned.do(regrowth, regrowth_share=0.5)
    for state, alive in zip(pruned.networks.layers, before, strict=True):
        assert torch.equal(state.alive[[0, 2]], alive[[0, 2]])
        dead = int((~alive[1]).sum())
        expected = floor(0.5 * (0.6 - 0.14 * 0.5) * dead)
        assert int((state.alive[1] & ~alive[1]).sum()) == expected
        assert not torch.any(alive & ~state.alive)


def test_the_most_stressed_neuron_comes_first(pruned):
    state = pruned.networks.layers[1]
    dead = ~state.alive[1].clone()
    of_first = int(dead[0].sum())
    pruned.do(regrowth, regrowth_share=of_first / int(dead.sum()) / 0.53 * 1.001)
    back = dead & state.alive[1]
    assert int(back.sum()) == int(back[0].sum()) == of_first > 0


def test_new_weights_have_the_stated_spread_and_biases_are_zero(pruned):
    state = pruned.networks.layers[1]
    dead, dead_bias = ~state.alive[1].clone(), ~state.bias_alive[1].clone()
    pruned.do(regrowth, regrowth_share=1.0, regrowth_sd=1e-6, regrowth_penalty=0.0)
    back, back_bias = dead & state.alive[1], dead_bias & state.bias_alive[1]
    assert back.any()
    assert back_bias.any()
    assert 0 < float(state.weight[1][back].abs().max()) < 1e-5
    assert torch.count_nonzero(state.bias[1][back_bias]) == 0


def test_the_penalty_needs_impaired_autophagy(pruned):
    def share(clearance, load):
        return regrowth_share(0.6, clearance, load, pruned.constants)

    assert share(0.05, 0.5) == pytest.approx(0.165 * (0.6 - 0.14 * 0.5))
    assert share(0.1, 0.5) == pytest.approx(0.165 * 0.6)
    assert share(0.05, 100.0) == 0.0


def test_the_forms_of_the_penalty_by_hand():
    assert subtracting(0.6, 0.5) == pytest.approx(0.1)
    assert saturating(0.6, 0.5) == pytest.approx(0.6 - 0.5 / 1.5)
    assert dividing(0.6, 0.5) == pytest.approx(0.6 / 1.5)
    assert (subtracting(0.6, 9.0), saturating(0.6, 9.0)) == (0.0, 0.0)


@pytest.mark.parametrize("form", ["paper", "saturating_penalty", "dividing_penalty"])
def test_the_count_of_what_returns_follows_the_form(pruned, form):
    state, run = pruned.networks.layers[1], 1
    before = int(state.alive[run].sum())
    load = float(pruned.networks.aggregate[run, 1])
    share = regrowth_share(float(pruned.context.effects.regrowth[run]),
                           pruned.context.clearance(run), load, pruned.constants,
                           PENALTIES[form])  # fmt: skip
    pruned.do(resolve("regrowth", form))
    back = int(state.alive[run].sum()) - before
    assert back == int(share * (state.layer.connections - before)) > 0


def test_a_drug_that_restores_clearance_lifts_the_penalty(pruned):
    state = pruned.networks.layers[1]
    pruned.networks.aggregate[:] = 100.0
    pruned.context.effects.clearance[1] = 3.0
    before = state.alive.clone()
    pruned.do(regrowth)
    assert not torch.equal(state.alive[1], before[1])
    assert torch.equal(state.alive[3], before[3])


def test_without_any_stress_it_still_works(pruned):
    for state in pruned.networks.layers:
        state.stress.zero_()
    pruned.do(regrowth)
    assert all(torch.isfinite(state.weight).all() for state in pruned.networks.layers)
    assert np.isfinite(pruned.networks.aggregate).all()
