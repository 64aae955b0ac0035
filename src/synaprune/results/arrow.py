"""Columns of a block for Arrow, from numpy.

Arrow's own conversion of arrays loads pandas first, which takes a new process a third of a second
and is used for nothing else there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def numbers(values: NDArray[Any]) -> pa.Array:
    """Give whole numbers, floats or booleans, none of them missing, as a column.

    Parameters
    ----------
    values
        One dimension.

    Examples
    --------
    >>> numbers(np.array([True, False, True])).to_pylist()
    [True, False, True]
    """
    kind = pa.from_numpy_dtype(values.dtype)
    packed = np.packbits(values, bitorder="little") if values.dtype == np.bool_ else values
    content = pa.py_buffer(np.ascontiguousarray(packed))
    return pa.Array.from_buffers(kind, len(values), [None, content])


def names(indices: NDArray[np.int32], known: Sequence[str]) -> pa.DictionaryArray:
    """Give names, of which few differ, as a column.

    Parameters
    ----------
    indices
        Which of the known names stands in each row.
    known
        The names.

    Examples
    --------
    >>> names(np.array([0, 1, 1], dtype=np.int32), ["untreated", "early"]).to_pylist()
    ['untreated', 'early', 'early']
    """
    encoded = [name.encode() for name in known]
    ends = pa.py_buffer(np.cumsum([0, *map(len, encoded)], dtype=np.int32))
    text = pa.StringArray.from_buffers(len(known), ends, pa.py_buffer(b"".join(encoded)))
    return pa.DictionaryArray.from_arrays(numbers(indices), text)
