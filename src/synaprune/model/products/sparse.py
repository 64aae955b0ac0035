"""Products over the alive weights of a layer alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from synaprune.model.kernels import sparse
from synaprune.model.signals import Signal, Slope


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
        sparse.descend(
            self._weight, self._row_start, self._columns, slope.values, received.values, rate
        )

    def descend_measured(self, slope: Slope, received: Signal, rate: float, gradient: Any) -> None:
        """See `Product.descend_measured`; the step does not follow from the gradient shown."""
        if gradient is not None:
            torch.mm(slope.single, received.single.T, out=torch.from_numpy(gradient))
        self.descend(slope, received, rate)
