"""The kernels as compiled loops.

Each passes once over a layer that fits the second-level cache. Only sums are allowed to be
reordered by the compiler (so that they use vector units); choices and noise are computed exactly
as written, and come out the same without compilation.
"""

from __future__ import annotations

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

_SUM = {"reassoc", "contract", "nsz"}


def count(alive: Tensor) -> int:
    """See `Kernels.count`."""
    return int(np.count_nonzero(alive.numpy()))


def prune(values: Tensor, alive: Tensor, keys: Tensor, weak: int, chance: int) -> Tensor:
    """See `Kernels.prune`."""
    flat, mask = _flat(values), _flat(alive)
    sizes = _sizes(flat, mask)
    marks = _smallest(sizes, weak)
    marks |= _smallest(_left(_flat(keys), mask, marks), chance)
    _remove(flat, mask, marks)
    return torch.from_numpy(marks)


def clear(values: Tensor, alive: Tensor) -> None:
    """See `Kernels.clear`."""
    _clear(_flat(values), _flat(alive))


def corrupt(weight: Tensor, where: Tensor, kept: float, spread: float, chance: Tensor) -> None:
    """See `Kernels.corrupt`."""
    flat = _flat(weight)
    cast = flat.dtype.type
    _corrupt(flat, _flat(where), cast(kept), cast(spread), _flat(chance))


def neighbours(marks: Tensor, alive: Tensor, radius: int) -> Tensor:
    """See `Kernels.neighbours`."""
    return torch.from_numpy(_neighbours(_flat(marks), _flat(alive), radius))


def revive(alive: Tensor, need: Tensor, order: Tensor, jitter: float, number: int) -> Tensor:
    """See `Kernels.revive`."""
    mask, needs = _flat(alive), need.numpy()
    ranks = _ranks(mask, needs, _flat(order), needs.dtype.type(jitter))
    back = np.flatnonzero(_smallest(ranks, number))
    mask[back] = True
    return torch.from_numpy(back)


def moments(weight: Tensor) -> tuple[float, float]:
    """See `Kernels.moments`."""
    total, square = _moments(_flat(weight))
    return float(total), float(square)


def activate(values: Tensor, bias: Tensor, noise: Tensor, sd: float) -> Tensor:
    """See `Kernels.activate`."""
    array = values.numpy()
    return torch.from_numpy(_activate(array, bias.numpy(), noise.numpy(), array.dtype.type(sd)))


def rectify_back(slope: Tensor, heard: Tensor) -> Tensor:
    """See `Kernels.rectify_back`."""
    return torch.from_numpy(_rectify_back(slope.numpy(), heard.numpy()))


def descend(weight: Tensor, alive: Tensor, gradient: Tensor, rate: float) -> Tensor:
    """See `Kernels.descend`."""
    array = weight.numpy()
    means = _descend(array, alive.numpy(), gradient.numpy(), array.dtype.type(rate))
    return torch.from_numpy(means)


def descend_bias(bias: Tensor, alive: Tensor, slope: Tensor, rate: float) -> None:
    """See `Kernels.descend_bias`."""
    array = bias.numpy()
    _descend_bias(array, alive.numpy(), slope.numpy(), array.dtype.type(rate))


def loss_slope(logits: Tensor, labels: Tensor) -> Tensor:
    """See `Kernels.loss_slope`."""
    return torch.from_numpy(_loss_slope(logits.numpy(), labels.numpy()))


def _flat(tensor: Tensor) -> NDArray:  # type: ignore[type-arg]
    """View a tensor as one row without copying it."""
    return tensor.view(-1).numpy()


def _smallest(keys: Array, number: int) -> Mask:
    """Mark the `number` smallest keys, the first among equals; at least as many are finite."""
    if number <= 0:
        return np.zeros(len(keys), dtype=np.bool_)
    marks: Mask = _at_most(keys, np.partition(keys, number - 1)[number - 1], number)
    return marks


@njit(cache=True)
def _at_most(keys, limit, number):  # type: ignore[no-untyped-def]
    """Mark keys up to the limit, which is the `number`-th smallest."""
    marks = np.empty(len(keys), np.bool_)
    found = 0
    for i in range(len(keys)):
        marks[i] = keys[i] <= limit
        found += marks[i]
    last = len(keys)
    while found > number:  # more keys equal the limit than are wanted: the last of them stay
        last -= 1
        if keys[last] == limit:
            marks[last] = False
            found -= 1
    return marks


@njit(cache=True)
def _sizes(values, alive):  # type: ignore[no-untyped-def]
    """Magnitudes of the alive; infinite where dead."""
    sizes = np.empty(len(values), values.dtype)
    for i in range(len(values)):
        sizes[i] = abs(values[i]) if alive[i] else values.dtype.type(np.inf)
    return sizes


@njit(cache=True)
def _left(keys, alive, marks):  # type: ignore[no-untyped-def]
    """Keys of what is alive and not marked; infinite elsewhere."""
    left = np.empty(len(keys), keys.dtype)
    for i in range(len(keys)):
        left[i] = keys[i] if alive[i] and not marks[i] else keys.dtype.type(np.inf)
    return left


@njit(cache=True)
def _remove(values, alive, marks):  # type: ignore[no-untyped-def]
    """Prune what is marked; two loops, because the compiler vectorises each but not both."""
    for i in range(len(values)):
        values[i] = values.dtype.type(0) if marks[i] else values[i]
    for i in range(len(values)):
        alive[i] &= not marks[i]


@njit(cache=True)
def _ranks(alive, need, order, jitter):  # type: ignore[no-untyped-def]
    """Rank the dead, the neediest first; infinite where alive."""
    ranks = np.empty(len(alive), need.dtype)
    inputs = len(alive) // len(need)
    for unit in range(len(need)):
        for i in range(unit * inputs, (unit + 1) * inputs):
            score = need[unit] + jitter * order[i]
            ranks[i] = need.dtype.type(np.inf) if alive[i] else -score
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
def _neighbours(marks, alive, radius):  # type: ignore[no-untyped-def]
    size = len(marks)
    near = np.zeros(size, np.bool_)
    done = 0  # everything before it is settled
    for i in range(size):
        if marks[i]:
            for j in range(max(done, i - radius), min(size, i + radius + 1)):
                near[j] = alive[j]
            done = min(size, i + radius + 1)
    return near


@njit(cache=True, fastmath=_SUM)
def _moments(weight):  # type: ignore[no-untyped-def]
    total = 0.0
    square = 0.0
    for i in range(len(weight)):
        wide = np.float64(weight[i])
        total += wide
        square += wide * wide
    return total, square


@njit(cache=True)
def _activate(values, bias, noise, sd):  # type: ignore[no-untyped-def]
    units, samples = values.shape
    zero = values.dtype.type(0)
    heard = np.empty(values.shape, np.bool_)
    for unit in range(units):
        for sample in range(samples):
            value = max(values[unit, sample] + bias[unit], zero)
            heard[unit, sample] = value > zero
            values[unit, sample] = value + sd * noise[unit, sample]
    return heard


@njit(cache=True, fastmath=_SUM)
def _rectify_back(slope, heard):  # type: ignore[no-untyped-def]
    units, samples = slope.shape
    zero = slope.dtype.type(0)
    sums = np.empty(units, slope.dtype)
    for unit in range(units):
        total = zero
        for sample in range(samples):
            value = slope[unit, sample] if heard[unit, sample] else zero
            slope[unit, sample] = value
            total += value
        sums[unit] = total
    return sums


@njit(cache=True, fastmath=_SUM)
def _descend(weight, alive, gradient, rate):  # type: ignore[no-untyped-def]
    units, inputs = weight.shape
    zero = weight.dtype.type(0)
    means = np.empty(units, weight.dtype)
    for unit in range(units):
        size, count = zero, 0
        for i in range(inputs):
            step = gradient[unit, i] if alive[unit, i] else zero
            weight[unit, i] -= rate * step
            size += abs(step)
            count += alive[unit, i]
        means[unit] = size / max(count, 1)
    return means


@njit(cache=True)
def _descend_bias(bias, alive, slope, rate):  # type: ignore[no-untyped-def]
    for unit in range(len(bias)):
        if alive[unit]:
            bias[unit] -= rate * slope[unit]


@njit(cache=True)
def _loss_slope(logits, labels):  # type: ignore[no-untyped-def]
    classes, samples = logits.shape
    slope = np.empty_like(logits)
    for sample in range(samples):
        highest = logits[0, sample]
        for label in range(1, classes):
            highest = max(highest, logits[label, sample])
        total = logits.dtype.type(0)
        for label in range(classes):
            slope[label, sample] = np.exp(logits[label, sample] - highest)
            total += slope[label, sample]
        for label in range(classes):
            right = logits.dtype.type(labels[sample] == label)
            slope[label, sample] = (slope[label, sample] / total - right) / samples
    return slope
