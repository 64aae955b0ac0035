"""Draws by name: each number is found by its purpose, layer, step and cycle, in any order.

Every draw has the full shape of its tensor; a choice takes the smallest keys, the first one among
equals. So a number belongs to a connection, whatever else happened before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Protocol, Self

import torch
from torch import Tensor

from synaprune.reference.draws import Draws, Shape, Task, labels_of
from synaprune.reference.scenario import LAYERS, Constants

#: Signs of the cluster centres, class by class.
CENTRES = ((1, 1), (1, -1), (-1, 1), (-1, -1))


class Streams(Protocol):
    """Named streams of one patient, before the disease or in one cycle."""

    def at(self, cycle: int) -> Streams:
        """Give the streams of a cycle."""
        ...

    def normal(
        self, purpose: str, shape: tuple[int, ...], *, layer: str = "", step: int = 0
    ) -> Tensor:
        """Draw N(0, 1) numbers."""
        ...

    def uniform(
        self, purpose: str, shape: tuple[int, ...], *, layer: str = "", step: int = 0
    ) -> Tensor:
        """Draw U[0, 1) numbers."""
        ...

    def series(self, purpose: str, start: int, count: int) -> Iterable[float]:
        """Give a part of one long stream of U[0, 1) numbers."""
        ...


class NamedDraws(Draws):
    """The draws of one patient of the engine.

    Parameters
    ----------
    streams
        Of the patient, before the disease; they decide the dtype.
    """

    def __init__(self, streams: Streams) -> None:
        self._patient, self._streams = streams, streams
        self._cycle = 0

    def at(self, cycle: int) -> NamedDraws:
        """Give the draws of a cycle."""
        other = NamedDraws(self._patient)
        other._streams, other._cycle = self._patient.at(cycle), cycle
        return other

    def copy(self) -> Self:
        """Give itself: a name gives the same numbers at any time."""
        return self

    def linear(self, layer: str, shape: Shape) -> tuple[Tensor, Tensor]:
        """Draw weights and biases."""
        bound = 1 / sqrt(shape[1])
        weight = self._streams.uniform("initial_weight", shape, layer=layer)
        bias = self._streams.uniform("initial_bias", shape[:1], layer=layer)
        return (2 * weight - 1) * bound, (2 * bias - 1) * bound

    def task(self, constants: Constants) -> Task:
        """Draw all points at once; the first ones in order of their keys are for the test."""
        labels = labels_of(constants.samples)
        points = self._streams.normal("cluster", (constants.samples, 2))
        centres = torch.tensor(CENTRES, dtype=points.dtype)[labels]
        points = constants.cluster_distance * centres + constants.cluster_sd * points
        order = self._streams.uniform("split", (constants.samples,)).argsort(stable=True)
        tests = round(constants.test_share * constants.samples)
        test, train = order[:tests], order[tests:]
        return Task(points[train], labels[train], points[test], labels[test])

    def factors(self, half_width: float) -> dict[str, float]:
        """Draw one key a layer."""
        unit = {
            layer.name: float(self._streams.uniform("base_rate_factor", (1,), layer=layer.name))
            for layer in LAYERS
        }
        return {name: 1 - half_width + 2 * half_width * key for name, key in unit.items()}

    def batch(self, purpose: str, points: int, size: int, step: int) -> Tensor:
        """Take the smallest keys, in ascending position; all points where the batch holds them."""
        if size >= points:
            return torch.arange(points)
        keys = self._streams.uniform(purpose, (points,), step=step)
        return keys.argsort(stable=True)[:size].sort().values

    def flares(self, prone: Sequence[bool], probability: float) -> list[bool]:
        """Draw for every layer, from one stream for the whole course."""
        keys = self._patient.series("flare", self._cycle * len(prone), len(prone))
        return [some and float(key) < probability for some, key in zip(prone, keys, strict=True)]

    def weakest(self, magnitude: Tensor, alive: Tensor, count: int) -> Tensor:
        """Take the smallest magnitudes."""
        return _smallest(magnitude, alive, count)

    def random_pruning(self, layer: str, alive: Tensor, count: int) -> Tensor:
        """Take the smallest keys."""
        return _smallest(self._uniform("pruning", layer, alive), alive, count)

    def corruption(self, layer: str, shape: Shape, where: Tensor) -> Tensor:
        """Look up a draw for every connection."""
        return self._streams.normal("corruption", shape, layer=layer).flatten()[where]

    def random_regrowth(self, layer: str, alive: Tensor, count: int) -> Tensor:
        """Take the greatest keys."""
        return _smallest(-self._uniform("regrowth_order", layer, alive), ~alive, count)

    def guided_regrowth(
        self, layer: str, alive: Tensor, score: Tensor, jitter: float, count: int
    ) -> Tensor:
        """Take the greatest sums of score and key."""
        order = self._uniform("regrowth_order", layer, alive)
        return _smallest(-(score[:, None] + jitter * order), ~alive, count)

    def new_weights(self, layer: str, shape: Shape, where: Tensor) -> Tensor:
        """Look up a draw for every connection."""
        return self._streams.normal("regrowth_weight", shape, layer=layer).flatten()[where]

    def noise(self, purpose: str, layer: str, shape: Shape, step: int) -> Tensor:
        """Draw a unit's points side by side, as the engine does."""
        return self._streams.normal(purpose, shape[::-1], layer=layer, step=step).T

    def _uniform(self, purpose: str, layer: str, like: Tensor) -> Tensor:
        return self._streams.uniform(purpose, tuple(like.shape), layer=layer)


def _smallest(keys: Tensor, among: Tensor, count: int) -> Tensor:
    """Positions of the smallest keys, (count,), the first one among equals."""
    candidates = among.flatten().nonzero().flatten()
    return candidates[keys.flatten()[candidates].argsort(stable=True)[:count]]
