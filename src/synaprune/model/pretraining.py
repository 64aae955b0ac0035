"""Pretraining: a patient's healthy network before the disease starts (Simulation Procedure)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import torch
from torch import Tensor

from synaprune.model.adam import Adam
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.products import dense_product
from synaprune.model.propagation import accuracy, backward, draw_noise, forward
from synaprune.model.signals import Memory, Signal, Slope
from synaprune.model.task import Task, draw_task


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
        On the held-out points, at the base noise.
    """

    parameters: list[Tensor]
    task: Task
    accuracy_percent: float


def pretrain(
    circuit: Circuit, constants: Constants, draws: Draws, *, half: bool = False
) -> Pretrained:
    """Train one patient's network from its initial weights.

    Full batches (silent: they give the healthy NfL proxy that the paper's control shows), noise
    at the base level in all eight layers without vulnerability (silent).

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
    noise_sd = [constants.noise_base] * len(circuit)

    def descend(position: int, slope: Slope, received: Signal) -> None:
        optimiser.step(2 * position, products[position].gradient(slope, received))
        optimiser.step(2 * position + 1, torch.as_tensor(slope.sums))
        products[position].follow()

    samples = len(task.train_labels)
    memory = Memory(circuit, samples, weights[0], half=half)
    native = [kernels(bias).native(bias) for bias in biases]
    for epoch in range(constants.pretraining_epochs):
        noise = draw_noise(circuit, draws, "pretraining_noise", samples, epoch)
        forward(circuit, products, native, task.train_points, noise, noise_sd, memory)
        optimiser.steps += 1
        backward(circuit, products, memory, task.train_labels, descend)
    held_out = len(task.test_labels)
    noise = draw_noise(circuit, draws, "pretraining_evaluation", held_out)
    logits = forward(circuit, products, native, task.test_points, noise, noise_sd,
                     Memory(circuit, held_out, weights[0], half=half))  # fmt: skip
    return Pretrained(parameters, task, accuracy(logits, task.test_labels))


def initial_parameters(circuit: Circuit, draws: Draws) -> list[Tensor]:
    """Draw weight and bias of each layer: U(-1/sqrt(inputs), 1/sqrt(inputs)).

    Silent: PyTorch's default for a linear layer, which gives the healthy NfL proxy.
    """
    parameters = []
    for layer in circuit:
        bound = 1.0 / sqrt(layer.inputs)
        weight = draws.uniform("initial_weight", layer.shape, layer=layer.name)
        bias = draws.uniform("initial_bias", (layer.units,), layer=layer.name)
        parameters += [(2 * weight - 1) * bound, (2 * bias - 1) * bound]
    return parameters
