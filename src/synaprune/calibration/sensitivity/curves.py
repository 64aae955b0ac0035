"""Curves of all constants of the counted stage, in two passes that learn from each other.

A solution from one point may stay in a worse valley than the curve of another constant found.
So all curves are followed twice, the second time from the best point that any curve met; what
still lies above the best of all then says how far the search can be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan
from pathlib import Path

from synaprune.calibration.search.side_by_side import running
from synaprune.calibration.sensitivity.ground import Ground
from synaprune.calibration.sensitivity.held import Held, curve, fitted
from synaprune.calibration.sensitivity.kept import Kept
from synaprune.calibration.space.space import COUNTS, Parameter, Point

#: How often all curves are followed.
PASSES = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """How curves are followed.

    Attributes
    ----------
    values
        Values of a constant over its range.
    effort
        Steps of the solver at each value, in each pass.
    workers
        Processes; nothing depends on it.
    """

    values: int = 9
    effort: int = 12
    workers: int = 1


def curves(
    ground: Ground, plan: Plan, folder: Path, tell: Callable[[str], None]
) -> dict[str, list[Held]]:
    """Find the lowest loss at values of every constant of the counted stage.

    Parameters
    ----------
    ground
        Best values and targets.
    plan
        How much to compute.
    folder
        Where what is found is kept.
    tell
        Told after every constant.

    Returns
    -------
    dict
        By constant, by rising value; of both passes the lower loss.
    """
    parameters = ground.numbers(COUNTS)
    if not parameters:
        return {}
    start = ground.space.start(ground.preset)
    base: Point = {p.name: start[p.name] for p in parameters}
    question = ground.document() | {"values": plan.values, "effort": plan.effort}
    first = Kept(folder, question | {"fitted": "nothing held"})
    loss, base = first.get(0, partial(fitted, ground, base, 2 * plan.effort))
    tell(f"nothing held: loss {loss:.3g}")
    found: dict[str, list[Held]] = {p.name: [] for p in parameters}
    with running(min(plan.workers, len(parameters))) as run:
        for number in range(PASSES):
            asked = question | {"pass": number, "from": dict(base)}
            jobs = [partial(_followed, ground, p, base, plan, folder, asked) for p in parameters]
            for parameter, held in zip(parameters, run(jobs), strict=True):
                found[parameter.name] += held
                lowest = _lowest(held).loss
                tell(f"pass {number + 1} of {PASSES}, {parameter.name}: lowest loss {lowest:.3g}")
            base = _lowest([held for part in found.values() for held in part]).point
    return {name: _merged(held) for name, held in found.items()}


def _followed(
    ground: Ground,
    parameter: Parameter,
    base: Point,
    plan: Plan,
    folder: Path,
    question: Mapping[str, object],
) -> list[Held]:
    kept = Kept(folder, {**question, "held": parameter.name})
    return curve(ground, parameter, base, plan.values, plan.effort, kept)


def _lowest(held: Sequence[Held]) -> Held:
    return min(held, key=lambda one: (isnan(one.loss), one.loss))


def _merged(held: Sequence[Held]) -> list[Held]:
    """Keep the lower loss of each value, by rising value."""
    by_value: dict[float, list[Held]] = {}
    for one in held:
        by_value.setdefault(one.value, []).append(one)
    return [_lowest(by_value[value]) for value in sorted(by_value)]
