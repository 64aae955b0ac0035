"""Products with the few weights that a pruned layer has left, as compiled loops.

Activations are (units, samples): a weight times a row of samples is one run of vector
instructions. Rows are taken four weights at a time, so that a sum stays in registers longer. The
order of a sum depends on the wiring alone, so results are the same in every process.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_SUM = {"reassoc", "contract", "nsz"}


@njit(cache=True)
def wire(alive, row_start, columns, column_start, rows):  # type: ignore[no-untyped-def]
    """List the alive by row and by column (compressed rows and columns).

    Parameters
    ----------
    alive
        bool, (units, inputs).
    row_start, columns
        Filled with the first entry of each row (and the end), and the column of each entry.
    column_start, rows
        The same by column.
    """
    units, inputs = alive.shape
    found = 0
    for unit in range(units):
        row_start[unit] = found
        for i in range(inputs):
            if alive[unit, i]:
                columns[found] = i
                column_start[i + 1] += 1
                found += 1
    row_start[units] = found
    for i in range(inputs):
        column_start[i + 1] += column_start[i]
    at = column_start.copy()
    for unit in range(units):
        for k in range(row_start[unit], row_start[unit + 1]):
            rows[at[columns[k]]] = unit
            at[columns[k]] += 1


@njit(cache=True, fastmath=_SUM)
def multiply(weight, row_start, columns, received, given, add):  # type: ignore[no-untyped-def]
    """``given = weight received`` over the alive, or add that to it: (units, samples).

    The way back is the same with the transposed weight and its list by column.
    """
    units, samples = given.shape
    total = np.empty(samples, given.dtype)
    for unit in range(units):
        total[:] = 0
        k, end = row_start[unit], row_start[unit + 1]
        while k + 4 <= end:
            a, b, c, d = columns[k], columns[k + 1], columns[k + 2], columns[k + 3]
            u, v, w, x = weight[unit, a], weight[unit, b], weight[unit, c], weight[unit, d]
            for s in range(samples):
                total[s] += (u * received[a, s] + v * received[b, s]) + (
                    w * received[c, s] + x * received[d, s]
                )
            k += 4
        while k < end:
            a, u = columns[k], weight[unit, columns[k]]
            for s in range(samples):
                total[s] += u * received[a, s]
            k += 1
        if add:
            given[unit] += total
        else:
            given[unit] = total


@njit(cache=True, fastmath=_SUM)
def descend(weight, row_start, columns, slope, received, rate):  # type: ignore[no-untyped-def]
    """Step the alive weights down their gradient."""
    units, samples = slope.shape
    zero = weight.dtype.type(0)
    rate = weight.dtype.type(rate)
    for unit in range(units):
        for k in range(row_start[unit], row_start[unit + 1]):
            i = columns[k]
            gradient = zero
            for s in range(samples):
                gradient += slope[unit, s] * received[i, s]
            weight[unit, i] -= rate * gradient
