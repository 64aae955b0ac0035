"""What decides how many connections there are, solved together from the counted targets.

Constants of pruning and regrowth and all base rates follow from targets that no network is needed
for, and a course costs milliseconds. Solving them for given flares, rather than searching them
beside everything else, leaves the search what only accuracy and NfL proxy show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import least_squares

from synaprune.calibration.counts.counting import Counter, check_forms, counted_alone
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.coordinates import Coordinates
from synaprune.calibration.space.parameter import COUNTS, SOLVED
from synaprune.calibration.space.space import Space
from synaprune.calibration.targets.observed import Float, observe, residual
from synaprune.calibration.targets.target import Target, scenarios_of
from synaprune.study.library.preset import Preset

#: Distance, in tolerances, up to which a target is content, and how much more the rest counts.
CONTENT, BEYOND = 0.8, 3.0

#: Weight of the distance itself: among solutions within tolerance the nearest value wins.
NEAR = 0.15

#: Weight of a change of a parameter: decides where targets leave it open.
PULL = 0.02

#: Step of a derivative: large enough to pass the steps of whole connections.
STEP = 0.02

#: How far from a bound a solution begins, which the solver wants to be inside.
INSIDE = 1e-9

#: Steps of the solver at most; each follows all courses once for every parameter.
EVALUATIONS = 25


def solve(
    space: Space,
    preset: Preset,
    counter: Counter,
    targets: Sequence[Target],
    *,
    hold: Collection[str] = (),
    evaluations: int = EVALUATIONS,
) -> dict[str, float]:
    """Solve the parameters of the stages *counts* and *solved* by least squares.

    The residuals of a target at a distance of r tolerances are 3 sign(r) max(0, |r| - 0.8), which
    reaches the tolerance first, and 0.15 r, which reaches the value second; each parameter is
    pulled weakly to where it started. Half median, half mean over patients stands for the median,
    which moves in steps.

    Parameters
    ----------
    space
        Says which parameters there are, and their bounds.
    preset
        Holds all other values, and where the solved begin.
    counter
        Follows the patients.
    targets
        Those that count connections and have a weight are used.
    hold
        Names of parameters that stay as they are.
    evaluations
        Steps of the solver at most.

    Returns
    -------
    dict
        Values of the solved parameters by name, within their bounds; of none without targets.
    """
    check_forms(Candidate(preset))
    counted, along = aims(targets), coordinates(space, hold)
    if not counted or not along.parameters:
        return {}
    return _Problem(space, preset, counter, counted, along).solved(evaluations)


def aims(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Those of the targets that are solved for."""
    return tuple(t for t in targets if counted_alone(t) and t.weight > 0)


def coordinates(space: Space, hold: Collection[str] = ()) -> Coordinates:
    """Along which a solution moves."""
    return Coordinates(
        tuple(p for p in space.stage(COUNTS, SOLVED) if not p.choices and p.name not in hold)
    )


@dataclass(frozen=True)
class _Problem:
    """Least squares over coordinates in which a step is equally large everywhere."""

    space: Space
    preset: Preset
    counter: Counter
    targets: tuple[Target, ...]
    along: Coordinates

    def solved(self, evaluations: int) -> dict[str, float]:
        """Values of the parameters, by name."""
        low, high = self.along.bounds
        origin = np.clip(self._origin, low + INSIDE, high - INSIDE)

        def slopes(x: Float) -> Float:
            here = self._residuals(x)
            columns = []
            for place in range(len(x)):
                step = STEP if x[place] + STEP < high[place] else -STEP
                moved = x.copy()
                moved[place] += step
                columns.append((self._residuals(moved) - here) / step)
            return np.stack(columns, axis=1)

        found = least_squares(
            self._residuals,
            origin,
            jac=slopes,
            bounds=(low, high),
            loss="soft_l1",
            x_scale=0.1,
            xtol=1e-3,
            ftol=1e-3,
            max_nfev=evaluations,
        )
        return self.along.values(found.x)

    @cached_property
    def _origin(self) -> Float:
        return self.along.of(self.space.start(self.preset))

    def _residuals(self, x: Float) -> Float:
        candidate = self.space.apply(self.preset, self.along.values(x))
        courses = self.counter.courses(candidate, scenarios_of(self.targets))
        shown = [observe(target, courses) for target in self.targets]
        middle = [0.5 * float(np.median(values)) + 0.5 * float(values.mean()) for values in shown]
        distances = np.array([residual(t, v) for t, v in zip(self.targets, middle, strict=True)])
        weight = np.sqrt([target.weight for target in self.targets])
        beyond = np.sign(distances) * np.maximum(0.0, np.abs(distances) - CONTENT)
        pull = PULL * (x - self._origin)
        return np.concatenate([BEYOND * weight * beyond, NEAR * weight * distances, pull])
