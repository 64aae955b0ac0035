"""Step 8, retraining: a few steps of gradient descent under the current noise.

Reads masks, noise and drug effects; writes weights, biases and the last step's gradient.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks
from synaprune.model.propagation import draw_noise, forward, gradients


def retraining(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Train the surviving weights and biases (Simulation Procedure).

    Plain SGD, batches drawn with replacement, learning rate: silent.
    """
    size = constants.retraining_batch
    for twins, draw, task in zip(networks.twins, draws, context.tasks, strict=True):
        steps = range(constants.retraining_steps)
        batches = [draw.integers("batch", (size,), len(task.train_labels), step=s) for s in steps]
        noise = [draw_noise(networks.circuit, draw, "retraining_noise", size, s) for s in steps]
        for run in twins:
            rate = constants.retraining_learning_rate * float(context.effects.learning_rate[run])
            parameters, masks = networks.parameters(run), networks.masks(run)
            noise_sd = networks.noise[run].tolist()
            found: list[Tensor] = []
            for step in steps:
                batch = batches[step]
                done = forward(networks.circuit, parameters, task.train_points[batch],
                               noise[step], noise_sd)  # fmt: skip
                found = gradients(networks.circuit, parameters, done, task.train_labels[batch])
                for parameter, gradient, mask in zip(parameters, found, masks, strict=True):
                    parameter.addcmul_(gradient, mask, value=-rate)
            if found:
                _keep_gradient(networks, run, found, masks)


def _keep_gradient(
    networks: Networks, run: int, found: Sequence[Tensor], masks: Sequence[Tensor]
) -> None:
    """Store the mean absolute gradient over the alive inputs of each output neuron."""
    for position, state in enumerate(networks.layers):
        alive = masks[2 * position]
        size = torch.mul(found[2 * position].abs(), alive).sum(dim=1)
        state.gradient[run] = size / alive.sum(dim=1).clamp(min=1)
