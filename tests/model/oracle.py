"""One network in plain tensor operations, to check the passes against automatic differentiation."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from synaprune.model.circuit import Circuit


def logits(
    circuit: Circuit,
    parameters: Sequence[Tensor],
    points: Tensor,
    noise: Sequence[Tensor] | None = None,
    *,
    first: bool = True,
) -> Tensor:
    """Output of weights and biases in turn: (samples, classes).

    `noise` is what is added in each layer, (units, samples); `first` adds it before the rectifier.
    """
    given: dict[str, Tensor] = {}
    for i, layer in enumerate(circuit):
        received = torch.cat([given[n] for n in layer.fed_by], 1) if layer.fed_by else points.T
        z = F.linear(received, parameters[2 * i], parameters[2 * i + 1])
        added = torch.zeros_like(z) if noise is None else noise[i].T
        if layer.name == "output":
            given[layer.name] = z + added
        else:
            given[layer.name] = F.relu(z + added) if first else F.relu(z) + added
    return given["output"]


def gradients(
    circuit: Circuit,
    parameters: Sequence[Tensor],
    points: Tensor,
    labels: Tensor,
    noise: Sequence[Tensor] | None = None,
    *,
    first: bool = True,
) -> list[Tensor]:
    """Gradient of the mean cross-entropy at each of the parameters."""
    leaves = [parameter.clone().requires_grad_() for parameter in parameters]
    F.cross_entropy(logits(circuit, leaves, points, noise, first=first), labels).backward()
    return [leaf.grad for leaf in leaves]
