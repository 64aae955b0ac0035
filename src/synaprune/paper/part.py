"""One number of a claim, and what it says about it.

A claim often states several things at once; each becomes a part, so that a claim that misses
shows where.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One computed number beside what the paper says.

    Attributes
    ----------
    name
        What was computed, in words.
    estimate, lower, upper
        Median over patients with 2.5 and 97.5 % quantiles, or a mean twin difference with its
        95 % t interval (NaN for one patient).
    n
        Number of patients.
    published
        What the paper says of this number, as text.
    direction_holds
        Whether the stated order or direction holds; None where none is stated.
    size_holds
        Whether the stated size holds; None where none is stated.
    counts
        False for a number shown for comparison only.
    note
        How it was judged, or why there is no interval.
    """

    name: str
    estimate: float
    lower: float
    upper: float
    n: int
    published: str
    direction_holds: bool | None = None
    size_holds: bool | None = None
    counts: bool = True
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing stated of this part fails."""
        return self.direction_holds is not False and self.size_holds is not False
