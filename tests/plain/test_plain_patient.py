"""The plain network's draws, data, factors and forward pass, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from plain_cases import F64, SIZES, SMALL, Named

from plain_draws import TorchDraws, smallest
from plain_network import factors, pretrain
from plain_pretraining import INPUTS, Network, initialise, make_task


def test_the_lowest_positions_win_among_equal_keys():
    keys = torch.tensor([2.0, 1.0, 1.0, 0.0, 1.0])
    assert sorted(smallest(keys, 3, exact=True).tolist()) == [1, 2, 3]


@pytest.mark.parametrize("count", [0, 1, 17, 40])
def test_the_fast_selection_agrees_where_no_keys_are_equal(count):
    keys = torch.tensor(np.random.default_rng(3).permutation(40) / 40)
    fast = set(smallest(keys, count, exact=False).tolist())
    assert fast == set(smallest(keys, count, exact=True).tolist())
    assert len(fast) == count


def test_the_fast_provider_repeats_itself_and_keeps_its_ranges():
    one, two = (TorchDraws(5, torch.float32) for _ in range(2))
    assert torch.equal(one.normal("a", (5,)), two.normal("b", (5,), layer="output"))
    uniform = one.uniform("a", (1000,))
    assert uniform.dtype == torch.float32
    assert 0 <= float(uniform.min()) < float(uniform.max()) < 1
    whole = one.integers("batch", (1000,), 7)
    assert whole.dtype == torch.int64
    assert set(whole.tolist()) == set(range(7))


def test_points_stand_at_their_centres_in_the_order_of_the_split():
    split = [0.9, 0.0, 0.8, 0.1, 0.7, 0.2, 0.6, 0.3]
    noise = torch.zeros(8, 2)
    noise[3] = torch.tensor([2.0, -4.0])
    draws = Named(split=split, cluster=noise)
    constants = {**SMALL, "samples": 8, "test_share": 0.3, "cluster_distance": 3.0}
    task = make_task(draws, constants, F64)
    # classes of points 0 ... 7: 0 0 1 1 2 2 3 3; order of the split: 1 3 5 7 6 4 2 0
    assert task.test_classes.tolist() == [0, 1]
    assert task.train_classes.tolist() == [2, 3, 3, 2, 1, 0]
    assert task.test_points.tolist() == [[3, 3], [3 + 1, -3 - 2]]
    assert task.train_points[:2].tolist() == [[-3, 3], [-3, -3]]


def test_initial_weights_by_hand():
    network = Network(SIZES, F64)
    initialise(network, Named())
    layer = network["fine_motor"]
    u = Named().uniform("initial_weight", (4, 6), layer="fine_motor")
    assert torch.allclose(layer.weight, (2 * u - 1) / math.sqrt(6))
    assert layer.bias.abs().max() <= 1 / math.sqrt(6)
    assert network["prefrontal_limbic"].weight.shape == (12, INPUTS)
    assert network["output"].weight.shape == (4, 12)


def test_factors_by_hand():
    draws = Named(base_rate_factor=[0.0], vulnerability_factor=[0.75])
    rate, harm = factors(draws, ["bulbar", "output"], {"heterogeneity": 0.2})
    assert rate == {"bulbar": 0.8, "output": 0.8}
    assert harm == pytest.approx({"bulbar": 1.1, "output": 1.1})


def test_pretraining_solves_the_task():
    constants = {**SMALL, "samples": 400, "pretraining_epochs": 60}
    constants |= {"pretraining_learning_rate": 0.02, "cluster_sd": 0.3}
    assert pretrain(Named(), SIZES, constants, F64).accuracy_percent > 95
    untrained = pretrain(Named(), SIZES, {**constants, "pretraining_epochs": 0}, F64)
    assert untrained.accuracy_percent < 80


def test_a_forward_pass_by_hand():
    network = Network(dict.fromkeys(SIZES, 1) | {"output": 4}, F64)
    with torch.no_grad():
        for name, layer in network.named():
            layer.weight.fill_(-2.0 if name == "respiratory" else 1.0)
            layer.bias.fill_(-1.0 if name == "output" else 0.5)
        network["output"].weight.copy_(torch.tensor([1.0, 2.0, 4.0]))
    network.set_noise(0.1)
    noise = {"bulbar": 3.0, "output": -2.0}

    def normal(shape, *, layer):
        return torch.full(tuple(shape), noise.get(layer, 0.0), dtype=F64)

    # 1.5, 2, 2.5, 3; then bulbar 3.5 + 0.3, respiratory max(0, -5.5), fine motor 3.5
    logits = network(torch.tensor([[1.0, 0.0]], dtype=F64), normal)
    assert logits.tolist() == [pytest.approx([3.8 + 2 * 0.0 + 4 * 3.5 - 1.0 - 0.2] * 4)]
    # 0 (rectified), 0.5, 1, 1.5; then 2, 0, 2
    below = network(torch.tensor([[-9.0, 0.0]], dtype=F64), lambda s, *, layer: torch.zeros(s))
    assert float(below[0, 0].detach()) == pytest.approx(2.0 + 2 * 0.0 + 4 * 2.0 - 1.0)


def test_wrong_layers_are_refused():
    with pytest.raises(ValueError) as error:
        Network({"bulbar": 3})
    assert str(error.value) == (
        "sizes: needs exactly the layers prefrontal_limbic, upper_motor, lower_motor, "
        "neuromuscular_junction, bulbar, respiratory, fine_motor, output"
    )
