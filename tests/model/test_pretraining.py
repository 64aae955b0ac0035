from dataclasses import replace
from math import erf, sqrt
from typing import ClassVar

import oracle
import pytest
import torch

from synaprune.engine.randomness import Streams
from synaprune.model.adam import Adam
from synaprune.model.circuit import Circuit
from synaprune.model.pretraining import initial_parameters, pretrain
from synaprune.model.task import draw_batch, draw_task


def test_initial_weights_have_the_spread_of_a_linear_layer():
    circuit = Circuit.of_sizes()
    parameters = initial_parameters(circuit, Streams(1, 0))
    for position, layer in enumerate(circuit):
        bound = layer.inputs**-0.5
        weight = parameters[2 * position]
        assert weight.abs().max() <= bound
        # sd of a uniform is bound / sqrt(3), its relative standard error 0.45 / sqrt(n);
        # five of them: false alarm below 1e-6
        spread = float(weight.std()) / (bound / sqrt(3))
        assert abs(spread - 1) < 5 * 0.45 / sqrt(layer.connections)


def test_classes_are_balanced_and_split_four_to_one(constants):
    task = draw_task(replace(constants, samples=2000), Streams(1, 0))
    assert task.train_points.shape == (2, 1600)
    assert task.test_points.shape == (2, 400)
    labels = torch.cat([task.train_labels, task.test_labels])
    assert torch.bincount(labels).tolist() == [500] * 4


def test_clusters_stand_where_the_paper_puts_them(constants):
    task = draw_task(replace(constants, samples=4000, cluster_sd=0.1), Streams(1, 0))
    for label, centre in enumerate([(1, 1), (1, -1), (-1, 1), (-1, -1)]):
        mean = task.train_points[:, task.train_labels == label].mean(dim=1)
        assert torch.allclose(mean, torch.tensor(centre, dtype=mean.dtype), atol=0.03)


def test_no_classifier_beats_the_bound_that_fixed_the_cluster_spread():
    # the quadrant of a point is the best guess; it is right with Phi(1 / sd)^2
    best = (0.5 * (1 + erf(2 / sqrt(2)))) ** 2
    assert 0.954 < best < 0.956


def test_adam_is_the_one_of_torch(constants):
    draws = Streams(1, 0, dtype=torch.float64)
    mine, theirs = (draws.normal("start", (5, 4)) for _ in range(2))
    optimiser = torch.optim.Adam([theirs], lr=constants.pretraining_learning_rate)
    adam = Adam([mine], constants)
    for step in range(20):
        theirs.grad = draws.normal("gradient", (5, 4), step=step)
        optimiser.step()
        adam.steps += 1
        adam.step(0, theirs.grad)
    assert torch.allclose(mine, theirs, rtol=1e-13, atol=1e-15)


def test_pretraining_learns_and_leaves_no_gradient(tiny, constants):
    draws = Streams(1, 0)
    circuit = Circuit.of_sizes(tiny)
    easy = replace(constants, samples=400, pretraining_steps=200, pretraining_learning_rate=0.01)
    person = pretrain(circuit, easy, draws)
    assert person.accuracy_percent > 88
    assert all(parameter.grad is None for parameter in person.parameters)
    again = pretrain(circuit, easy, draws)
    for one, other in zip(person.parameters, again.parameters, strict=True):
        assert torch.equal(one, other)


def test_pretraining_in_bfloat16_comes_to_the_same(constants):
    circuit = Circuit.of_sizes({"prefrontal_limbic": 192, "upper_motor": 192})  # large enough
    easy = replace(constants, samples=1000, pretraining_steps=40, pretraining_learning_rate=0.003)
    exact, rounded = (pretrain(circuit, easy, Streams(1, 0), half=half) for half in (False, True))
    assert exact.accuracy_percent > 90
    # two networks that differ by chance alone: five standard errors on 200 points each
    error = 100 * sqrt(2 * 0.05 * 0.95 / 200)
    assert abs(exact.accuracy_percent - rounded.accuracy_percent) < 5 * error
    assert not torch.equal(exact.parameters[2], rounded.parameters[2])
    for one, other in zip(exact.parameters[::2], rounded.parameters[::2], strict=True):
        assert float(one.std()) == pytest.approx(float(other.std()), rel=0.02)


def test_pretraining_is_adam_on_batches_without_noise(tiny, constants):
    """Against torch's own optimiser and automatic differentiation."""
    draws, circuit = Streams(1, 0, dtype=torch.float64), Circuit.of_sizes(tiny)
    few = replace(constants, pretraining_steps=3, pretraining_batch=10)
    task = draw_task(few, draws)
    theirs = initial_parameters(circuit, draws)
    optimiser = torch.optim.Adam(theirs, lr=0.001)
    for step in range(3):
        batch = draw_batch(draws, "pretraining_batch", 10, len(task.train_labels), step)
        found = oracle.gradients(
            circuit, theirs, task.train_points[:, batch], task.train_labels[batch]
        )
        for parameter, gradient in zip(theirs, found, strict=True):
            parameter.grad = gradient
        optimiser.step()
    person = pretrain(circuit, few, draws)
    for mine, other in zip(person.parameters, theirs, strict=True):
        assert torch.allclose(mine, other, rtol=1e-9, atol=1e-12)
    right = oracle.logits(circuit, theirs, task.test_points).argmax(1) == task.test_labels
    assert person.accuracy_percent == pytest.approx(100 * float(right.double().mean()))


class Recording(Streams):
    """Draws that record what they are for."""

    purposes: ClassVar[set[str]] = set()

    def normal(self, purpose, shape, **name):
        self.purposes.add(purpose)
        return super().normal(purpose, shape, **name)


@pytest.mark.parametrize("sd", [0.0, 0.05])
def test_noise_of_pretraining_is_drawn_where_a_study_asks_for_it(tiny, constants, sd, monkeypatch):
    monkeypatch.setattr(Recording, "purposes", set())
    few = replace(constants, pretraining_steps=1, pretraining_noise=sd)
    pretrain(Circuit.of_sizes(tiny), few, Recording(1, 0))
    noise = {"pretraining_noise", "pretraining_evaluation"} if sd else set()
    assert Recording.purposes == {"cluster"} | noise
