"""Choosing the smallest of many keys, with ties settled by position.

Every random choice of the model is 'the smallest keys' of a full tensor of draws, so a choice can
be made by any algorithm, on any device, and come out the same.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor


def smallest(keys: Tensor, count: int) -> Tensor:
    """Mark the smallest keys; among equal keys the first ones.

    Parameters
    ----------
    keys
        One dimension, no NaN.
    count
        How many, 0 to the number of keys.

    Returns
    -------
    torch.Tensor
        bool, the shape of the keys, exactly `count` of them true.

    Examples
    --------
    >>> smallest(torch.tensor([3.0, 1.0, 1.0, 2.0, 1.0]), 2).tolist()
    [False, True, True, False, False]
    """
    if count <= 0:
        return torch.zeros_like(keys, dtype=torch.bool)
    if count >= len(keys):
        return torch.ones_like(keys, dtype=torch.bool)
    limit = _kth(keys, count)
    chosen = keys < limit
    missing = count - int(torch.count_nonzero(chosen))
    chosen[torch.nonzero(keys == limit).flatten()[:missing]] = True
    return chosen


def _kth(keys: Tensor, count: int) -> float | Tensor:
    """Find the key that is `count`-th smallest."""
    if keys.device.type == "cpu":
        # numpy's vectorised partition is ten times faster than torch's kthvalue here
        return float(np.partition(keys.numpy(), count - 1)[count - 1])
    return torch.kthvalue(keys, count).values
