"""Inner loops over one layer of one run, for each kind of device.

`cpu` compiles loops, `device` says the same in tensor operations (any device that torch knows).
Both change their first arguments in place and choose the same connections; a test holds them
against each other.
"""

from __future__ import annotations

from types import ModuleType
from typing import Protocol, cast

from torch import Tensor

from synaprune.model.kernels import cpu, device


class Kernels(Protocol):
    """What a module of kernels offers.

    Tensors of one layer of one run: values are (units, inputs) or, for biases, (units,); masks
    are bool of the same shape. Activations are (units, samples).
    """

    def count(self, alive: Tensor) -> int:
        """Count what is alive."""
        ...

    def prune(self, values: Tensor, alive: Tensor, keys: Tensor, weak: int, chance: int) -> Tensor:
        """Prune the `weak` smallest magnitudes, then `chance` of the rest by the smallest keys.

        Among equals the first go. Returns bool marks of what went, flat.
        """
        ...

    def clear(self, values: Tensor, alive: Tensor) -> None:
        """Set what is not alive to zero."""
        ...

    def corrupt(
        self, weight: Tensor, where: Tensor, kept: float, spread: float, chance: Tensor
    ) -> None:
        """Set ``w <- kept w + spread z`` wherever `where` (bool) holds."""
        ...

    def neighbours(self, marks: Tensor, alive: Tensor, radius: int) -> Tensor:
        """Mark the alive within a radius of a mark, along the flattened tensor."""
        ...

    def revive(
        self, alive: Tensor, need: Tensor, order: Tensor, jitter: float, number: int
    ) -> Tensor:
        """Bring back the dead with the greatest ``need + jitter order``; return flat positions.

        `need` is one number a unit.
        """
        ...

    def moments(self, weight: Tensor) -> tuple[float, float]:
        """Sum and sum of squares, in float64."""
        ...

    def activate(self, values: Tensor, bias: Tensor, noise: Tensor, sd: float) -> Tensor:
        """Add the bias, rectify, add noise, in place; mark which units were not silent."""
        ...

    def rectify_back(self, slope: Tensor, heard: Tensor) -> Tensor:
        """Stop the slope where the unit was silent, in place; return its sum over samples."""
        ...

    def descend(self, weight: Tensor, alive: Tensor, gradient: Tensor, rate: float) -> Tensor:
        """Step down the gradient where alive; return its mean magnitude there by unit, or 0."""
        ...

    def descend_bias(self, bias: Tensor, alive: Tensor, slope: Tensor, rate: float) -> None:
        """Step the alive biases down their slope."""
        ...

    def loss_slope(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Slope of the mean cross-entropy at the logits: (classes, samples)."""
        ...


def kernels(tensor: Tensor) -> Kernels:
    """Find the kernels for a tensor's device."""
    module: ModuleType = cpu if tensor.device.type == "cpu" else device
    return cast(Kernels, module)
