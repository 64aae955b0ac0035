"""Products of layers that receive the same, as one product in bfloat16.

The three streams are too small to gain from bfloat16 each by itself; together they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from synaprune.model.kernels import kernels
from synaprune.model.products.dense import Scratch
from synaprune.model.products.half import multiply_half
from synaprune.model.signals import Signal, Slope


class Together:
    """Layers that receive the same and are read next to each other.

    Nothing else reads what they receive. The first of them multiplies for all: it is the first on
    the way forward, and the last on the way back.

    Parameters
    ----------
    weights, alive
        Of each layer: (units, inputs); changed in place.
    scratch
        Shared memory.

    Attributes
    ----------
    half
        All weights in bfloat16: (units of all, inputs).
    """

    def __init__(
        self, weights: Sequence[Tensor], alive: Sequence[Tensor], scratch: Scratch | None = None
    ) -> None:
        loops = kernels(weights[0])
        self.half = torch.cat([weight.bfloat16() for weight in weights])
        self._gradient = (scratch or Scratch()).like(self.half, "gradient")[0]
        sizes = [len(weight) for weight in weights]
        parts = zip(
            weights,
            torch.split(self.half, sizes),
            alive,
            torch.split(self._gradient, sizes),
            strict=True,
        )
        self._parts = [tuple(map(loops.native, part)) for part in parts]
        self._loops = loops
        self._waiting: list[tuple[Any, Any]] = []

    def members(self) -> list[Member]:
        """Give the product of each layer."""
        return [Member(self, first=place == 0) for place in range(len(self._parts))]

    def descend(
        self, slope: Slope, received: Signal, rate: float, measure: Any, *, last: bool
    ) -> None:
        """Step down once the slopes of all are known; `measure` may be None."""
        self._waiting.insert(0, (slope.units, measure))
        if not last:
            return
        multiply_half(slope.whole.half, received.half.T, self._gradient)
        for (weight, bits, alive, gradient), (units, measured) in zip(
            self._parts, self._waiting, strict=True
        ):
            if measured is None:
                self._loops.descend_half(weight, bits, alive, gradient, units, rate)
            else:
                self._loops.descend_half_measured(
                    weight, bits, alive, gradient, units, rate, measured
                )
        self._waiting.clear()


class Member:
    """One of the layers; see `synaprune.model.products.Product`."""

    rounds = True
    packs = 0

    def __init__(self, group: Together, *, first: bool) -> None:
        self._group, self._first = group, first

    def forward(self, received: Signal, given: Signal) -> None:
        """See `Product.forward`."""
        if self._first:
            multiply_half(self._group.half, received.half, given.whole.half)
        given.rounded = True

    def back(self, slope: Slope, sent: Signal, *, add: bool) -> None:  # noqa: ARG002
        """See `Product.back`; nobody else sends there, so there is nothing to add to."""
        if self._first:
            multiply_half(self._group.half.T, slope.whole.half, sent.half)
        sent.rounded = True

    def descend(self, slope: Slope, received: Signal, rate: float) -> None:
        """See `Product.descend`."""
        self._group.descend(slope, received, rate, None, last=self._first)

    def descend_measured(self, slope: Slope, received: Signal, rate: float, gradient: Any) -> None:
        """See `Product.descend_measured`."""
        self._group.descend(slope, received, rate, gradient, last=self._first)
