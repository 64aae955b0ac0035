import pytest
import torch
import torch.nn.functional as F

from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.pretraining import initial_parameters
from synaprune.model.propagation import accuracy, draw_noise, forward, gradients


def test_gradients_equal_automatic_differentiation(tiny):
    circuit = Circuit.of_sizes(tiny)
    draws = Streams(5, 0, dtype=torch.float64)
    parameters = initial_parameters(circuit, draws)
    points = draws.normal("points", (30, 2))
    labels = draws.integers("labels", (30,), 4)
    noise = draw_noise(circuit, draws, "noise", 30)
    sd = [0.1 * (position + 1) for position in range(8)]
    found = gradients(circuit, parameters, forward(circuit, parameters, points, noise, sd), labels)

    leaves = [parameter.clone().requires_grad_() for parameter in parameters]
    given = {}
    for i, layer in enumerate(circuit):
        received = torch.cat([given[n] for n in layer.fed_by], 1) if layer.fed_by else points
        z = F.linear(received, leaves[2 * i], leaves[2 * i + 1])
        given[layer.name] = (z if layer.name == "output" else F.relu(z)) + sd[i] * noise[i]
    F.cross_entropy(given["output"], labels).backward()
    for mine, leaf in zip(found, leaves, strict=True):
        assert mine.shape == leaf.shape
        assert torch.allclose(mine, leaf.grad, atol=1e-14, rtol=1e-12)


def test_accuracy_counts_in_percent():
    logits = torch.eye(4)
    assert accuracy(logits, torch.tensor([0, 1, 2, 0])) == pytest.approx(75.0)


def test_without_noise_the_layers_are_rectified_and_the_logits_are_not(tiny):
    circuit = Circuit.of_sizes(tiny)
    draws = Streams(5, 0)
    parameters = initial_parameters(circuit, draws)
    noise = draw_noise(circuit, draws, "noise", 50)
    done = forward(circuit, parameters, draws.normal("points", (50, 2)), noise, [0.0] * 8)
    assert all(float(received.min()) >= 0 for received in done.inputs[1:])
    assert float(done.logits.min()) < 0
