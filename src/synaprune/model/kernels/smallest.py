"""The smallest of many keys, for layers that fit the second-level cache.

Any way of finding them gives the same marks, ties included, with or without compilation.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.floating]
Mask = NDArray[np.bool_]

#: Up to so many keys a selection is compiled whole; beyond, numpy's vectorised passes are faster.
_SMALL = 2048

#: Every how many keys one is in the sample that a selection looks at first.
_STRIDE = 64


def smallest(keys: Array, among: Mask, number: int) -> Mask:
    """Mark the `number` smallest keys of those that may be chosen, the first among equals."""
    if number <= 0:
        return np.zeros(len(keys), np.bool_)
    if len(keys) <= _SMALL:
        marks: Mask = _smallest_of_few(keys, among, number)
        return marks
    limit = _limit(keys, among, number)
    marks = _up_to(keys, among, limit)
    excess = np.count_nonzero(marks) - number
    if excess:
        _unmark(keys, marks, limit, excess)
    return marks


def _limit(keys: Array, among: Mask, number: int) -> Any:
    """Find the `number`-th smallest key of those that may be chosen.

    A sample tells two keys that it lies between, in all but a few cases of a thousand; only what
    lies there as well is looked at closely. If the sample misleads, all keys are.
    """
    sample = keys[::_STRIDE][among[::_STRIDE]]
    rank, spread = number / _STRIDE, 3 * sqrt(number / _STRIDE) + 4
    first, last = int(rank - spread), int(rank + spread)
    sample.sort()
    low = sample[first] if 0 <= first < len(sample) else keys.dtype.type(-np.inf)
    high = sample[last] if last < len(sample) else keys.dtype.type(np.inf)
    lower, between = _parted(keys, among, low, high)
    left, place = keys[np.flatnonzero(between)], number - int(np.count_nonzero(lower)) - 1
    if not 0 <= place < len(left):
        left, place = _only(keys, among), number - 1
    left.partition(place)
    return left[place]


@njit(cache=True)
def _smallest_of_few(keys, among, number):  # type: ignore[no-untyped-def]
    limit = np.partition(_only(keys, among), number - 1)[number - 1]
    marks = _up_to(keys, among, limit)
    _unmark(keys, marks, limit, np.count_nonzero(marks) - number)
    return marks


@njit(cache=True)
def _parted(keys, among, low, high):  # type: ignore[no-untyped-def]
    """Mark what lies below two keys, and what from one to the other; a loop each is vectorised."""
    lower, between = np.empty(len(keys), np.bool_), np.empty(len(keys), np.bool_)
    for i in range(len(keys)):
        lower[i] = among[i] & (keys[i] < low)
    for i in range(len(keys)):
        between[i] = among[i] & (keys[i] >= low) & (keys[i] <= high)
    return lower, between


@njit(cache=True)
def _only(keys, among):  # type: ignore[no-untyped-def]
    """Keys of what may be chosen; infinite elsewhere."""
    left = np.empty(len(keys), keys.dtype)
    for i in range(len(keys)):
        left[i] = keys[i] if among[i] else keys.dtype.type(np.inf)
    return left


@njit(cache=True)
def _up_to(keys, among, limit):  # type: ignore[no-untyped-def]
    marks = np.empty(len(keys), np.bool_)
    for i in range(len(keys)):
        marks[i] = among[i] & (keys[i] <= limit)
    return marks


@njit(cache=True)
def _unmark(keys, marks, limit, excess):  # type: ignore[no-untyped-def]
    """More keys equal the limit than are wanted: the last of them stay."""
    last = len(keys)
    while excess > 0:
        last -= 1
        if marks[last] and keys[last] == limit:
            marks[last] = False
            excess -= 1
