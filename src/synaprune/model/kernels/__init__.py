"""Inner loops over one layer of one run, for each kind of device.

`cpu` compiles loops, `device` says the same in tensor operations (any device that torch knows).
Both change their first arguments in place and choose the same connections; a test holds them
against each other.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Protocol, cast

from torch import Tensor

from synaprune.model.kernels import cpu, device


class Kernels(Protocol):
    """What a module of kernels offers.

    Tensors of one layer of one run, or what `native` gives for them: values are (units, inputs)
    or, for biases, (units,); masks are bool of the same shape. Activations are (units, samples).
    """

    #: Whether slopes may leave out silent units.
    PACKS: bool

    def native(self, tensor: Tensor) -> Any:
        """Give what the kernels take for a tensor; the same memory."""
        ...

    def count(self, alive: Any) -> int:
        """Count what is alive."""
        ...

    def prune(self, values: Any, alive: Any, keys: Any, weak: int, chance: int) -> Tensor:
        """Prune the `weak` smallest magnitudes, then `chance` of the rest by the smallest keys.

        Among equals the first go. Returns bool marks of what went, flat.
        """
        ...

    def clear(self, values: Any, alive: Any) -> None:
        """Set what is not alive to zero."""
        ...

    def corrupt(self, weight: Any, where: Any, kept: float, spread: float, chance: Any) -> None:
        """Set ``w <- kept w + spread z`` wherever `where` (bool) holds."""
        ...

    def fade(self, weight: Any, where: Any, kept: float) -> None:
        """Set ``w <- kept w`` wherever `where` (bool) holds."""
        ...

    def smooth(self, average: Any, values: Any, rate: float) -> None:
        """Move an average towards magnitudes, in place: ``a <- (1 - rate) a + rate |v|``."""
        ...

    def mean_alive(self, values: Any, alive: Any, means: Any) -> None:
        """Fill in each unit's mean magnitude over its alive inputs, 0 without any: (units,)."""
        ...

    def neighbours(self, marks: Any, alive: Any, radius: int) -> Tensor:
        """Mark the alive within a radius of a mark, along the flattened tensor."""
        ...

    def revive(self, alive: Any, need: Any, order: Any, jitter: float, number: int) -> Tensor:
        """Bring back the dead with the greatest ``need + jitter order``; return flat positions.

        `need` is one number a unit.
        """
        ...

    def hits(self, logits: Tensor, labels: Tensor) -> int:
        """Count the samples whose largest logit is their label."""
        ...

    def moments(self, weight: Any) -> tuple[float, float]:
        """Sum and sum of squares, in float64."""
        ...

    # The rest lies between the products of a pass, over a whole layer, and takes what `native`
    # gives. `bits` are the same numbers in bfloat16, or nothing of them. `rounded` says that the
    # numbers to start from stand there; `narrow` asks to round the result into it.

    def activate(
        self, values: Any, bits: Any, bias: Any, noise: Any, sd: float, heard: Any,
        rounded: bool, narrow: bool, first: bool,
    ) -> None:  # fmt: skip
        """Add the bias, rectify, add noise, in place; fill in which units were not silent.

        `first` adds the noise before rectifying.
        """
        ...

    def offset(
        self, values: Any, bits: Any, bias: Any, noise: Any, sd: float, rounded: bool
    ) -> None:
        """Add the bias and noise, in place."""
        ...

    def loss_slope(self, logits: Any, labels: Any, slope: Any) -> None:
        """Fill in the slope of the mean cross-entropy at the logits: (classes, samples)."""
        ...

    def sum_samples(self, slope: Any, bits: Any, sums: Any, narrow: bool) -> None:
        """Sum over the samples: (units,)."""
        ...

    def rectify_back(
        self, slope: Any, bits: Any, heard: Any, sums: Any, units: Any,
        rounded: bool, narrow: bool, pack: int,
    ) -> int:  # fmt: skip
        """Stop the slope where the unit was silent, in place, and sum it over the samples.

        Units that were silent in every sample are left out, from the first on, as many as make a
        multiple of `pack` (0: none): the others move up, in their order. Fills in `units`, those
        that stay; returns how many.
        """
        ...

    def gather(self, weight: Any, units: Any, rows: Any) -> None:
        """Copy the rows of some units."""
        ...

    def descend_rows(self, weight: Any, alive: Any, gradient: Any, units: Any, rate: float) -> None:
        """Step down the gradient where alive.

        The gradient has a row for each of the first entries of `units`; it is zero elsewhere.
        """
        ...

    def descend_rows_measured(
        self, weight: Any, alive: Any, gradient: Any, units: Any, rate: float, whole: Any
    ) -> None:
        """Step down as `descend_rows`; fill in the gradient of every weight, pruned ones too."""
        ...

    def descend_half(
        self, weight: Any, bits: Any, alive: Any, gradient: Any, units: Any, rate: float
    ) -> None:
        """Step down a gradient in bfloat16 as `descend_rows`; round the weights into `bits`."""
        ...

    def descend_half_measured(
        self, weight: Any, bits: Any, alive: Any, gradient: Any, units: Any, rate: float,
        whole: Any,
    ) -> None:  # fmt: skip
        """Step down as `descend_half`, and fill in as `descend_rows_measured`."""
        ...

    def descend_bias(self, bias: Any, alive: Any, slope: Any, rate: float) -> None:
        """Step the alive biases down their slope."""
        ...


def kernels(tensor: Any) -> Kernels:
    """Find the kernels for a tensor, or for what they take for one."""
    module: ModuleType = device if isinstance(tensor, Tensor) and not tensor.is_cpu else cpu
    return cast(Kernels, module)
