from math import floor

import numpy as np
import pytest
import torch

from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.mechanisms.pruning import pruning, text
from synaprune.model.mechanisms.rates import pruning_rate, text_pruning_rate
from synaprune.model.networks import Networks
from synaprune.model.pretraining import initial_parameters
from synaprune.model.registry import resolve

#: Form of pruning -> whether biases go, too.
FORMS = {"published": False, "pruning_biases": True, "text": True, "sparing_biases": False}


@pytest.mark.parametrize(("form", "biases"), FORMS.items())
def test_the_stated_share_goes_and_is_zero(bench, form, biases):
    bench.do(resolve("pruning", form), pruning_slope=0.0, rate_cap=0.5)
    for position, state in enumerate(bench.networks.layers):
        for run in range(4):
            dead = ~state.alive[run]
            assert int(dead.sum()) == floor(0.2 * state.layer.connections)
            assert torch.count_nonzero(state.weight[run][dead]) == 0
            assert torch.equal(bench.context.newly_pruned[run, position], dead)
            gone = floor(0.2 * state.layer.units) if biases else 0
            assert int((~state.bias_alive[run]).sum()) == gone
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


class StrongestFirst(Streams):
    """Draws by which chance takes the last positions."""

    def uniform(self, purpose, shape, *, layer="", step=0):
        return torch.linspace(1, 0, int(np.prod(shape)), dtype=torch.float64).view(shape)


def test_the_weak_share_is_truncated_as_floats_are(bench):
    """0.7 x 660 is 461.99..., so 461 of 660 are the weakest."""
    circuit = Circuit.of_sizes({"prefrontal_limbic": 60, "upper_motor": 44})
    draws = Streams(1, 0, dtype=torch.float64)
    bench.networks = Networks.of_patients(circuit, [initial_parameters(circuit, draws)], arms=1)
    bench.draws = [StrongestFirst(1, 0)]
    state = bench.networks.layers[1]
    state.weight[0] = torch.arange(1.0, 2641.0).view(44, 60)
    bench.context.disease.base_rate[:] = 0.25
    bench.do(pruning, pruning_slope=0.0)
    gone = torch.nonzero(~state.alive[0].view(-1)).flatten().tolist()
    assert gone == [*range(461), *range(2640 - 199, 2640)]


def test_the_aggregate_rises_by_the_share_pruned(bench):
    bench.do(pruning, pruning_slope=0.0, aggregate_gain=2.0)
    for position, state in enumerate(bench.networks.layers):
        gone = floor(0.2 * state.layer.connections) / state.layer.connections
        assert bench.networks.aggregate[:, position] == pytest.approx([2.0 * gone] * 4)


def test_the_rate_by_hand(bench):
    def rate(load, base=0.2, *, flare=False, reduction=1.0):
        return float(pruning_rate(base, 4, load, flare, reduction, bench.constants))

    plain = 0.2 + 0.005 * 4
    assert rate(0.0) == rate(0.2) == plain  # at the threshold nothing is amplified
    assert rate(0.3) == pytest.approx(plain * 1.2)
    assert rate(1.0) == pytest.approx(plain * 2.6)
    assert rate(0.3, flare=True) == pytest.approx(plain * 1.2 * 2)
    assert rate(0.3, reduction=0.6) == pytest.approx(plain * 1.2 * 0.6)
    assert rate(1.0, flare=True) == 0.95


def test_the_rate_is_multiplied_in_the_published_order(bench):
    """Counts are truncated, so the last bit can decide whether one connection more goes."""
    numbers = np.random.default_rng(1).uniform(size=(200, 3)) * (0.1, 0.8, 1)
    other = 0
    for base, load, reduction in numbers.tolist():
        plain, toxicity = base + 0.005 * 4, 1.0 + 2.0 * (load - 0.2) if load > 0.2 else 1.0
        expected = plain * reduction * 2.0 * toxicity
        assert float(pruning_rate(base, 4, load, True, reduction, bench.constants)) == expected
        other += plain * toxicity * 2.0 * reduction != expected
    assert other > 0


def test_the_rate_of_the_text_by_hand(text_bench):
    def rate(base=0.2, *, flare=False, reduction=1.0):
        return text_pruning_rate(base, 4, 1.0, flare, reduction, text_bench.constants)

    plain = 0.2 * (1 + 0.0516849 * 4) * (1 + 0.632086 * 0.5)
    assert rate() == pytest.approx(plain)
    assert rate(base=0.1, flare=True) == pytest.approx(plain / 2 * 2.90563)
    assert rate(reduction=0.6) == pytest.approx(plain * 0.6)
    assert rate(base=1.0) == 0.5


@pytest.mark.parametrize(
    ("form", "rate_of"), [("published", pruning_rate), ("text", text_pruning_rate)]
)
def test_what_goes_follows_the_rate_of_each_run(bench, form, rate_of):
    bench.networks.aggregate[:] = 0.5
    bench.context.flare[1] = True
    bench.context.effects.pruning[2] = 0.6
    expected = [
        int(rate_of(0.2, 4, 0.5, run == 1, 0.6 if run == 2 else 1.0, bench.constants)
            * bench.networks.layers[0].layer.connections)
        for run in range(4)
    ]  # fmt: skip
    bench.do(resolve("pruning", form))
    layer = bench.networks.layers[0]
    gone = [layer.layer.connections - int(alive.sum()) for alive in layer.alive]
    assert gone == expected
    assert len(set(expected)) == 3


def half_dead(bench):
    """Kill half of a layer in run 0; give the layer."""
    state = bench.networks.layers[1]
    state.alive[0].view(-1)[: state.layer.connections // 2] = False
    state.bias_alive[0, :6] = False
    bench.networks.apply_masks()
    return state


def test_a_layer_at_the_wall_of_the_text_keeps_what_it_has(text_bench):
    state = half_dead(text_bench)
    text_bench.do(text, sparsity_wall=0.5)
    assert int(state.alive[0].sum()) == state.layer.connections // 2
    assert int(state.bias_alive[0].sum()) == 6
    assert (0, 1) not in text_bench.context.newly_pruned
    assert (1, 1) in text_bench.context.newly_pruned


def test_the_published_form_has_no_wall(bench):
    state = half_dead(bench)
    bench.do(pruning, sparsity_wall=0.5)
    assert int(state.alive[0].sum()) == 72 - floor(0.22 * 72)


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
