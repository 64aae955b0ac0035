import numpy as np
import pytest
import torch

from synaprune.model.mechanisms.excitotoxicity import excitotoxicity
from synaprune.model.mechanisms.pruning import pruning
from synaprune.model.mechanisms.retraining import retraining


def test_pruned_weights_and_biases_stay_exactly_zero(bench):
    bench.do(pruning)
    bench.do(excitotoxicity)
    bench.do(retraining, retraining_learning_rate=1.0)
    for state in bench.networks.layers:
        assert torch.count_nonzero(state.weight[~state.alive]) == 0
        assert torch.count_nonzero(state.bias[~state.bias_alive]) == 0


def test_a_drug_that_doubles_the_rate_doubles_the_step(bench):
    before = bench.networks.layers[1].weight.clone()
    bench.context.effects.learning_rate[1] = 2.0
    bench.do(retraining, retraining_steps=1, retraining_learning_rate=1e-3)
    step = bench.networks.layers[1].weight - before
    assert torch.allclose(step[1], 2 * step[0], rtol=1e-9, atol=1e-16)
    assert step[0].abs().max() > 0


def test_it_learns(bench):
    from synaprune.model.propagation import forward

    def loss(run):
        task = bench.context.tasks[0]
        shape = len(task.train_labels)
        noise = [np.zeros((layer.units, shape)) for layer in bench.networks.circuit]
        networks = bench.networks
        biases = [layer.bias for layer in networks.connections(run)]
        logits = forward(networks.circuit, networks.products(run), biases, task.train_points,
                         noise, [0.0] * 8, networks.memory(shape))  # fmt: skip
        return float(torch.nn.functional.cross_entropy(logits.T, task.train_labels))

    before = loss(0)
    bench.do(retraining, retraining_steps=100, retraining_learning_rate=0.1)
    assert loss(0) < before


def test_the_kept_gradient_is_the_mean_over_alive_inputs(bench):
    state = bench.networks.layers[1]
    state.alive[0, 0] = False
    state.alive[0, 1, 3:] = False
    bench.networks.apply_masks()
    weight = state.weight[0].clone()
    bench.do(retraining, retraining_steps=1, retraining_learning_rate=1.0)
    gradient = (weight - state.weight[0]).abs()
    assert float(state.gradient[0, 0]) == 0.0
    assert float(state.gradient[0, 1]) == pytest.approx(float(gradient[1, :3].mean()))
    assert float(state.gradient[0, 2]) == pytest.approx(float(gradient[2].mean()))


def test_no_step_no_change(bench):
    before = [state.weight.clone() for state in bench.networks.layers]
    bench.do(retraining, retraining_steps=0)
    for state, weight in zip(bench.networks.layers, before, strict=True):
        assert torch.equal(state.weight, weight)
