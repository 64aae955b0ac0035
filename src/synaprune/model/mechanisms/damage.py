"""What corruption does to a weight: three forms that the paper's text alone allows.

The text perturbs surviving weights by an amount that grows with the aggregate and gives no
formula. Each form turns a strength m, 0 to 1, and a spread into two numbers: what a weight keeps,
and the spread of what is added to it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

#: (strength, spread) -> (share kept, spread added).
Damage = Callable[[float, float], tuple[float, float]]


def drift(strength: float, sd: float) -> tuple[float, float]:
    """Forget, and drift to noise of a fixed spread.

    ``w <- (1 - m) w + sqrt(1 - (1 - m)^2) sd z``: the weight keeps a correlation of 1 - m with what
    it was, and its variance moves towards sd squared, however often it is hurt.

    Examples
    --------
    >>> kept, added = drift(0.2, 0.1)
    >>> round(kept, 12), round(added, 12)
    (0.8, 0.06)
    """
    kept = 1.0 - strength
    return kept, sqrt(1.0 - kept * kept) * sd


def add(strength: float, sd: float) -> tuple[float, float]:
    """Add noise and forget nothing: ``w <- w + m sd z``; the spread grows without an end."""
    return 1.0, strength * sd


def fade(strength: float, sd: float) -> tuple[float, float]:  # noqa: ARG001 - as all forms
    """Forget and add nothing: ``w <- (1 - m) w``; the spread shrinks to nothing."""
    return 1.0 - strength, 0.0


def adds(damage: Damage) -> bool:
    """Whether a form adds anything, and so needs noise to be drawn.

    Examples
    --------
    >>> adds(drift), adds(fade)
    (True, False)
    """
    return damage(1.0, 1.0)[1] > 0.0
