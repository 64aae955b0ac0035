"""Products with one layer's weights, in the form that suits how much of the layer is left.

The form follows from the density alone, never from timing, so that a run gives the same bytes
wherever and whenever it is computed on one kind of machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from torch import Tensor

from synaprune.model.kernels import kernels
from synaprune.model.products.dense import Dense, HalfDense, Scratch
from synaprune.model.products.sparse import Sparse
from synaprune.model.products.together import Together
from synaprune.model.signals import Signal, Slope

#: Share of alive weights below which products run over the alive alone, in float32 and in bfloat16:
#: where that is faster than dense products, by the processor below 20 to 40 % and 6 to 18 %.
SPARSE_BELOW = {"single": 0.3, "half": 0.12}

#: Weights of the smallest layer that gains from bfloat16: below it rounding costs more.
HALF_FROM = 32_768

#: Weights from which layers that receive the same are multiplied as one in bfloat16: the 24,576 of
#: the paper's streams gain.
TOGETHER_FROM = 16_384

#: Weights of the smallest layer that gains from leaving silent units out on the way back.
PACKED_FROM = 32_768

#: Silent units left out at a time: in bfloat16 the library compiles products anew for every shape.
PACK = {"single": 1, "half": 16}

#: Raised whenever products round otherwise.
SPARSE_VERSION = 5


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

    def descend_measured(self, slope: Slope, received: Signal, rate: float, gradient: Any) -> None:
        """Step down as `descend` does, and measure.

        Parameters
        ----------
        slope, received, rate
            As in `descend`.
        gradient
            Filled with the gradient of every weight, pruned ones included: (units, inputs), as
            kernels take it. None leaves that out; the step is the same to the last bit.
        """
        ...


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
    form = _form(weight, half=half)
    if weight.is_cpu:
        count = kernels(weight).count(alive)
        if count < SPARSE_BELOW[form] * weight.numel():
            return Sparse(weight, alive, count)
    return _DENSE[form](weight, alive, scratch, packs=_packs(weight, form))


def products(
    weights: Sequence[Tensor],
    alive: Sequence[Tensor],
    together: Sequence[Sequence[int]] = (),
    *,
    half: bool = False,
    scratch: Scratch | None = None,
) -> list[Product]:
    """Choose the form for every layer of one run.

    Parameters
    ----------
    weights, alive, half, scratch
        Of each layer, as in `product`.
    together
        Positions of layers that may be multiplied as one; see `Together`.
    """
    made = [product(*layer, half=half, scratch=scratch)
            for layer in zip(weights, alive, strict=True)]  # fmt: skip
    for group in together if half else ():
        large = sum(weights[position].numel() for position in group) >= TOGETHER_FROM
        if large and all(isinstance(made[position], Dense) for position in group):
            joined = Together(
                [weights[position] for position in group],
                [alive[position] for position in group],
                scratch,
            )
            for position, member in zip(group, joined.members(), strict=True):
                made[position] = member
    return made


def dense_product(weight: Tensor, alive: Tensor, *, half: bool = False) -> Dense | HalfDense:
    """Give the dense form of a layer, for pretraining.

    Silent units are left out in bfloat16 only: in single precision it would round otherwise, and
    every healthy network would change.

    Parameters
    ----------
    weight, alive, half
        As in `product`.
    """
    form = _form(weight, half=half)
    return _DENSE[form](weight, alive, packs=_packs(weight, form) if form == "half" else 0)


def _form(weight: Tensor, *, half: bool) -> str:
    return "half" if half and weight.numel() >= HALF_FROM else "single"


def _packs(weight: Tensor, form: str) -> int:
    gains = weight.numel() >= PACKED_FROM and kernels(weight).PACKS
    return PACK[form] if gains else 0


_DENSE: dict[str, type[Dense] | type[HalfDense]] = {"single": Dense, "half": HalfDense}
