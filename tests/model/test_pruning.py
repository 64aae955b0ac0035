from math import floor

import pytest
import torch

from synaprune.model.mechanisms.pruning import pruning
from synaprune.model.mechanisms.rates import pruning_rate


def test_the_stated_share_goes_and_is_zero(bench):
    bench.do(pruning, pruning_slope=0.0, rate_cap=0.5)
    for position, state in enumerate(bench.networks.layers):
        for run in range(4):
            dead = ~state.alive[run]
            assert int(dead.sum()) == floor(0.2 * state.layer.connections)
            assert torch.count_nonzero(state.weight[run][dead]) == 0
            assert torch.equal(bench.context.newly_pruned[run, position], dead)
            assert int((~state.bias_alive[run]).sum()) == floor(0.2 * state.layer.units)
            assert torch.count_nonzero(state.bias[run][~state.bias_alive[run]]) == 0


def test_seventy_percent_are_the_weakest(bench):
    before = bench.networks.layers[1].weight[0].abs().flatten()
    bench.do(pruning, pruning_slope=0.0)
    gone = torch.nonzero(~bench.networks.layers[1].alive[0].flatten()).flatten()
    count = floor(0.2 * len(before))
    weakest = torch.argsort(before)[: floor(0.7 * count)]
    assert set(weakest.tolist()) <= set(gone.tolist())
    rest = set(gone.tolist()) - set(weakest.tolist())
    assert len(rest) == count - floor(0.7 * count)
    # the rest is drawn, not the next weakest
    assert rest != set(torch.argsort(before)[floor(0.7 * count) : count].tolist())


def test_the_aggregate_rises_by_the_share_pruned(bench):
    bench.do(pruning, pruning_slope=0.0, aggregate_gain=2.0)
    for position, state in enumerate(bench.networks.layers):
        gone = floor(0.2 * state.layer.connections) / state.layer.connections
        assert bench.networks.aggregate[:, position] == pytest.approx([2.0 * gone] * 4)


def test_the_rate_by_hand(bench):
    def rate(base=0.2, *, flare=False, reduction=1.0):
        return pruning_rate(base, 4, 1.0, flare, reduction, bench.constants)

    plain = 0.2 * (1 + 0.112 * 4) * (1 + 1.15 * 0.5)
    assert rate() == pytest.approx(plain)
    assert rate(flare=True) == pytest.approx(min(0.5, plain * 1.13))
    assert rate(reduction=0.6) == pytest.approx(plain * 0.6)
    assert rate(base=1.0) == 0.5


def test_what_goes_follows_the_rate_of_each_run(bench):
    bench.networks.aggregate[:] = 1.0
    bench.context.flare[1] = True
    bench.context.effects.pruning[2] = 0.6
    expected = [
        int(pruning_rate(0.2, 4, 1.0, run == 1, 0.6 if run == 2 else 1.0, bench.constants)
            * bench.networks.layers[0].layer.connections)
        for run in range(4)
    ]  # fmt: skip
    bench.do(pruning)
    layer = bench.networks.layers[0]
    gone = [layer.layer.connections - int(alive.sum()) for alive in layer.alive]
    assert gone == expected
    assert len(set(expected)) == 3


def test_a_layer_at_the_wall_keeps_what_it_has(bench):
    state = bench.networks.layers[1]
    size = state.layer.connections
    state.alive[0].view(-1)[: size // 2] = False
    state.bias_alive[0, :6] = False
    bench.networks.apply_masks()
    bench.do(pruning, sparsity_wall=0.5)
    assert int(state.alive[0].sum()) == size - size // 2
    assert int(state.bias_alive[0].sum()) == 6
    assert (0, 1) not in bench.context.newly_pruned
    assert (1, 1) in bench.context.newly_pruned


def test_the_dead_stay_dead(bench):
    bench.do(pruning)
    dead = [~state.alive.clone() for state in bench.networks.layers]
    bench.do(pruning)
    for state, before in zip(bench.networks.layers, dead, strict=True):
        assert not torch.any(state.alive & before)


def test_twins_lose_the_same_connections_and_patients_do_not(bench):
    bench.do(pruning)
    alive = bench.networks.layers[1].alive
    assert torch.equal(alive[0], alive[1])
    assert not torch.equal(alive[0], alive[2])
