"""Forward and backward pass of one network.

Written out by hand because the circuit is small and fixed in its wiring: no graph is recorded,
and each layer's products take the form that suits what is left of it. Activations are (units,
samples). An independent implementation on automatic differentiation checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from synaprune.model.circuit import Circuit
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.products import Product

#: Called with a layer's position, the slope at its sums (units, samples), what it received
#: (inputs, samples), and the slope at its biases (units,).
Visit = Callable[[int, Tensor, Tensor, Tensor], None]


@dataclass(frozen=True, slots=True)
class Pass:
    """One forward pass.

    Attributes
    ----------
    received
        What each layer received: (inputs, samples).
    heard
        Which units were not silent, bool: (units, samples); nothing for the last layer.
    logits
        Output of the last layer, noise included, without a rectifier (departs from the paper's
        words: a rectified logit cannot be trained well): (classes, samples).
    """

    received: list[Tensor]
    heard: list[Tensor]
    logits: Tensor


def draw_noise(
    circuit: Circuit, draws: Draws, purpose: str, samples: int, step: int = 0
) -> list[Tensor]:
    """Draw unit noise for every layer's activation: (units, samples) each."""
    return [
        draws.normal(purpose, (layer.units, samples), layer=layer.name, step=step)
        for layer in circuit
    ]


def forward(
    circuit: Circuit,
    products: Sequence[Product],
    biases: Sequence[Tensor],
    points: Tensor,
    noise: Sequence[Tensor],
    noise_sd: Sequence[float],
) -> Pass:
    """Run points through one network.

    Parameters
    ----------
    circuit
        The circuit.
    products, biases
        Of each layer.
    points
        (2, samples).
    noise
        Unit noise of each layer's activation, added after the rectifier (silent: where).
    noise_sd
        Its standard deviation in each layer.
    """
    received, heard = [], []
    activation: dict[str, Tensor] = {}
    for position, layer in enumerate(circuit):
        fed = [activation[name] for name in layer.fed_by]
        arrived = points if not fed else fed[0] if len(fed) == 1 else torch.cat(fed)
        given = products[position].forward(arrived)
        bias, unit_noise, sd = biases[position], noise[position], noise_sd[position]
        if layer.group == "readout":
            given.add_(bias[:, None]).add_(unit_noise, alpha=sd)
        else:
            heard.append(kernels(given).activate(given, bias, unit_noise, sd))
        activation[layer.name] = given
        received.append(arrived)
    return Pass(received, heard, activation[circuit.layers[-1].name])


def backward(
    circuit: Circuit, products: Sequence[Product], done: Pass, labels: Tensor, visit: Visit
) -> None:
    """Carry the slope of the mean cross-entropy back, and show it at each layer.

    A layer is visited after its weights have been used, so a visit may change them.

    Parameters
    ----------
    circuit, products
        As in `forward`.
    done
        The forward pass.
    labels
        int64, (samples,).
    visit
        What to do at each layer, from the last to the first.
    """
    slope = kernels(done.logits).loss_slope(done.logits, labels)
    arriving: dict[str, Tensor] = {circuit.layers[-1].name: slope}
    for position in reversed(range(len(circuit))):
        layer = circuit.layers[position]
        inner = arriving.pop(layer.name)
        if layer.group == "readout":
            bias_slope = inner.sum(dim=1)
        else:
            bias_slope = kernels(inner).rectify_back(inner, done.heard[position])
        if layer.fed_by:
            back = products[position].back(inner)
            sizes = [circuit.units[name] for name in layer.fed_by]
            for name, part in zip(layer.fed_by, torch.split(back, sizes), strict=True):
                arriving[name] = arriving[name].add_(part) if name in arriving else part
        visit(position, inner, done.received[position], bias_slope)


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of points whose largest logit is their label, in percent."""
    right = torch.count_nonzero(logits.argmax(dim=0) == labels)
    return 100.0 * int(right) / len(labels)
