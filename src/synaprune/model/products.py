"""Products with one layer's weights, in the form that suits how much of the layer is left.

The form follows from the density alone, never from timing, so that a run gives the same bytes
wherever and whenever it is computed on one kind of machine.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from synaprune.model.kernels import kernels, sparse

#: Share of alive weights below which products run over the alive alone: where that was measured to
#: be faster than dense products in float32, and in bfloat16.
SPARSE_BELOW = {"single": 0.2, "half": 0.06}

#: Weights of the smallest layer that gains from bfloat16: below it rounding costs more.
HALF_FROM = 32_768

#: Raised whenever sparse products round otherwise.
SPARSE_VERSION = 1


#: Reusable memory by shape.
Scratch = dict[torch.Size, Tensor]


class Product(Protocol):
    """What can be done with the weights of one layer of one run.

    Activations and slopes are (units, samples).
    """

    def forward(self, received: Tensor) -> Tensor:
        """Weights times what the layer received: (units, samples)."""
        ...

    def back(self, slope: Tensor) -> Tensor:
        """Transposed weights times a slope: (inputs, samples)."""
        ...

    def descend(self, slope: Tensor, received: Tensor, rate: float) -> None:
        """Step down the gradient ``slope received^T`` where alive, in place."""
        ...

    def descend_measured(self, slope: Tensor, received: Tensor, rate: float) -> Tensor:
        """Step down as `descend` does.

        Returns
        -------
        Tensor
            Mean magnitude of the gradient over the alive inputs of each unit, 0 without any.
        """
        ...


class Dense:
    """All weights, the pruned ones as zeros.

    Parameters
    ----------
    weight, alive
        (units, inputs); changed in place.
    scratch
        Memory for gradients, shared by products that are not used at the same time: fetching a
        megabyte from the operating system at every step costs as much as a tenth of the step.
    """

    def __init__(self, weight: Tensor, alive: Tensor, scratch: Scratch | None = None) -> None:
        self._weight, self._alive = weight, alive
        self._scratch: Scratch = {} if scratch is None else scratch

    def forward(self, received: Tensor) -> Tensor:
        """See `Product.forward`."""
        return self._weight @ received

    def back(self, slope: Tensor) -> Tensor:
        """See `Product.back`."""
        return self._weight.T @ slope

    def descend(self, slope: Tensor, received: Tensor, rate: float) -> None:
        """See `Product.descend`; the pruned follow and are cleared, which saves a pass."""
        self._weight.addmm_(slope, received.T, alpha=-rate)
        kernels(self._weight).clear(self._weight, self._alive)

    def descend_measured(self, slope: Tensor, received: Tensor, rate: float) -> Tensor:
        """See `Product.descend_measured`."""
        if self._weight.shape not in self._scratch:
            self._scratch[self._weight.shape] = torch.empty_like(self._weight)
        gradient = torch.mm(slope, received.T, out=self._scratch[self._weight.shape])
        return kernels(self._weight).descend(self._weight, self._alive, gradient, rate)


class HalfDense:
    """As `Dense`, multiplied in bfloat16; weights and everything else stay in float32."""

    def __init__(self, weight: Tensor, alive: Tensor) -> None:
        self._weight, self._alive = weight, alive
        self._rounded: dict[int, tuple[Tensor, Tensor]] = {}

    def forward(self, received: Tensor) -> Tensor:
        """See `Product.forward`."""
        return (self._half(self._weight) @ self._half(received)).float()

    def back(self, slope: Tensor) -> Tensor:
        """See `Product.back`."""
        return (self._half(self._weight).T @ self._half(slope)).float()

    def descend(self, slope: Tensor, received: Tensor, rate: float) -> None:
        """See `Product.descend`."""
        self.descend_measured(slope, received, rate)

    def descend_measured(self, slope: Tensor, received: Tensor, rate: float) -> Tensor:
        """See `Product.descend_measured`."""
        gradient = (self._half(slope) @ self._half(received).T).float()
        self._rounded.clear()
        return kernels(self._weight).descend(self._weight, self._alive, gradient, rate)

    def _half(self, tensor: Tensor) -> Tensor:
        """Round a tensor to bfloat16, once in a step: each is used in two products."""
        kept = self._rounded.get(id(tensor))
        if kept is None or kept[0] is not tensor:
            kept = self._rounded[id(tensor)] = tensor, tensor.bfloat16()
        return kept[1]


class Sparse:
    """Only the alive weights."""

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

    def forward(self, received: Tensor) -> Tensor:
        """See `Product.forward`."""
        given = received.new_empty((len(self._weight), received.shape[1]))
        sparse.multiply(
            self._weight, self._row_start, self._columns, received.numpy(), given.numpy()
        )  # fmt: skip
        return given

    def back(self, slope: Tensor) -> Tensor:
        """See `Product.back`."""
        given = slope.new_empty((self._weight.shape[1], slope.shape[1]))
        sparse.multiply(
            self._weight.T, self._column_start, self._rows, slope.numpy(), given.numpy()
        )
        return given

    def descend(self, slope: Tensor, received: Tensor, rate: float) -> None:
        """See `Product.descend`."""
        self.descend_measured(slope, received, rate)

    def descend_measured(self, slope: Tensor, received: Tensor, rate: float) -> Tensor:
        """See `Product.descend_measured`."""
        means = sparse.descend(
            self._weight, self._row_start, self._columns, slope.numpy(), received.numpy(),
            self._weight.dtype.type(rate),
        )  # fmt: skip
        return torch.from_numpy(means)


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
        See `Dense`.
    """
    form = "half" if half and weight.numel() >= HALF_FROM else "single"
    if weight.device.type == "cpu":
        count = kernels(weight).count(alive)
        if count < SPARSE_BELOW[form] * weight.numel():
            return Sparse(weight, alive, count)
    return HalfDense(weight, alive) if form == "half" else Dense(weight, alive, scratch)
