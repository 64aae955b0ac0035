"""Step 8, retraining: a few steps of gradient descent under the current noise.

Reads masks, noise and drug effects; writes weights, biases and the last step's gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.networks import Networks
from synaprune.model.propagation import backward, draw_noise, forward
from synaprune.model.signals import Signal, Slope
from synaprune.model.task import draw_batch


def retraining(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Train the surviving weights and biases (Simulation Procedure).

    Plain SGD, batches drawn without replacement (published notebook).
    """

    def batch(draw: Draws, points: int, step: int) -> Tensor:
        return draw_batch(draw, "batch", constants.retraining_batch, points, step)

    _train(networks, context, constants, draws, batch)


def text(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the published form, but batches are drawn with replacement (silent)."""

    def batch(draw: Draws, points: int, step: int) -> Tensor:
        return draw.integers("batch", (constants.retraining_batch,), points, step=step)

    _train(networks, context, constants, draws, batch)


def _train(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    batch_of: Callable[[Draws, int, int], Tensor],
) -> None:
    steps = range(constants.retraining_steps)
    for twins, draw, task in zip(networks.twins, draws, context.tasks, strict=True):
        batches = []
        for step in steps:
            batch = batch_of(draw, len(task.train_labels), step)
            noise = draw_noise(networks.circuit, draw, "retraining_noise", len(batch), step)
            batches.append(Batch(task.train_points[:, batch], task.train_labels[batch], noise))
        for run in twins:
            rate = constants.retraining_learning_rate * float(context.effects.learning_rate[run])
            read = context.reads_stress(run)
            for step in steps:
                _step(networks, run, batches[step], rate, last=step == steps[-1], read=read)


class Batch(NamedTuple):
    """What all twins see in one step: points, labels, and unit noise of each layer."""

    points: Tensor
    labels: Tensor
    noise: list[Any]


def _step(
    networks: Networks, run: int, batch: Batch, rate: float, *, last: bool, read: bool
) -> None:
    """Take one step of gradient descent in one run; store the last gradient where it is read."""
    products, layers = networks.products(run), networks.connections(run)
    memory = networks.memory(len(batch.labels))
    loops = kernels(batch.points)

    def descend(position: int, slope: Slope, received: Signal) -> None:
        layer = layers[position]
        if last:  # to the same bits, read or not, because that depends on the arms beside
            gradient = layer.gradient if read else None
            products[position].descend_measured(slope, received, rate, gradient)
        else:
            products[position].descend(slope, received, rate)
        loops.descend_bias(layer.bias, layer.bias_alive, slope.sums, rate)

    forward(networks.circuit, products, [layer.bias for layer in layers], batch.points,
            batch.noise, networks.noise[run].tolist(), memory)  # fmt: skip
    backward(networks.circuit, products, memory, batch.labels, descend)
