"""A constant held at a value while everything else is fitted again, without networks.

The base rates are solved and the other constants of the counted stage searched nearby, from where
the neighbouring value ended; so a curve costs little, and is an upper bound of the lowest loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, minimize

from synaprune.calibration.ground import Ground
from synaprune.calibration.kept import Kept
from synaprune.calibration.loss import loss
from synaprune.calibration.ranges import grid
from synaprune.calibration.solving import solve
from synaprune.calibration.space import COUNTS, LOG, Parameter, Point
from synaprune.errors import InputError

Float = NDArray[np.float64]

#: First step of the local search, as a share of the bounds, and the step at which it ends.
STEP, LAST_STEP = 0.1, 0.004


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
    """Search near a point with nothing held; loss and point."""
    return _lowest(ground, "", start, effort)


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
        Trials of the local search at each value; 0 only solves the base rates.
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
            loss_at, point = kept.get(
                number, partial(_lowest, ground, parameter.name, here, effort)
            )
            found[value] = Held(value, float(loss_at), point)
            number += 1
    return [found[value] for value in wanted]


def _lowest(
    ground: Ground, fixed: str, start: Point, effort: int
) -> tuple[float, dict[str, float | str]]:
    """Search near a point with one constant held, or none."""
    free = [p for p in ground.numbers(COUNTS) if p.name != fixed]
    seen: list[tuple[float, dict[str, float | str]]] = []

    def at(units: Float) -> float:
        moved = {p.name: p.value(float(u)) for p, u in zip(free, units, strict=True)}
        point = dict(start) | moved
        value = _loss(ground, point)
        seen.append((value, point))
        return value if np.isfinite(value) else _HOPELESS

    origin: Float = np.clip([p.unit(start[p.name]) for p in free], 0.0, 1.0)
    at(origin)
    if effort > 1 and free:
        options: Any = {
            "maxfev": effort,
            "initial_tr_radius": STEP,
            "final_tr_radius": LAST_STEP,
        }
        bounds = Bounds(np.zeros(len(free)), np.ones(len(free)))
        minimize(at, origin, method="COBYQA", bounds=bounds, options=options)
    return min(seen, key=lambda entry: (np.isnan(entry[0]), entry[0]))


#: What a point that the rules refuse counts as in the local search.
_HOPELESS = 1e3


def _loss(ground: Ground, point: Point) -> float:
    """Loss of the counted targets after solving the base rates; NaN where rules refuse."""
    try:
        moved = ground.space.apply(ground.preset, point).preset
        rates = solve(ground.space, moved, ground.counter(), ground.counted)
        return loss(ground.counted_fits(ground.space.apply(moved, rates).preset))
    except InputError:
        return float("nan")
