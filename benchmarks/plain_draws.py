"""Where the plain network's chance comes from, and how it picks the smallest of many.

Every draw is asked for by name. A provider may honour the name (the project's tests pass one, so
that two implementations see the same patient) or ignore it, as `TorchDraws` does for speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor


class Draws(Protocol):
    """What a provider of random numbers offers; all tensors are of the run's precision."""

    def normal(
        self,
        purpose: str,
        shape: Sequence[int],
        *,
        cycle: int | None = None,
        layer: str | None = None,
        step: int = 0,
    ) -> Tensor:
        """Draw standard normal numbers."""
        ...

    def uniform(
        self,
        purpose: str,
        shape: Sequence[int],
        *,
        cycle: int | None = None,
        layer: str | None = None,
        step: int = 0,
    ) -> Tensor:
        """Draw uniform numbers in [0, 1)."""
        ...

    def integers(
        self,
        purpose: str,
        shape: Sequence[int],
        high: int,
        *,
        cycle: int | None = None,
        step: int = 0,
    ) -> Tensor:
        """Draw int64 numbers, uniform in 0 ... high - 1."""
        ...


class TorchDraws:
    """One torch generator that hands out numbers in the order of the calls.

    Parameters
    ----------
    seed
        Seed of the generator.
    dtype
        Precision of the normal and uniform numbers.

    Examples
    --------
    >>> draws = TorchDraws(1, torch.float64)
    >>> draws.uniform("split", (3,)).dtype
    torch.float64
    """

    def __init__(self, seed: int, dtype: torch.dtype = torch.float32) -> None:
        self.generator = torch.Generator().manual_seed(seed)
        self.dtype = dtype

    def normal(
        self,
        purpose: str,  # noqa: ARG002
        shape: Sequence[int],
        *,
        cycle: int | None = None,  # noqa: ARG002
        layer: str | None = None,  # noqa: ARG002
        step: int = 0,  # noqa: ARG002
    ) -> Tensor:
        """Take the next standard normal numbers; the name plays no part."""
        return torch.randn(tuple(shape), generator=self.generator, dtype=self.dtype)

    def uniform(
        self,
        purpose: str,  # noqa: ARG002
        shape: Sequence[int],
        *,
        cycle: int | None = None,  # noqa: ARG002
        layer: str | None = None,  # noqa: ARG002
        step: int = 0,  # noqa: ARG002
    ) -> Tensor:
        """Take the next uniform numbers; the name plays no part."""
        return torch.rand(tuple(shape), generator=self.generator, dtype=self.dtype)

    def integers(
        self,
        purpose: str,  # noqa: ARG002
        shape: Sequence[int],
        high: int,
        *,
        cycle: int | None = None,  # noqa: ARG002
        step: int = 0,  # noqa: ARG002
    ) -> Tensor:
        """Take the next integers; the name plays no part."""
        return torch.randint(high, tuple(shape), generator=self.generator)


def smallest(keys: Tensor, count: int, *, exact: bool) -> Tensor:
    """Find the positions of the smallest keys.

    Parameters
    ----------
    keys
        One-dimensional.
    count
        How many; at most ``len(keys)``.
    exact
        Whether the lowest position wins among equal keys. Otherwise any of them may, and the
        selection is many times faster.

    Returns
    -------
    Tensor
        Positions; their order means nothing.

    Examples
    --------
    >>> smallest(torch.tensor([2.0, 1.0, 1.0]), 1, exact=True).tolist()
    [1]
    """
    if exact:
        return torch.argsort(keys, stable=True)[:count]
    return torch.topk(keys, count, largest=False, sorted=False).indices
