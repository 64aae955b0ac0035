"""A constant held at a value while everything else is fitted again, without networks.

The base rates and the other constants of the counted stage are solved from where the neighbouring
value ended; so a curve costs little, and is an upper bound of the lowest loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isfinite, isnan

from synaprune.calibration.counts.solving import solve
from synaprune.calibration.sensitivity.ground import Ground
from synaprune.calibration.sensitivity.kept import Kept
from synaprune.calibration.sensitivity.ranges import grid
from synaprune.calibration.space.space import LOG, Parameter, Point
from synaprune.calibration.targets.loss import loss
from synaprune.errors import InputError


@dataclass(frozen=True, slots=True)
class Held:
    """The lowest loss found with a constant at a value.

    Attributes
    ----------
    value
        Of the constant.
    loss
        Of the counted targets; NaN where the rules refuse the value.
    point
        Everything else, where that loss was found.
    """

    value: float
    loss: float
    point: Point


def fitted(ground: Ground, start: Point, effort: int) -> tuple[float, dict[str, float | str]]:
    """Solve from a point with nothing held; loss and point."""
    return lowest(ground, "", start, effort)


def curve(
    ground: Ground,
    parameter: Parameter,
    base: Point,
    values: int,
    effort: int,
    kept: Kept,
) -> list[Held]:
    """Follow the lowest loss over a constant's range, outwards from a good point.

    Parameters
    ----------
    ground
        Values of everything else, and targets.
    parameter
        The constant.
    base
        Constants of the counted stage where it starts.
    values
        How many values, evenly spaced; that of the good point is one more.
    effort
        Steps of the solver at each value, at most; 0 solves nothing.
    kept
        Keeps what is found.

    Returns
    -------
    list of Held
        By rising value.
    """
    best = float(base[parameter.name])
    spaced = grid(parameter.low, parameter.high, values, logarithmic=parameter.scale == LOG)
    wanted = sorted({parameter.rounded(float(value)) for value in spaced} | {best})
    found: dict[float, Held] = {}
    below = [value for value in wanted if value < best][::-1]
    above = [value for value in wanted if value > best]
    number = 0
    for side in ([best], below, above):
        point = found[best].point if best in found else base
        for value in side:
            here = {**point, parameter.name: value}
            loss_at, point = kept.get(number, partial(lowest, ground, parameter.name, here, effort))
            found[value] = Held(value, float(loss_at), point)
            number += 1
    return [found[value] for value in wanted]


def lowest(
    ground: Ground, fixed: str, start: Point, effort: int
) -> tuple[float, dict[str, float | str]]:
    """Solve from a point with one constant held, or none; the better of both ends.

    The solver minimises another measure than the loss, and may end a little higher.

    Parameters
    ----------
    ground
        Values of everything else, and targets.
    fixed
        The constant that is held, or nothing.
    start
        Where it begins; what it does not name is as in the ground.
    effort
        Steps of the solver, at most; 0 solves nothing.

    Returns
    -------
    float
        Loss of the counted targets; NaN where the rules refuse the start.
    dict
        Everything that was moved.
    """
    hold = (fixed,) if fixed else ()
    found = [(_loss(ground, start), dict(start))]
    if effort and isfinite(found[0][0]):
        moved = ground.space.apply(ground.preset, start).preset
        solved = solve(ground.space, moved, ground.counter(), ground.counted,
                       hold=hold, evaluations=effort)  # fmt: skip
        point = {**start, **solved}
        found.append((_loss(ground, point), point))
    return min(found, key=lambda entry: (isnan(entry[0]), entry[0]))


def _loss(ground: Ground, point: Point) -> float:
    """Loss of the counted targets; NaN where rules refuse the point."""
    try:
        return loss(ground.counted_fits(ground.space.apply(ground.preset, point).preset))
    except InputError:
        return float("nan")
