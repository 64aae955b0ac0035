import oracle
import pytest
import torch

from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.pretraining import initial_parameters
from synaprune.model.products import Dense, Sparse, product
from synaprune.model.propagation import accuracy, backward, draw_noise, forward
from synaprune.model.signals import Memory


@pytest.mark.parametrize(("share", "form"), [(1.0, Dense), (0.5, Dense), (0.1, Sparse)])
@pytest.mark.parametrize("first", [True, False])
def test_gradients_equal_automatic_differentiation(tiny, share, form, first):
    circuit = Circuit.of_sizes(tiny)
    draws = Streams(5, 0, dtype=torch.float64)
    parameters = initial_parameters(circuit, draws)
    weights, biases = parameters[::2], parameters[1::2]
    alive = [draws.uniform("alive", layer.shape, layer=layer.name) < share for layer in circuit]
    for weight, mask in zip(weights, alive, strict=True):
        weight.mul_(mask)
    products = [product(weight, mask) for weight, mask in zip(weights, alive, strict=True)]
    assert isinstance(products[1], form)
    points = draws.normal("points", (2, 30))
    labels = draws.integers("labels", (30,), 4)
    noise = draw_noise(circuit, draws, "noise", 30)
    sd = [0.1 * (position + 1) for position in range(8)]
    seen = {}

    def visit(position, slope, received):
        assert slope.live == len(slope.single)
        seen[2 * position] = slope.single @ received.single.T
        seen[2 * position + 1] = torch.tensor(slope.sums)

    memory = Memory(circuit, 30, points, noise_first=first)
    native = [bias.numpy() for bias in biases]
    for _ in range(2):  # memory that was used before changes nothing
        forward(circuit, products, native, points, noise, sd, memory)
        backward(circuit, products, memory, labels, visit)

    added = [sd[i] * torch.from_numpy(unit) for i, unit in enumerate(noise)]
    expected = oracle.gradients(circuit, parameters, points, labels, added, first=first)
    for position, gradient in enumerate(expected):
        assert seen[position].shape == gradient.shape
        assert torch.allclose(seen[position], gradient, atol=1e-14, rtol=1e-12)


def test_accuracy_counts_in_percent():
    logits = torch.eye(4)
    assert accuracy(logits.T, torch.tensor([0, 1, 2, 0])) == pytest.approx(75.0)


def test_without_noise_the_layers_are_rectified_and_the_logits_are_not(tiny):
    circuit = Circuit.of_sizes(tiny)
    draws = Streams(5, 0)
    parameters = initial_parameters(circuit, draws)
    whole = [torch.ones_like(weight, dtype=torch.bool) for weight in parameters[::2]]
    products = [Dense(*pair) for pair in zip(parameters[::2], whole, strict=True)]
    noise = draw_noise(circuit, draws, "noise", 50)
    memory = Memory(circuit, 50, parameters[0])
    logits = forward(circuit, products, [bias.numpy() for bias in parameters[1::2]],
                     draws.normal("points", (2, 50)), noise, [0.0] * 8, memory)  # fmt: skip
    assert all(float(received.single.min()) >= 0 for received in memory.received[1:])
    assert float(logits.min()) < 0
