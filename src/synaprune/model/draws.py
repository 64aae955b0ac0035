"""What a mechanism may ask of chance.

The model does not know where random numbers come from; it names what it needs. A `Draws` object
speaks for one patient, before the disease or in one cycle. The shape asked for is always the full
tensor's, never the survivors', so that what one run has lost cannot shift another run's numbers.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor


class Draws(Protocol):
    """Named random numbers of one patient at one time.

    The same name gives the same numbers, however often and in whatever order it is asked for.
    """

    def normal(
        self, purpose: str, shape: tuple[int, ...], *, layer: str = "", step: int = 0
    ) -> Tensor:
        """Draw independent N(0, 1) numbers in the run's precision."""
        ...

    def uniform(
        self, purpose: str, shape: tuple[int, ...], *, layer: str = "", step: int = 0
    ) -> Tensor:
        """Draw independent U[0, 1) numbers in the run's precision."""
        ...

    def series(self, purpose: str, start: int, count: int) -> NDArray[np.float64]:
        """Take U[0, 1) numbers of one endless row of the patient, whatever the cycle: (count,)."""
        ...

    def integers(self, purpose: str, shape: tuple[int, ...], high: int, *, step: int = 0) -> Tensor:
        """Draw independent int64 numbers, uniform on 0 to high - 1."""
        ...
