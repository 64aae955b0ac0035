"""Forward and backward pass of one network.

Written out by hand because the circuit is small and fixed in its wiring: no graph is recorded,
nothing is allocated twice, and a later kernel can replace one product without touching the rest.
An independent implementation on automatic differentiation checks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from synaprune.model.circuit import Circuit
from synaprune.model.draws import Draws


@dataclass(frozen=True, slots=True)
class Pass:
    """One forward pass.

    Attributes
    ----------
    inputs
        What each layer received: (samples, inputs).
    rectified
        What each layer gave before its noise: (samples, units).
    logits
        Output of the last layer, noise included, without a rectifier (departs from the paper's
        words: a rectified logit cannot be trained well): (samples, classes).
    """

    inputs: list[Tensor]
    rectified: list[Tensor]
    logits: Tensor


def draw_noise(
    circuit: Circuit, draws: Draws, purpose: str, samples: int, step: int = 0
) -> list[Tensor]:
    """Draw unit noise for every layer's activation: (samples, units) each."""
    return [
        draws.normal(purpose, (samples, layer.units), layer=layer.name, step=step)
        for layer in circuit
    ]


def forward(
    circuit: Circuit,
    parameters: Sequence[Tensor],
    points: Tensor,
    noise: Sequence[Tensor],
    noise_sd: Sequence[float],
) -> Pass:
    """Run points through one network.

    Parameters
    ----------
    circuit
        The circuit.
    parameters
        Weight and bias of each layer in turn.
    points
        (samples, 2).
    noise
        Unit noise of each layer's activation, added after the rectifier (silent: where).
    noise_sd
        Its standard deviation in each layer.
    """
    inputs, rectified = [], []
    activation: dict[str, Tensor] = {}
    for position, layer in enumerate(circuit):
        fed = [activation[name] for name in layer.fed_by]
        received = points if not fed else fed[0] if len(fed) == 1 else torch.cat(fed, dim=1)
        weight, bias = parameters[2 * position], parameters[2 * position + 1]
        given = torch.addmm(bias, received, weight.T)
        if layer.group != "readout":
            given.relu_()
        activation[layer.name] = torch.add(given, noise[position], alpha=noise_sd[position])
        inputs.append(received)
        rectified.append(given)
    return Pass(inputs, rectified, activation[circuit.layers[-1].name])


def gradients(
    circuit: Circuit, parameters: Sequence[Tensor], done: Pass, labels: Tensor
) -> list[Tensor]:
    """Gradient of the mean cross-entropy, in the order of the parameters.

    Parameters
    ----------
    circuit, parameters
        As in `forward`.
    done
        The forward pass.
    labels
        int64, (samples,).
    """
    slope = torch.softmax(done.logits, dim=1)
    slope[torch.arange(len(labels), device=slope.device), labels] -= 1
    slope /= len(labels)
    arriving: dict[str, Tensor] = {circuit.layers[-1].name: slope}
    found: list[Tensor] = [slope] * len(parameters)
    for position in reversed(range(len(circuit))):
        layer = circuit.layers[position]
        inner = arriving.pop(layer.name)
        if layer.group != "readout":
            inner = torch.ops.aten.threshold_backward(inner, done.rectified[position], 0)
        found[2 * position] = inner.T @ done.inputs[position]
        found[2 * position + 1] = inner.sum(dim=0)
        if layer.fed_by:
            back = inner @ parameters[2 * position]
            sizes = [circuit.units[name] for name in layer.fed_by]
            for name, part in zip(layer.fed_by, torch.split(back, sizes, dim=1), strict=True):
                arriving[name] = arriving[name] + part if name in arriving else part
    return found


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of points whose largest logit is their label, in percent."""
    right = torch.count_nonzero(logits.argmax(dim=1) == labels)
    return 100.0 * int(right) / len(labels)


__all__ = ["Pass", "accuracy", "draw_noise", "forward", "gradients"]
