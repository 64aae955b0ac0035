"""What chance decides in a course, and in which form the reference asks for it.

Positions are indices into the flattened weights of a layer. What is equal must be ordered as well,
so the choice of the weakest stands here, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import torch
from torch import Tensor

from synaprune.reference.scenario import Constants

Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Task:
    """The points of one patient.

    Attributes
    ----------
    train_points, test_points
        (points, 2).
    train_labels, test_labels
        int64, (points,), 0 to 3.
    """

    train_points: Tensor
    train_labels: Tensor
    test_points: Tensor
    test_labels: Tensor


class Draws(Protocol):
    """The draws of one patient. All tensors of numbers have the dtype of the network."""

    def at(self, cycle: int) -> Draws:
        """Turn to a cycle; before the first call the patient is healthy."""
        ...

    def copy(self) -> Self:
        """Give draws that go their own way from here."""
        ...

    def linear(self, layer: str, shape: Shape) -> tuple[Tensor, Tensor]:
        """Draw healthy weights (units, inputs) and biases (units,), uniform."""
        ...

    def task(self, constants: Constants) -> Task:
        """Draw the points and split them."""
        ...

    def factors(self, half_width: float) -> dict[str, float]:
        """Draw a factor on the base rate of each layer, uniform around 1."""
        ...

    def batch(self, purpose: str, points: int, size: int, step: int) -> Tensor:
        """Choose the points of a training step, none twice: (at most size,)."""
        ...

    def flares(self, prone: Sequence[bool], probability: float) -> list[bool]:
        """Say which layers flare, of those prone to it; one entry a layer in both."""
        ...

    def weakest(self, magnitude: Tensor, alive: Tensor, count: int) -> Tensor:
        """Choose the alive weights of least magnitude: positions (count,)."""
        ...

    def random_pruning(self, layer: str, alive: Tensor, count: int) -> Tensor:
        """Choose alive weights at random: positions (count,)."""
        ...

    def corruption(self, layer: str, shape: Shape, where: Tensor) -> Tensor:
        """Draw N(0, 1) at positions in ascending order."""
        ...

    def random_regrowth(self, layer: str, alive: Tensor, count: int) -> Tensor:
        """Choose dead connections at random: positions (count,)."""
        ...

    def guided_regrowth(
        self, layer: str, alive: Tensor, score: Tensor, jitter: float, count: int
    ) -> Tensor:
        """Choose dead connections of the highest score, (units,), ties broken at random."""
        ...

    def new_weights(self, layer: str, shape: Shape, where: Tensor) -> Tensor:
        """Draw N(0, 1) at the positions that regrow, in the order of their choice."""
        ...

    def noise(self, purpose: str, layer: str, shape: Shape, step: int) -> Tensor:
        """Draw N(0, 1) for every activation: (points, units)."""
        ...


def labels_of(samples: int) -> Tensor:
    """Labels of the points before they are shuffled: equally many of each class, in order."""
    return torch.arange(samples) * 4 // samples


def dead_positions(alive: Tensor) -> Tensor:
    """Positions of dead connections, ascending."""
    return (~alive).flatten().nonzero().flatten()
