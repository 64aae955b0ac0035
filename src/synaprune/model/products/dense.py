"""Products with all weights of a layer, the pruned ones as zeros."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from synaprune.model.kernels import kernels
from synaprune.model.products.half import multiply_half
from synaprune.model.signals import Signal, Slope


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


class _Whole:
    """What the dense forms keep of a layer.

    Parameters
    ----------
    weight, alive
        (units, inputs); changed in place.
    scratch
        Shared memory.
    packs
        See `Product`.
    """

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


class Dense(_Whole):
    """All weights, the pruned ones as zeros.

    Where units of a large layer were silent in every sample (a fifth, in a healthy network), the
    slope at them is exactly zero: the way back and the gradient leave them out.
    """

    rounds = False

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
            self._loops.descend_rows(self._native, self._alive, self._gradient(slope, received)[1],
                                     slope.units, rate)  # fmt: skip
        else:
            self._weight.addmm_(slope.single, received.single.T, alpha=-rate)
            self._loops.clear(self._native, self._alive)

    def descend_measured(self, slope: Slope, received: Signal, rate: float, gradient: Any) -> None:
        """See `Product.descend_measured`."""
        rows = self._gradient(slope, received)[1]
        step = self._native, self._alive, rows, slope.units, rate
        if gradient is None:
            self._loops.descend_rows(*step)
        else:
            self._loops.descend_rows_measured(*step, gradient)

    def gradient(self, slope: Slope, received: Signal) -> Tensor:
        """Give ``slope received^T`` to who steps down otherwise: (units, inputs)."""
        return self._gradient(slope, received)[0]

    def follow(self) -> None:
        """Take note that somebody else changed the weights."""

    def _gradient(self, slope: Slope, received: Signal) -> tuple[Tensor, Any]:
        gradient, native = self._scratch.like(self._weight, "gradient")
        values, live = slope.single, slope.live
        if live < self._units:
            gradient, native, values = gradient[:live], native[:live], values[:live]
        torch.mm(values, received.single.T, out=gradient)
        return gradient, native


class HalfDense(_Whole):
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
        super().__init__(weight, alive, scratch, packs=packs)
        self._half = weight.bfloat16()
        self._bits = self._loops.native(self._half)

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
                                 self._gradient(slope, received)[1], slope.units, rate)  # fmt: skip

    def descend_measured(self, slope: Slope, received: Signal, rate: float, gradient: Any) -> None:
        """See `Product.descend_measured`."""
        if gradient is None:
            self.descend(slope, received, rate)
            return
        rows = self._gradient(slope, received)[1]
        self._loops.descend_half_measured(
            self._native, self._bits, self._alive, rows, slope.units, rate, gradient
        )

    def gradient(self, slope: Slope, received: Signal) -> Tensor:
        """See `Dense.gradient`."""
        gradient = self._gradient(slope, received)[0]
        if slope.live == self._units:
            return gradient.float()
        whole = torch.zeros_like(self._weight)
        whole[torch.as_tensor(slope.units[: slope.live])] = gradient.float()
        return whole

    def follow(self) -> None:
        """See `Dense.follow`."""
        self._half.copy_(self._weight)

    def _gradient(self, slope: Slope, received: Signal) -> tuple[Tensor, Any]:
        gradient, native = self._scratch.like(self._half, "gradient")
        live = slope.live
        multiply_half(slope.half[:live], received.half.T, gradient[:live])
        return gradient[:live], native[:live]
