"""A constant that only networks show, at other values while all else stays: where it gets worse.

Everything fitted again at each value would be a calibration a value. On a slice only that is solved
again which the constant decides without networks: the base rates, where flares come otherwise. So
what fits on a slice fits, and a range read off it can only be wider.

Losses of a few patients scatter. A value counts as worse where its loss rises by more than chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from synaprune.calibration.search.trial import joined, network_scenarios, simulated
from synaprune.calibration.sensitivity.chance import hairs, told_from_chance
from synaprune.calibration.sensitivity.ground import Ground
from synaprune.calibration.sensitivity.held import lowest
from synaprune.calibration.sensitivity.kept import Kept
from synaprune.calibration.sensitivity.ranges import allowed_worsening
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.space import NETWORKS, Parameter, Point
from synaprune.calibration.targets.loss import loss
from synaprune.calibration.targets.observed import Courses, fits
from synaprune.calibration.targets.target import scenarios_of
from synaprune.engine.pool import Pool
from synaprune.errors import InputError, RunError

#: Steps of the solver where a value moves what is counted.
SOLVER_STEPS = 12

#: Of a study whose results are only looked at.
_NAME = "slice"


@dataclass(frozen=True, slots=True)
class Slices:
    """What was found along the constants of the networks stage.

    Attributes
    ----------
    tables
        By constant a table of value and loss, by rising value; the loss is not a number where a
        value could not be computed.
    allowed
        Loss above the lowest at which a value still counts as fitting as well: what two targets
        may lose, or what chance makes of the same values if that is more.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    allowed: float = 0.0


class Simulated:
    """Computes courses with networks, and keeps those of profiles that a value leaves alone.

    Parameters
    ----------
    ground
        Targets and setting.
    pool
        Computes blocks.
    """

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self._ground = ground
        self._pool = pool
        self._wanted = network_scenarios(ground.weighted)
        self._known: dict[str, Courses] = {}

    def courses(self, candidate: Candidate) -> Courses:
        """Courses of all scenarios that some target with a weight needs networks for.

        Raises
        ------
        InputError
            The rules refuse the candidate.
        RunError
            A block failed.
        """
        setting = self._ground.setting
        keys = {
            profile: candidate.study([profile], treatments, setting, name=_NAME).sha256()
            for profile, treatments in self._wanted.items()
        }
        missing = {p: self._wanted[p] for p, key in keys.items() if key not in self._known}
        found = simulated(candidate, missing, setting, self._pool) if missing else {}
        for profile in missing:
            self._known[keys[profile]] = {s: c for s, c in found.items() if s.profile == profile}
        return {s: c for key in keys.values() for s, c in self._known[key].items()}


def slices(
    ground: Ground, values: int, pool: Pool, folder: Path, tell: Callable[[str], None]
) -> Slices:
    """Follow every constant of the networks stage from its best value to both of its bounds.

    Parameters
    ----------
    ground
        Best values and targets.
    values
        How many on each side of the best one, at most: the bound, the middle, then halves towards
        where the loss gets worse.
    pool
        Computes blocks.
    folder
        Where what is found is kept.
    tell
        Told after every constant.

    Returns
    -------
    Slices
        Tables, and what is allowed for chance.
    """
    networks = Simulated(ground, pool)
    question = ground.document() | {"slices": SOLVER_STEPS}
    start, tables = ground.space.start(ground.preset), {}
    parameters = ground.numbers(NETWORKS)
    still = Kept(folder, question).get(0, partial(_loss, ground, networks, {}))
    again = Kept(folder, question | {"moved": "all by a hair"})
    losses = [float(again.get(number, partial(_loss, ground, networks, point)))
              for number, point in enumerate(hairs(parameters, start))]  # fmt: skip
    chance = told_from_chance([still, *losses])
    allowed = max(chance, allowed_worsening([target.weight for target in ground.weighted]))
    tell(f"slices: losses that differ by less than {allowed:.3g} are taken for equal")
    for number, parameter in enumerate(parameters, start=1):
        best = float(start[parameter.name])
        kept = Kept(folder, question | {"moved": parameter.name})
        found = {best: still}
        for end in (parameter.low, parameter.high):
            _follow(parameter, best, end, values, still + allowed, found,
                    partial(_kept_loss, kept, ground, networks, parameter))  # fmt: skip
        rising = sorted(found)
        tables[parameter.name] = pd.DataFrame(
            {"value": rising, "loss": [found[v] for v in rising], "trials": 1}
        )
        tell(f"slice {number} of {len(parameters)}, {parameter.name}: {len(found)} values")
    return Slices(tables, allowed)


def _follow(
    parameter: Parameter,
    best: float,
    end: float,
    values: int,
    limit: float,
    found: dict[float, float],
    loss_at: Callable[[float], float],
) -> None:
    """Look at one side: its end, its middle, and on by halves towards where the limit is passed."""
    inside, outside = parameter.unit(best), parameter.unit(end)
    value = end
    for _ in range(values):
        if value in found:
            return
        found[value] = loss_at(value)
        place = parameter.unit(value)
        if value != end and found[value] <= limit:
            inside = place
        else:
            outside = place
        value = parameter.value((inside + outside) / 2)


def _kept_loss(
    kept: Kept, ground: Ground, networks: Simulated, parameter: Parameter, value: float
) -> float:
    """Loss with a constant at a value, computed unless it is kept."""
    place = round(1e6 * parameter.unit(value))
    return float(kept.get(place, partial(_moved_loss, ground, networks, parameter.name, value)))


def _moved_loss(ground: Ground, networks: Simulated, name: str, value: float) -> float:
    """Loss with one constant moved; not a number where the rules refuse that."""
    try:
        point = _solved(ground, {name: value})
    except InputError:
        return float("nan")
    return _loss(ground, networks, point)


def _loss(ground: Ground, networks: Simulated, point: Point) -> float:
    """Loss of all targets; not a number where rules refuse the values or a block fails."""
    try:
        candidate = ground.space.apply(ground.preset, point)
        counted = ground.counter().courses(candidate, scenarios_of(ground.weighted))
        courses = joined(counted, networks.courses(candidate))
    except (InputError, RunError):
        return float("nan")
    return loss(fits(ground.weighted, courses))


def _solved(ground: Ground, moved: Mapping[str, float]) -> Point:
    """Solve again what is counted, where a value moves it."""
    point: Point = dict(moved)
    if not ground.counted:
        return point
    here = ground.counted_fits(ground.space.apply(ground.preset, point).preset)
    if here == ground.counted_fits(ground.preset):
        return point
    (name,) = moved
    return lowest(ground, name, point, SOLVER_STEPS)[1]
