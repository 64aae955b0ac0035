"""A solution refined: more targets met by patients who were not looked at.

Least squares brings targets near, and where they pull against each other shares the misses among
them. What counts in the end is how many of them fresh patients meet, by the rule of the paper's
comparison. That is a sum of chances, which jumps where counts do, so an evolution strategy climbs
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf, sqrt

import numpy as np
from scipy.special import ndtr
from scipy.stats import binom

from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.counts.solving import INSIDE, aims, coordinates
from synaprune.calibration.space.space import Point, Space
from synaprune.calibration.targets.loss import penalty
from synaprune.calibration.targets.observed import Courses, observe, residual
from synaprune.calibration.targets.target import Target, scenarios_of
from synaprune.engine.randomness import generator
from synaprune.paper.cells import NEAR_SHARE
from synaprune.paper.intervals import QUANTILES
from synaprune.paper.tolerance import SLACK
from synaprune.study.library.preset import Preset

#: Patients who are meant; as many as the verification of the shipped preset has.
FRESH = 64

#: Standard deviation of the first steps: 4 % of a value, or of the bounds of a linear scale.
SPREAD = 0.04

#: Weight of the loss: it shows the way where no chance is in sight, and keeps a target from being
#: given up for another (at six tolerances it costs a whole one).
FAR = 0.1


def refine(
    space: Space,
    preset: Preset,
    point: Point,
    counter: Counter,
    targets: Sequence[Target],
    *,
    generations: int,
    seed: Sequence[int],
) -> dict[str, float]:
    """Climb from a solution to where most targets are met, by CMA-ES.

    Parameters
    ----------
    space
        Says which parameters there are, and their bounds.
    preset
        Holds all values outside the space.
    point
        The solution.
    counter
        Follows the patients.
    targets
        Those that count connections and have a weight are used.
    generations
        Steps; each follows all courses 4 + floor(3 ln n) times for n parameters.
    seed
        Of the draws.

    Returns
    -------
    dict
        The best values seen, those of `point` where none are better.
    """
    from cmaes import CMA

    counted, along = aims(targets), coordinates(space)
    if not counted or not along.parameters:
        return {}
    low, high = along.bounds
    origin = np.clip(along.of(point), low + INSIDE, high - INSIDE)

    def promising(x: np.ndarray) -> float:
        candidate = space.apply(preset, {**point, **along.values(x)})
        return promise(counted, counter.courses(candidate, scenarios_of(counted)))

    best, most = origin, promising(origin)
    climber = CMA(
        mean=origin, sigma=SPREAD, bounds=np.stack([low, high], axis=1),
        seed=int(generator(*seed).integers(2**31)),
    )  # fmt: skip
    for _ in range(generations):
        told = []
        for _ in range(climber.population_size):
            x = climber.ask()
            here = promising(x)
            told.append((x, -here))
            if here > most:
                best, most = x, here
        climber.tell(told)
    return along.values(best)


def promise(targets: Sequence[Target], courses: Courses) -> float:
    """Weight of the targets that fresh patients are expected to meet, less a little of the loss.

    Parameters
    ----------
    targets
        Targets with a weight.
    courses
        Of many patients.
    """
    total = 0.0
    for target in targets:
        shown = observe(target, courses)
        far = float(penalty(residual(target, float(np.median(shown)))))
        total += target.weight * (chance(target, shown) - FAR * far)
    return total


def chance(target: Target, shown: np.ndarray, fresh: int = FRESH) -> float:
    """Chance that fresh patients meet a target.

    They do when their median lies within the tolerance, and a single number also as the paper's
    comparison has it: inside the patients' band, with enough of them within the tolerance.

    Parameters
    ----------
    target
        What is held against them.
    shown
        One number a patient, of many.
    fresh
        Patients who are meant.

    Examples
    --------
    >>> target = Target("x", "mdd", "untreated", "", "nfl_proxy", "final", 50, 60, 5, 1, "x")
    >>> round(chance(target, np.array([40.0, 50.0, 60.0, 70.0])), 3)
    1.0
    >>> round(chance(target, np.array([50.0, 60.0, 70.0, 80.0])), 3)
    0.5
    """
    margin = (1 + SLACK) * target.tolerance
    below, above = target.low - margin, target.high + margin
    middle = _median_between(below, above, shown, fresh)
    if target.low < target.high:
        return middle
    return max(middle, _band_reaches(target.low, margin, shown, fresh))


def _median_between(below: float, above: float, shown: np.ndarray, fresh: int) -> float:
    """A median lies below a bound when half of the patients do: binomial, here taken as normal."""
    scale = 2 * sqrt(fresh)
    under = float(np.mean(shown < below)) if below > -inf else 0.0
    up_to = float(np.mean(shown <= above)) if above < inf else 1.0
    return float(ndtr(scale * (up_to - 0.5)) - ndtr(scale * (under - 0.5)))


def _band_reaches(value: float, margin: float, shown: np.ndarray, fresh: int) -> float:
    """Enough patients lie on either side of a value, and enough of them near it."""
    outer = ceil(QUANTILES[0] * (fresh - 1))
    sides = (
        (np.mean(shown <= value), outer),
        (np.mean(shown >= value), outer),
        (np.mean(np.abs(shown - value) <= margin), ceil(NEAR_SHARE * fresh)),
    )
    return min(float(binom.sf(needed - 1, fresh, share)) for share, needed in sides)
