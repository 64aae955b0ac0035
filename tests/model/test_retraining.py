import oracle
import pytest
import torch

from synaprune.engine.randomness import Streams
from synaprune.model.mechanisms.excitotoxicity import excitotoxicity
from synaprune.model.mechanisms.pruning import pruning
from synaprune.model.mechanisms.retraining import retraining
from synaprune.model.registry import resolve
from synaprune.model.task import draw_batch

both = pytest.mark.parametrize("form", ["published", "text"])


@both
def test_pruned_weights_and_biases_stay_exactly_zero(bench, form):
    bench.do(resolve("pruning", "text"))
    bench.do(excitotoxicity)
    bench.do(resolve("retraining", form), retraining_learning_rate=1.0)
    for state in bench.networks.layers:
        assert torch.count_nonzero(state.weight[~state.alive]) == 0
        assert torch.count_nonzero(state.bias[~state.bias_alive]) == 0


@both
def test_a_drug_that_doubles_the_rate_doubles_the_step(bench, form):
    before = bench.networks.layers[1].weight.clone()
    bench.context.effects.learning_rate[1] = 2.0
    bench.do(resolve("retraining", form), retraining_steps=1, retraining_learning_rate=1e-3)
    step = bench.networks.layers[1].weight - before
    assert torch.allclose(step[1], 2 * step[0], rtol=1e-9, atol=1e-16)
    assert step[0].abs().max() > 0


def parameters_of(bench, run):
    """Weight and bias of each layer in turn."""
    return [tensor[run].clone() for state in bench.networks.layers
            for tensor in (state.weight, state.bias)]  # fmt: skip


def test_it_learns(bench):
    task = bench.context.tasks[0]

    def loss():
        found = oracle.logits(bench.networks.circuit, parameters_of(bench, 0), task.train_points)
        return float(torch.nn.functional.cross_entropy(found, task.train_labels))

    before = loss()
    bench.do(retraining, retraining_steps=100, retraining_learning_rate=0.1)
    assert loss() < before


def test_a_batch_is_drawn_without_replacement():
    draws = Streams(1, 0)
    batch = draw_batch(draws, "batch", 16, 64, step=2)
    keys = draws.uniform("batch", (64,), step=2)
    assert batch.tolist() == sorted(torch.argsort(keys, stable=True)[:16].tolist())
    assert batch.tolist() != draw_batch(draws, "batch", 16, 64, step=1).tolist()
    assert draw_batch(draws, "batch", 100, 64, step=2).tolist() == list(range(64))


def test_steps_are_gradient_descent_on_those_batches_and_noise(bench):
    """Against automatic differentiation, masks applied after each step."""
    bench.do(pruning)
    bench.networks.apply_masks()
    bench.do(excitotoxicity)
    circuit, draws, task = bench.networks.circuit, bench.draws[0], bench.context.tasks[0]
    mine = parameters_of(bench, 0)
    masks = [tensor[0].clone() for state in bench.networks.layers
             for tensor in (state.alive, state.bias_alive)]  # fmt: skip
    for step in range(2):
        batch = draw_batch(draws, "batch", 16, len(task.train_labels), step)
        noise = [
            sd * draws.normal("retraining_noise", (layer.units, 16), layer=layer.name, step=step)
            for layer, sd in zip(circuit, bench.networks.noise[0].tolist(), strict=True)
        ]
        found = oracle.gradients(
            circuit, mine, task.train_points[:, batch], task.train_labels[batch], noise
        )
        mine = [(p - 0.05 * g) * m for p, g, m in zip(mine, found, masks, strict=True)]
    bench.do(retraining, retraining_steps=2, retraining_learning_rate=0.05)
    for position, state in enumerate(bench.networks.layers):
        assert torch.allclose(state.weight[0], mine[2 * position], rtol=1e-10, atol=1e-14)
        assert torch.allclose(state.bias[0], mine[2 * position + 1], rtol=1e-10, atol=1e-14)
        # the last step's gradient, that of pruned weights included
        assert torch.allclose(state.gradient[0], found[2 * position], rtol=1e-10, atol=1e-14)
        assert torch.count_nonzero(state.gradient[0][~state.alive[0]]) > 0


def test_a_gradient_that_nobody_reads_changes_no_weight(bench):
    bench.context.stress_reader = torch.tensor([True, False, False, False]).numpy()
    bench.do(retraining)
    assert torch.count_nonzero(bench.networks.layers[1].gradient[0]) > 0
    for state in bench.networks.layers:
        assert torch.equal(state.weight[0], state.weight[1])
        assert torch.count_nonzero(state.gradient[1:]) == 0


def test_no_step_no_change(bench):
    before = [state.weight.clone() for state in bench.networks.layers]
    bench.do(retraining, retraining_steps=0)
    for state, weight in zip(bench.networks.layers, before, strict=True):
        assert torch.equal(state.weight, weight)
