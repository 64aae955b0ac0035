"""Step 1, treatment: how much of each drug is there, and what the drugs together do.

A drug modifies named quantities of the model (noise, pruning, regrowth, learning rate,
clearance); no mechanism ever sees a drug's name. Several drugs combine as independent
modifications: reductions and gains multiply, regrowth strengths add (silent: the paper gives one
drug at a time).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


class Drug(Protocol):
    """What the model needs to know of a drug (see `synaprune.study.Drug`)."""

    @property
    def half_life(self) -> float: ...  # noqa: D102
    @property
    def noise_reduction(self) -> float: ...  # noqa: D102
    @property
    def pruning_reduction(self) -> float: ...  # noqa: D102
    @property
    def regrowth(self) -> float: ...  # noqa: D102
    @property
    def learning_rate_gain(self) -> float: ...  # noqa: D102
    @property
    def clearance_gain(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Effects:
    """Combined effect of all drugs.

    Attributes
    ----------
    noise, pruning, learning_rate, clearance
        Factors; 1 without a drug.
    regrowth
        Strength; 0 without a drug.
    guidance
        Level of the drug that promotes regrowth, of several the highest; 0 without one.

    All have the same shape: (cycles,) for one arm, (runs, cycles) stacked, (runs,) in a cycle.
    """

    noise: Float
    pruning: Float
    learning_rate: Float
    clearance: Float
    regrowth: Float
    guidance: Float

    @classmethod
    def stacked(cls, courses: Sequence[Effects]) -> Effects:
        """Stack the courses of several runs on a leading axis."""
        return cls(
            *(np.stack([getattr(course, name) for course in courses]) for name in cls.__slots__)
        )

    def at(self, cycle: int) -> Effects:
        """Take one cycle out of stacked courses."""
        return Effects(*(getattr(self, name)[:, cycle] for name in Effects.__slots__))


def levels(doses: Iterable[int], half_life: float, cycles: int, floor: float) -> Float:
    """Level of a drug in each cycle.

    A dose sets the level to 1, also while some of the last dose is left (silent); it halves
    every half-life and ends once it is at or below the floor (Treatment Implementation).

    Parameters
    ----------
    doses
        Cycles with a dose.
    half_life
        In cycles.
    cycles
        Length of the course.
    floor
        Level at and below which a drug has no effect.

    Returns
    -------
    numpy.ndarray
        (cycles,), each in 0 to 1.

    Examples
    --------
    >>> levels([1], half_life=1, cycles=7, floor=0.05)
    array([0.    , 1.    , 0.5   , 0.25  , 0.125 , 0.0625, 0.    ])
    """
    level = np.zeros(cycles)
    since: int | None = None
    given = frozenset(doses)
    for cycle in range(cycles):
        since = 0 if cycle in given else (None if since is None else since + 1)
        if since is not None:
            left = 0.5 ** (since / half_life)
            level[cycle] = left if left > floor else 0.0
    return level


def course(
    doses: Mapping[str, Sequence[int]], drugs: Mapping[str, Drug], cycles: int, floor: float
) -> Effects:
    """Effects of one arm over all cycles.

    Parameters
    ----------
    doses
        Dose cycles by drug name; empty for an untreated arm.
    drugs
        The drugs by name.
    cycles
        Length of the course.
    floor
        See `levels`.

    Returns
    -------
    Effects
        Arrays of shape (cycles,).
    """
    noise, pruning, rate, clearance = (np.ones(cycles) for _ in range(4))
    regrowth, guidance = np.zeros(cycles), np.zeros(cycles)
    for name in sorted(doses):
        drug = drugs[name]
        level = levels(doses[name], drug.half_life, cycles, floor)
        noise *= 1 - drug.noise_reduction * level
        pruning *= 1 - drug.pruning_reduction * level
        rate *= 1 + drug.learning_rate_gain * level
        clearance *= 1 + drug.clearance_gain * level
        regrowth += drug.regrowth * level
        if drug.regrowth > 0:
            guidance = np.maximum(guidance, level)
    return Effects(noise, pruning, rate, clearance, regrowth, guidance)
