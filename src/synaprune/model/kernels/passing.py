"""Compiled loops between the products of a pass, over one layer at a time.

They take what `cpu.native` gives. Numbers in bfloat16 come as the upper half of the bits of a
number in single precision; they are widened and rounded (to nearest, ties to even) on the way, row
by row, so that it costs no pass of its own. Only sums are allowed to be reordered by the compiler;
everything else is computed exactly as written.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

_SUM = {"reassoc", "contract", "nsz"}


@njit(cache=True)
def _widen(bits, wide):  # type: ignore[no-untyped-def]
    """Turn a row in bfloat16 into one in single precision, given as its bits."""
    for i in range(len(bits)):
        wide[i] = np.uint32(bits[i]) << np.uint32(16)


@njit(cache=True)
def _round(wide, bits):  # type: ignore[no-untyped-def]
    """Round a row in single precision, given as its bits, to bfloat16."""
    for i in range(len(bits)):
        odd = (wide[i] >> np.uint32(16)) & np.uint32(1)
        bits[i] = np.uint16((wide[i] + np.uint32(0x7FFF) + odd) >> np.uint32(16))


@njit(cache=True)
def activate(values, bits, bias, noise, sd, heard, rounded, narrow, first):  # type: ignore[no-untyped-def]
    """See `Kernels.activate`."""
    units, samples = values.shape
    zero = values.dtype.type(0)
    sd = values.dtype.type(sd)
    wide = values.view(np.uint32)
    for unit in range(units):
        if rounded:
            _widen(bits[unit], wide[unit])
        if first:
            for sample in range(samples):
                shifted = values[unit, sample] + bias[unit]
                value = max(shifted + sd * noise[unit, sample], zero)
                heard[unit, sample] = value > zero
                values[unit, sample] = value
        else:
            for sample in range(samples):
                value = max(values[unit, sample] + bias[unit], zero)
                heard[unit, sample] = value > zero
                values[unit, sample] = value + sd * noise[unit, sample]
        if narrow:
            _round(wide[unit], bits[unit])


@njit(cache=True, fastmath={"contract"})
def offset(values, bits, bias, noise, sd, rounded):  # type: ignore[no-untyped-def]
    """See `Kernels.offset`."""
    units, samples = values.shape
    sd = values.dtype.type(sd)
    wide = values.view(np.uint32)
    for unit in range(units):
        if rounded:
            _widen(bits[unit], wide[unit])
        for sample in range(samples):
            shifted = values[unit, sample] + bias[unit]
            values[unit, sample] = shifted + sd * noise[unit, sample]


@njit(cache=True)
def loss_slope(logits, labels, slope):  # type: ignore[no-untyped-def]
    """See `Kernels.loss_slope`."""
    classes, samples = logits.shape
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


@njit(cache=True, fastmath=_SUM)
def sum_samples(slope, bits, sums, narrow):  # type: ignore[no-untyped-def]
    """See `Kernels.sum_samples`."""
    units, samples = slope.shape
    wide = slope.view(np.uint32)
    for unit in range(units):
        whole = slope.dtype.type(0)
        for sample in range(samples):
            whole += slope[unit, sample]
        sums[unit] = whole
        if narrow:
            _round(wide[unit], bits[unit])


@njit(cache=True)
def _any(heard):  # type: ignore[no-untyped-def]
    loud = False
    for sample in range(len(heard)):
        loud |= heard[sample]
    return loud


@njit(cache=True, fastmath=_SUM)
def rectify_back(slope, bits, heard, sums, units, rounded, narrow, pack):  # type: ignore[no-untyped-def]
    """See `Kernels.rectify_back`.

    The sum stands here and not in a function of its own: how a called sum is put in order differs
    between a fresh compilation and a stored one.
    """
    wide = slope.view(np.uint32)
    zero = slope.dtype.type(0)
    loud, silent = np.ones(len(slope), np.bool_), 0
    if pack:
        for unit in range(len(slope)):
            loud[unit] = _any(heard[unit])
            silent += not loud[unit]
    spared = silent // pack * pack if pack else 0
    live, left_out = 0, 0
    for unit in range(len(slope)):
        if left_out < spared and not loud[unit]:
            left_out += 1
            sums[unit] = 0
            continue
        if rounded:
            _widen(bits[unit], wide[unit])
        whole = zero
        for sample in range(slope.shape[1]):
            value = slope[unit, sample] if heard[unit, sample] else zero
            slope[unit, sample] = value
            whole += value
        sums[unit] = whole
        if live < unit:
            slope[live] = slope[unit]
        if narrow:
            _round(wide[live], bits[live])
        units[live] = unit
        live += 1
    return live


def gather(weight: NDArray[Any], units: NDArray[np.int64], rows: NDArray[Any]) -> None:
    """See `Kernels.gather`."""
    np.take(weight, units[: len(rows)], axis=0, out=rows, mode="clip")


@njit(cache=True, fastmath={"contract"})
def descend_rows(weight, alive, gradient, units, rate):  # type: ignore[no-untyped-def]
    """See `Kernels.descend_rows`."""
    inputs = weight.shape[1]
    zero = weight.dtype.type(0)
    rate = weight.dtype.type(rate)
    for row in range(len(gradient)):
        unit = units[row]
        for i in range(inputs):
            step = gradient[row, i] if alive[unit, i] else zero
            weight[unit, i] -= rate * step


@njit(cache=True, fastmath={"contract"})
def descend_rows_measured(weight, alive, gradient, units, rate, whole):  # type: ignore[no-untyped-def]
    """See `Kernels.descend_rows_measured`."""
    whole[:] = weight.dtype.type(0)
    for row in range(len(gradient)):
        whole[units[row]] = gradient[row]
    descend_rows(weight, alive, gradient, units, rate)


@njit(cache=True, fastmath={"contract"})
def descend_half(weight, bits, alive, gradient, units, rate):  # type: ignore[no-untyped-def]
    """See `Kernels.descend_half`."""
    inputs = weight.shape[1]
    wider = np.empty(inputs, np.float32)
    wide, weights = wider.view(np.uint32), weight.view(np.uint32)
    zero, rate = np.float32(0), np.float32(rate)
    for row in range(len(gradient)):
        unit = units[row]
        _widen(gradient[row], wide)
        for i in range(inputs):
            step = wider[i] if alive[unit, i] else zero
            weight[unit, i] -= rate * step
        _round(weights[unit], bits[unit])


@njit(cache=True, fastmath={"contract"})
def descend_half_measured(weight, bits, alive, gradient, units, rate, whole):  # type: ignore[no-untyped-def]
    """See `Kernels.descend_half_measured`."""
    whole[:] = np.float32(0)
    wide = whole.view(np.uint32)
    for row in range(len(gradient)):
        _widen(gradient[row], wide[units[row]])
    descend_half(weight, bits, alive, gradient, units, rate)


@njit(cache=True)
def descend_bias(bias, alive, slope, rate):  # type: ignore[no-untyped-def]
    """See `Kernels.descend_bias`."""
    rate = bias.dtype.type(rate)
    for unit in range(len(bias)):
        if alive[unit]:
            bias[unit] -= rate * slope[unit]
