"""The kernels as compiled loops.

Each passes once over a layer that fits the second-level cache. Only sums are allowed to be
reordered by the compiler (so that they use vector units); choices and noise are computed exactly
as written, and come out the same without compilation.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from torch import Tensor

from synaprune.model.kernels.passing import (
    activate,
    descend_bias,
    descend_half,
    descend_half_measured,
    descend_rows,
    descend_rows_measured,
    gather,
    loss_slope,
    offset,
    rectify_back,
    sum_samples,
)
from synaprune.model.kernels.smallest import smallest

__all__ = [
    "PACKS", "activate", "clear", "corrupt", "count", "descend_bias", "descend_half",
    "descend_half_measured", "descend_rows", "descend_rows_measured", "fade", "gather", "hits",
    "loss_slope", "mean_alive", "moments", "native", "neighbours", "offset", "prune",
    "rectify_back", "revive", "smooth", "sum_samples",
]  # fmt: skip

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

_SUM = {"reassoc", "contract", "nsz"}


#: Share of a layer below which those that can be chosen are worth a list of their own.
_FEW = 0.3

#: Whether slopes may leave out silent units.
PACKS = True


def native(tensor: Tensor) -> NDArray[Any]:
    """See `Kernels.native`; bfloat16, which numpy does not know, as the bits of its numbers."""
    return tensor.view(torch.uint16).numpy() if tensor.dtype == torch.bfloat16 else tensor.numpy()


def count(alive: Tensor | Mask) -> int:
    """See `Kernels.count`."""
    return int(np.count_nonzero(_array(alive)))


def prune(
    values: Tensor | Array, alive: Tensor | Mask, keys: Tensor | Array, weak: int, chance: int
) -> Tensor:
    """See `Kernels.prune`."""
    flat, mask = _flat(values), _flat(alive)
    if np.count_nonzero(mask) < _FEW * len(mask):
        left = np.flatnonzero(mask)
        gone = smallest(np.abs(flat[left]), np.ones(len(left), np.bool_), weak)
        gone |= smallest(_flat(keys)[left], np.logical_not(gone), chance)
        marks = np.zeros(len(flat), np.bool_)
        marks[left[gone]] = True
    else:
        marks = smallest(np.abs(flat), mask, weak)
        marks |= smallest(_flat(keys), np.greater(mask, marks), chance)
    _remove(flat, mask, marks)
    return torch.from_numpy(marks)


def clear(values: Tensor | Array, alive: Tensor | Mask) -> None:
    """See `Kernels.clear`."""
    _clear(_flat(values), _flat(alive))


def corrupt(
    weight: Tensor | Array, where: Tensor | Mask, kept: float, spread: float, chance: Tensor | Array
) -> None:
    """See `Kernels.corrupt`."""
    flat = _flat(weight)
    cast = flat.dtype.type
    _corrupt(flat, _flat(where), cast(kept), cast(spread), _flat(chance))


def fade(weight: Tensor | Array, where: Tensor | Mask, kept: float) -> None:
    """See `Kernels.fade`."""
    flat = _flat(weight)
    _fade(flat, _flat(where), flat.dtype.type(kept))


def smooth(average: Array, values: Array, rate: float) -> None:
    """See `Kernels.smooth`."""
    flat = _flat(average)
    cast = flat.dtype.type
    _smooth(flat, _flat(values), cast(1.0 - rate), cast(rate))


def mean_alive(values: Array, alive: Mask, means: Array) -> None:
    """See `Kernels.mean_alive`."""
    _mean_alive(values, alive, means)


def neighbours(marks: Tensor | Mask, alive: Tensor | Mask, radius: int) -> Tensor:
    """See `Kernels.neighbours`."""
    flat = _flat(marks)
    size = len(flat)
    reach = min(radius, size)
    near = np.zeros(size + 2 * reach, np.bool_)
    near[reach : reach + size] = flat
    heard, window = 1, 2 * reach + 1
    while heard < window:  # each entry hears from a window ahead of it, which doubles
        step = min(heard, window - heard)
        near = np.bitwise_or(near[:-step], near[step:])
        heard += step
    return torch.from_numpy(np.bitwise_and(near, _flat(alive), out=near))


def revive(
    alive: Tensor | Mask, need: Tensor | Array, order: Tensor | Array, jitter: float, number: int
) -> Tensor:
    """See `Kernels.revive`."""
    mask, needs = _flat(alive), _array(need)
    late, slight = _flat(order), needs.dtype.type(jitter)
    dead = np.logical_not(mask)
    if np.count_nonzero(dead) < _FEW * len(dead):
        at = np.flatnonzero(dead)
        ranks = _ranks_of_few(at, needs, late, slight)
        back = at[smallest(ranks, np.ones(len(at), np.bool_), number)]
    else:
        back = np.flatnonzero(smallest(_ranks(needs, late, slight), dead, number))
    mask[back] = True
    return torch.from_numpy(back)


def hits(logits: Tensor, labels: Tensor) -> int:
    """See `Kernels.hits`."""
    return int(_hits(logits.numpy(), labels.numpy()))


def moments(weight: Tensor | Array) -> tuple[float, float]:
    """See `Kernels.moments`."""
    total, square = _moments(_flat(weight))
    return float(total), float(square)


def _array(tensor: Tensor | NDArray[Any]) -> NDArray[Any]:
    return tensor if isinstance(tensor, np.ndarray) else tensor.numpy()


def _flat(tensor: Tensor | NDArray[Any]) -> NDArray[Any]:
    """View numbers as one row without copying them."""
    return _array(tensor).reshape(-1)


@njit(cache=True)
def _remove(values, alive, marks):  # type: ignore[no-untyped-def]
    """Prune what is marked; two loops, because the compiler vectorises each but not both."""
    for i in range(len(values)):
        values[i] = values.dtype.type(0) if marks[i] else values[i]
    for i in range(len(values)):
        alive[i] &= not marks[i]


@njit(cache=True)
def _ranks(need, order, jitter):  # type: ignore[no-untyped-def]
    """Rank connections, those of the neediest units first."""
    ranks = np.empty(len(order), need.dtype)
    inputs = len(order) // len(need)
    for unit in range(len(need)):
        for i in range(unit * inputs, (unit + 1) * inputs):
            ranks[i] = -(need[unit] + jitter * order[i])
    return ranks


@njit(cache=True)
def _ranks_of_few(at, need, order, jitter):  # type: ignore[no-untyped-def]
    """Rank some connections, given by their positions, as `_ranks` does."""
    ranks = np.empty(len(at), need.dtype)
    inputs = len(order) // len(need)
    for i in range(len(at)):
        ranks[i] = -(need[at[i] // inputs] + jitter * order[at[i]])
    return ranks


@njit(cache=True)
def _clear(values, alive):  # type: ignore[no-untyped-def]
    for i in range(len(values)):
        values[i] = values[i] if alive[i] else values.dtype.type(0)


@njit(cache=True)
def _corrupt(weight, where, kept, spread, chance):  # type: ignore[no-untyped-def]
    for i in range(len(weight)):
        if where[i]:
            weight[i] = kept * weight[i] + spread * chance[i]


@njit(cache=True)
def _fade(weight, where, kept):  # type: ignore[no-untyped-def]
    for i in range(len(weight)):
        weight[i] = kept * weight[i] if where[i] else weight[i]


@njit(cache=True)
def _smooth(average, values, stays, rate):  # type: ignore[no-untyped-def]
    for i in range(len(average)):
        average[i] = stays * average[i] + rate * abs(values[i])


@njit(cache=True, fastmath=_SUM)
def _mean_alive(values, alive, means):  # type: ignore[no-untyped-def]
    zero, one = values.dtype.type(0), values.dtype.type(1)  # counting in floats is vectorised
    for unit in range(len(values)):
        size, count = zero, zero
        for i in range(values.shape[1]):
            size += abs(values[unit, i]) if alive[unit, i] else zero
            count += one if alive[unit, i] else zero
        means[unit] = size / max(count, one)


@njit(cache=True)
def _hits(logits, labels):  # type: ignore[no-untyped-def]
    classes, samples = logits.shape
    found = 0
    for sample in range(samples):
        best = 0
        for label in range(1, classes):
            if logits[label, sample] > logits[best, sample]:
                best = label
        found += best == labels[sample]
    return found


@njit(cache=True, fastmath=_SUM)
def _moments(weight):  # type: ignore[no-untyped-def]
    total = 0.0
    square = 0.0
    for i in range(len(weight)):
        wide = np.float64(weight[i])
        total += wide
        square += wide * wide
    return total, square
