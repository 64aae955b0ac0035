"""Draws in the order of the published notebook, from generators of their own.

The notebook seeds torch's global generator and numpy's legacy one and lets the order of calls
decide; generators of one's own, seeded alike, give the same numbers and leave the process alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from math import sqrt
from typing import Self

import numpy as np
import torch
from torch import Tensor

from synaprune.reference.draws import Draws, Shape, Task, dead_positions, labels_of
from synaprune.reference.scenario import LAYERS, Constants

#: Signs of the cluster centres, class by class (published notebook).
CENTRES = ((-1, -1), (1, -1), (-1, 1), (1, 1))


class PublishedDraws(Draws):
    """The published network's draws (seed 42), or those of a sibling.

    Parameters
    ----------
    seed
        0 to 2^32 - 1 - `FACTOR_SEED`, for numpy's legacy generator.
    dtype
        Of the tensors; the published network has float32.

    Examples
    --------
    >>> PublishedDraws(42).factors(0.15)["bulbar"] == PublishedDraws(42).factors(0.15)["bulbar"]
    True
    """

    #: Added to the seed for the patient's factors (published notebook).
    FACTOR_SEED = 1000

    def __init__(self, seed: int, dtype: torch.dtype = torch.float32) -> None:
        self._seed, self._dtype = seed, dtype
        self._torch = torch.Generator().manual_seed(seed)
        self._numpy = np.random.RandomState(seed)

    def at(self, cycle: int) -> Self:  # noqa: ARG002 - the order of calls decides, not the cycle
        """Go on drawing."""
        return self

    def copy(self) -> Self:
        """Give draws that go their own way from here."""
        other = type(self)(self._seed, self._dtype)
        other._torch.set_state(self._torch.get_state())
        other._numpy = deepcopy(self._numpy)
        return other

    def linear(self, layer: str, shape: Shape) -> tuple[Tensor, Tensor]:  # noqa: ARG002
        """Draw as torch initialises a linear layer: weights, then biases."""
        weight = torch.empty(shape, dtype=self._dtype)
        torch.nn.init.kaiming_uniform_(weight, a=sqrt(5), generator=self._torch)
        bound = 1 / sqrt(shape[1])
        bias = torch.empty(shape[0], dtype=self._dtype)
        return weight, bias.uniform_(-bound, bound, generator=self._torch)

    def task(self, constants: Constants) -> Task:
        """Seed once more; class by class, shuffled, the last points for the test."""
        self._torch.manual_seed(self._seed)
        labels = labels_of(constants.samples)
        points = torch.cat(
            [
                self._normal((count, 2)) * constants.cluster_sd
                + constants.cluster_distance * torch.tensor(centre, dtype=self._dtype)
                for centre, count in zip(CENTRES, torch.bincount(labels).tolist(), strict=True)
            ]
        )
        order = self._order(constants.samples)
        points, labels = points[order], labels[order]
        train = constants.samples - round(constants.test_share * constants.samples)
        return Task(points[:train], labels[:train], points[train:], labels[train:])

    def factors(self, half_width: float) -> dict[str, float]:
        """Draw from a generator of the factors' own."""
        generator = np.random.RandomState(self._seed + self.FACTOR_SEED)
        low, high = 1 - half_width, 1 + half_width
        return {layer.name: generator.uniform(low, high) for layer in LAYERS}

    def batch(self, purpose: str, points: int, size: int, step: int) -> Tensor:  # noqa: ARG002
        """Take the first ones of a permutation."""
        return self._order(points)[:size]

    def flares(self, prone: Sequence[bool], probability: float) -> list[bool]:
        """Draw for the prone layers only."""
        return [some and self._numpy.random_sample() < probability for some in prone]

    def weakest(self, magnitude: Tensor, alive: Tensor, count: int) -> Tensor:
        """Take torch's `topk`, whose order of equals decides at the cut."""
        candidates = magnitude.masked_fill(~alive, float("inf")).flatten()
        return candidates.topk(count, largest=False).indices

    def random_pruning(self, layer: str, alive: Tensor, count: int) -> Tensor:  # noqa: ARG002
        """Take the first ones of a permutation of the alive."""
        left = alive.flatten().nonzero().flatten()
        return left[self._order(len(left))[:count]]

    def corruption(self, layer: str, shape: Shape, where: Tensor) -> Tensor:  # noqa: ARG002
        """Draw one number a position."""
        return self._normal((len(where),))

    def random_regrowth(self, layer: str, alive: Tensor, count: int) -> Tensor:  # noqa: ARG002
        """Take the first ones of a permutation of the dead."""
        dead = dead_positions(alive)
        return dead[self._order(len(dead))[:count]]

    def guided_regrowth(
        self,
        layer: str,  # noqa: ARG002
        alive: Tensor,
        score: Tensor,
        jitter: float,
        count: int,
    ) -> Tensor:
        """Take torch's `topk` of the dead, in ascending position."""
        order = torch.rand(alive.shape, generator=self._torch, dtype=self._dtype)
        dead = dead_positions(alive)
        wanted = (score[:, None] + order * jitter).flatten()[dead]
        return dead[wanted.topk(count).indices]

    def new_weights(self, layer: str, shape: Shape, where: Tensor) -> Tensor:  # noqa: ARG002
        """Draw one number a position."""
        return self._normal((len(where),))

    def noise(self, purpose: str, layer: str, shape: Shape, step: int) -> Tensor:  # noqa: ARG002
        """Draw in the shape of the activation."""
        return self._normal(shape)

    def _normal(self, shape: tuple[int, ...]) -> Tensor:
        return torch.randn(shape, generator=self._torch, dtype=self._dtype)

    def _order(self, count: int) -> Tensor:
        return torch.randperm(count, generator=self._torch)
