"""Pretraining: a patient's healthy network before the disease starts (Simulation Procedure)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import torch
from torch import Tensor

from synaprune.model.adam import Adam
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.products import dense_product
from synaprune.model.propagation import accuracy, backward, draw_noise, forward, no_noise
from synaprune.model.signals import Memory, Signal, Slope
from synaprune.model.task import Task, draw_batch, draw_task


@dataclass(frozen=True, slots=True)
class Pretrained:
    """One patient before cycle 0.

    Attributes
    ----------
    parameters
        Weight and bias of each layer in turn.
    task
        The patient's points.
    accuracy_percent
        On the held-out points, at the noise of pretraining.
    """

    parameters: list[Tensor]
    task: Task
    accuracy_percent: float


def pretrain(
    circuit: Circuit, constants: Constants, draws: Draws, *, half: bool = False
) -> Pretrained:
    """Train one patient's network from its initial weights.

    Adam on batches without noise (published notebook). A batch of all points, and noise in all
    eight layers without vulnerability, are what the text allows as well (silent).

    Parameters
    ----------
    circuit
        The circuit.
    constants
        The model's constants.
    draws
        The patient's draws before the disease.
    half
        Whether products of large layers run in bfloat16; weights and steps stay as they are.
    """
    task = draw_task(constants, draws)
    parameters = initial_parameters(circuit, draws)
    optimiser = Adam(parameters, constants)
    weights, biases = parameters[::2], parameters[1::2]
    products = [dense_product(weight, torch.ones_like(weight, dtype=torch.bool), half=half)
                for weight in weights]  # fmt: skip
    noise_sd = [constants.pretraining_noise] * len(circuit)

    def noise_for(purpose: str, samples: int, step: int = 0) -> list[Any]:
        if constants.pretraining_noise:
            return draw_noise(circuit, draws, purpose, samples, step)
        return no_noise(circuit, samples, weights[0])

    def descend(position: int, slope: Slope, received: Signal) -> None:
        optimiser.step(2 * position, products[position].gradient(slope, received))
        optimiser.step(2 * position + 1, torch.as_tensor(slope.sums))
        products[position].follow()

    points = len(task.train_labels)
    size = min(constants.pretraining_batch, points)
    memory = Memory(circuit, size, weights[0], half=half)
    native = [kernels(bias).native(bias) for bias in biases]
    for step in range(constants.pretraining_steps):
        batch = draw_batch(draws, "pretraining_batch", size, points, step)
        noise = noise_for("pretraining_noise", size, step)
        forward(circuit, products, native, task.train_points[:, batch], noise, noise_sd, memory)
        optimiser.steps += 1
        backward(circuit, products, memory, task.train_labels[batch], descend)
    held_out = len(task.test_labels)
    noise = noise_for("pretraining_evaluation", held_out)
    logits = forward(circuit, products, native, task.test_points, noise, noise_sd,
                     Memory(circuit, held_out, weights[0], half=half))  # fmt: skip
    return Pretrained(parameters, task, accuracy(logits, task.test_labels))


def initial_parameters(circuit: Circuit, draws: Draws) -> list[Tensor]:
    """Draw weight and bias of each layer: U(-1/sqrt(inputs), 1/sqrt(inputs)).

    PyTorch's default for a linear layer (published notebook).
    """
    parameters = []
    for layer in circuit:
        bound = 1.0 / sqrt(layer.inputs)
        weight = draws.uniform("initial_weight", layer.shape, layer=layer.name)
        bias = draws.uniform("initial_bias", (layer.units,), layer=layer.name)
        parameters += [(2 * weight - 1) * bound, (2 * bias - 1) * bound]
    return parameters
