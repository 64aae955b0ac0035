"""The network: weights and biases, which connections are alive, and the forward pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional as F

from synaprune.reference.draws import Draws, Task
from synaprune.reference.scenario import LAYERS, Scenario

#: Noise of a layer, by its name and the shape of its activation (points, units).
Noise = Callable[[str, tuple[int, int]], Tensor]


class Network:
    """One network and what the disease has done to it; all attributes by layer.

    Attributes
    ----------
    weight, bias
        (units, inputs) and (units,). Biases are never pruned.
    alive
        Connections that are there: bool, (units, inputs).
    aggregate
        Aggregate load.
    stress
        Moving average of the gradient's magnitude: (units, inputs), dead connections included.
    noise
        Standard deviation of the noise on the pre-activation.
    flare
        Whether the layer flared in this cycle.
    """

    def __init__(self, scenario: Scenario, draws: Draws) -> None:
        self.weight: dict[str, Tensor] = {}
        self.bias: dict[str, Tensor] = {}
        for layer in LAYERS:
            weight, bias = draws.linear(layer.name, scenario.shape(layer))
            self.weight[layer.name] = weight.requires_grad_()
            self.bias[layer.name] = bias.requires_grad_()
        self._begin()

    def _begin(self) -> None:
        self.alive = {name: torch.ones_like(w, dtype=torch.bool) for name, w in self.weight.items()}
        self.stress = {name: torch.zeros_like(w) for name, w in self.weight.items()}
        self.aggregate = dict.fromkeys(self.weight, 0.0)
        self.noise = dict.fromkeys(self.weight, 0.0)
        self.flare = dict.fromkeys(self.weight, False)

    def healthy_copy(self) -> Self:
        """Copy weights and biases into a network without disease."""
        other = object.__new__(type(self))
        other.weight = {
            name: w.detach().clone().requires_grad_() for name, w in self.weight.items()
        }
        other.bias = {name: b.detach().clone().requires_grad_() for name, b in self.bias.items()}
        other._begin()
        return other

    @property
    def parameters(self) -> list[Tensor]:
        """Everything that training moves."""
        return [*self.weight.values(), *self.bias.values()]

    def sparsity(self, layer: str) -> float:
        """Share of a layer's connections that are dead."""
        return 1 - int(self.alive[layer].sum()) / self.alive[layer].numel()

    def mask(self) -> None:
        """Set the weights of dead connections to 0."""
        with torch.no_grad():
            for name, weight in self.weight.items():
                weight.masked_fill_(~self.alive[name], 0)

    def logits(self, points: Tensor, noise: Noise | None = None) -> Tensor:
        """Pass points through the circuit.

        Noise is added before the rectifier; the output layer has neither (published notebook).

        Parameters
        ----------
        points
            (points, 2).
        noise
            None for a healthy network.

        Returns
        -------
        Tensor
            (points, 4).
        """
        activation: dict[str, Tensor] = {}
        for layer in LAYERS:
            incoming = [activation[name] for name in layer.fed_by] or [points]
            before = F.linear(
                torch.cat(incoming, 1) if len(incoming) > 1 else incoming[0],
                self.weight[layer.name],
                self.bias[layer.name],
            )
            if layer.group == "readout":
                break
            if noise is not None:
                before = before + noise(layer.name, (len(points), before.shape[1]))
            activation[layer.name] = F.relu(before)
        return before

    def loss(self, points: Tensor, labels: Tensor, noise: Noise | None = None) -> Tensor:
        """Mean cross-entropy of the logits."""
        return F.cross_entropy(self.logits(points, noise), labels)

    def accuracy_percent(self, task: Task, noise: Noise | None = None) -> float:
        """Share of the test points told apart, in the network's own precision."""
        with torch.no_grad():
            hits = self.logits(task.test_points, noise).argmax(1) == task.test_labels
        return hits.to(task.test_points.dtype).mean().item() * 100
