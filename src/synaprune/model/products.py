"""Products with one layer's weights, in the form that suits how much of the layer is left.

The form follows from the density alone, never from timing, so that a run gives the same bytes
wherever and whenever it is computed on one kind of machine.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from synaprune.model.bfloat16 import multiply_half
from synaprune.model.kernels import kernels, sparse
from synaprune.model.signals import Signal, Slope

#: Share of alive weights below which products run over the alive alone, in float32 and in bfloat16:
#: where that is faster than dense products, by the processor below 20 to 40 % and 6 to 18 %.
SPARSE_BELOW = {"single": 0.3, "half": 0.06}

#: Weights of the smallest layer that gains from bfloat16: below it rounding costs more.
HALF_FROM = 32_768

#: Weights of the smallest layer that gains from leaving silent units out on the way back.
PACKED_FROM = 32_768

#: Silent units left out at a time: in bfloat16 the library compiles products anew for every shape.
PACK = {"single": 1, "half": 16}

#: Raised whenever products round otherwise.
SPARSE_VERSION = 3


class Product(Protocol):
    """What can be done with the weights of one layer of one run.

    Activations and slopes are (units, samples).

    Attributes
    ----------
    rounds
        Whether it reads activations and slopes in bfloat16.
    packs
        By how many at a time units that were silent in every sample may be left out of the slopes
        that it takes; 0 keeps them all.
    """

    rounds: bool
    packs: int

    def forward(self, received: Signal, given: Signal) -> None:
        """Fill `given` with weights times what the layer received."""
        ...

    def back(self, slope: Slope, sent: Signal, *, add: bool) -> None:
        """Fill `sent` with transposed weights times a slope, or add that to it."""
        ...

    def descend(self, slope: Slope, received: Signal, rate: float) -> None:
        """Step down the gradient ``slope received^T`` where alive, in place."""
        ...

    def descend_measured(self, slope: Slope, received: Signal, rate: float, means: Any) -> None:
        """Step down as `descend` does, and measure.

        Parameters
        ----------
        slope, received, rate
            As in `descend`.
        means
            Filled with the mean magnitude of the gradient over the alive inputs of each unit, 0
            without any: (units,), as kernels take it.
        """
        ...


class Scratch:
    """Memory for gradients and gathered weights, by shape.

    It is shared by products that are not used at the same time: fetching a megabyte from the
    operating system at every step costs as much as a tenth of the step.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, torch.Size, torch.dtype], tuple[Tensor, Any]] = {}

    def like(self, weight: Tensor, use: str) -> tuple[Tensor, Any]:
        """Give memory like a weight, and what kernels take for it; what it held is lost."""
        key = use, weight.shape, weight.dtype
        if key not in self._kept:
            made = torch.empty_like(weight)
            self._kept[key] = made, kernels(made).native(made)
        return self._kept[key]


class Dense:
    """All weights, the pruned ones as zeros.

    Where units of a large layer were silent in every sample (a fifth, in a healthy network), the
    slope at them is exactly zero: the way back and the gradient leave them out.

    Parameters
    ----------
    weight, alive
        (units, inputs); changed in place.
    scratch
        Shared memory.
    packs
        See `Product`.
    """

    rounds = False

    def __init__(
        self,
        weight: Tensor,
        alive: Tensor,
        scratch: Scratch | None = None,
        *,
        packs: int = 0,
    ) -> None:
        self._loops = kernels(weight)
        self._weight, self._native = weight, self._loops.native(weight)
        self._units = len(weight)
        self._alive = self._loops.native(alive)
        self._scratch = scratch or Scratch()
        self.packs = packs

    def forward(self, received: Signal, given: Signal) -> None:
        """See `Product.forward`."""
        torch.mm(self._weight, received.single, out=given.single)
        given.rounded = False

    def back(self, slope: Slope, sent: Signal, *, add: bool) -> None:
        """See `Product.back`."""
        weight, values, live = self._weight, slope.single, slope.live
        if live < self._units:
            weight, rows = self._scratch.like(weight, "gathered")
            self._loops.gather(self._native, slope.units, rows[:live])
            weight, values = weight[:live], values[:live]
        if add:
            sent.fill()
            sent.single.addmm_(weight.T, values)
        else:
            torch.mm(weight.T, values, out=sent.single)
            sent.rounded = False

    def descend(self, slope: Slope, received: Signal, rate: float) -> None:
        """See `Product.descend`; the pruned follow and are cleared, which saves a pass."""
        if slope.live < self._units:
            self._loops.descend_rows(self._native, self._alive, self._gradient(slope, received),
                                     slope.units, rate)  # fmt: skip
        else:
            self._weight.addmm_(slope.single, received.single.T, alpha=-rate)
            self._loops.clear(self._native, self._alive)

    def descend_measured(self, slope: Slope, received: Signal, rate: float, means: Any) -> None:
        """See `Product.descend_measured`."""
        self._loops.descend(self._native, self._alive, self._gradient(slope, received),
                            slope.units, rate, means)  # fmt: skip

    def _gradient(self, slope: Slope, received: Signal) -> Any:
        gradient, native = self._scratch.like(self._weight, "gradient")
        values, live = slope.single, slope.live
        if live < self._units:
            gradient, native, values = gradient[:live], native[:live], values[:live]
        torch.mm(values, received.single.T, out=gradient)
        return native


class HalfDense:
    """As `Dense`, multiplied in bfloat16; weights and everything else stay in float32."""

    rounds = True

    def __init__(
        self,
        weight: Tensor,
        alive: Tensor,
        scratch: Scratch | None = None,
        *,
        packs: int = 0,
    ) -> None:
        self._loops = kernels(weight)
        self._native, self._alive = self._loops.native(weight), self._loops.native(alive)
        self._units = len(weight)
        self._scratch = scratch or Scratch()
        self._half = weight.bfloat16()
        self._bits = self._loops.native(self._half)
        self.packs = packs

    def forward(self, received: Signal, given: Signal) -> None:
        """See `Product.forward`."""
        multiply_half(self._half, received.half, given.half)
        given.rounded = True

    def back(self, slope: Slope, sent: Signal, *, add: bool) -> None:
        """See `Product.back`."""
        weight, live = self._half, slope.live
        if live < self._units:
            weight, rows = self._scratch.like(weight, "gathered")
            self._loops.gather(self._bits, slope.units, rows[:live])
        weight, values = weight[:live].T, slope.half[:live]
        if add:
            sent.fill()
            part = torch.empty_like(sent.half)
            multiply_half(weight, values, part)
            sent.single.add_(part)
        else:
            multiply_half(weight, values, sent.half)
            sent.rounded = True

    def descend(self, slope: Slope, received: Signal, rate: float) -> None:
        """See `Product.descend`."""
        self._loops.descend_half(self._native, self._bits, self._alive,
                                 self._gradient(slope, received), slope.units, rate)  # fmt: skip

    def descend_measured(self, slope: Slope, received: Signal, rate: float, means: Any) -> None:
        """See `Product.descend_measured`."""
        self._loops.descend_half_measured(self._native, self._bits, self._alive,
                                          self._gradient(slope, received), slope.units, rate,
                                          means)  # fmt: skip

    def _gradient(self, slope: Slope, received: Signal) -> Any:
        gradient, native = self._scratch.like(self._half, "gradient")
        live = slope.live
        multiply_half(slope.half[:live], received.half.T, gradient[:live])
        return native[:live]


class Sparse:
    """Only the alive weights."""

    rounds = False
    packs = 0

    def __init__(self, weight: Tensor, alive: Tensor, count: int) -> None:
        units, inputs = weight.shape
        self._weight = weight.numpy()
        self._row_start = np.empty(units + 1, np.int32)
        self._columns = np.empty(count, np.int32)
        self._column_start = np.zeros(inputs + 1, np.int32)
        self._rows = np.empty(count, np.int32)
        sparse.wire(
            alive.numpy(), self._row_start, self._columns, self._column_start, self._rows
        )  # fmt: skip

    def forward(self, received: Signal, given: Signal) -> None:
        """See `Product.forward`."""
        sparse.multiply(
            self._weight, self._row_start, self._columns, received.values, given.values, False
        )  # fmt: skip
        given.rounded = False

    def back(self, slope: Slope, sent: Signal, *, add: bool) -> None:
        """See `Product.back`."""
        if add:
            sent.fill()
        sparse.multiply(
            self._weight.T, self._column_start, self._rows, slope.values, sent.values, add
        )
        sent.rounded = False

    def descend(self, slope: Slope, received: Signal, rate: float) -> None:
        """See `Product.descend`."""
        means = np.empty(len(self._weight), self._weight.dtype)
        self.descend_measured(slope, received, rate, means)

    def descend_measured(self, slope: Slope, received: Signal, rate: float, means: Any) -> None:
        """See `Product.descend_measured`."""
        sparse.descend(
            self._weight, self._row_start, self._columns, slope.values, received.values, rate, means
        )


def product(
    weight: Tensor, alive: Tensor, *, half: bool = False, scratch: Scratch | None = None
) -> Product:
    """Choose the form for one layer of one run.

    Parameters
    ----------
    weight, alive
        (units, inputs); views that the product reads and changes.
    half
        Whether dense products of large layers run in bfloat16.
    scratch
        See `Scratch`.
    """
    form = "half" if half and weight.numel() >= HALF_FROM else "single"
    if weight.is_cpu:
        count = kernels(weight).count(alive)
        if count < SPARSE_BELOW[form] * weight.numel():
            return Sparse(weight, alive, count)
    gains = weight.numel() >= PACKED_FROM and kernels(weight).PACKS
    dense = HalfDense if form == "half" else Dense
    return dense(weight, alive, scratch, packs=PACK[form] if gains else 0)
