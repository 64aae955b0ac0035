"""What each constant may be, as tables.

Constants of the counted stage are held at values and everything else is fitted again; for those
that need networks slices are followed, or else the trials of the search are taken, the best near
each value. So they are for all where no target is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite, nan
from pathlib import Path
from typing import Any

import pandas as pd

from synaprune.calibration.search.evaluations import read_evaluations
from synaprune.calibration.search.trial import COMPLETE
from synaprune.calibration.sensitivity.curves import Plan, curves
from synaprune.calibration.sensitivity.ground import Ground
from synaprune.calibration.sensitivity.kept import KEPT
from synaprune.calibration.sensitivity.ranges import (
    FEWEST_VALUES,
    Found,
    allowed_worsening,
    classify,
    envelope,
    grid,
)
from synaprune.calibration.sensitivity.slices import Slices
from synaprune.calibration.space.space import COUNTS, LOG, NETWORKS, Parameter
from synaprune.calibration.targets.target import Target

#: Said of a constant of which too few values were tried.
TOO_FEW = "too few trials"

#: Said of a constant whose curve lies above the lowest loss that other curves met.
UNSETTLED = "not settled"

#: How a curve was found.
SEARCH, TRIALS, SLICE = "search", "trials", "slice"


def known_ranges(
    folder: Path,
    ground: Ground,
    plan: Plan,
    sliced: Slices,
    tell: Callable[[str], None],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find what each constant may be.

    Parameters
    ----------
    folder
        Of a calibration; its trials with networks are read.
    ground
        Best values, space and targets.
    plan
        How much to compute.
    sliced
        Of constants of the networks stage, from `synaprune.calibration.sensitivity.slices`.
    tell
        Told how far it is.

    Returns
    -------
    tuple of pandas.DataFrame
        Points: name, method, value, loss, trials. Ranges: name, stage, method, scale, trials,
        allowed, best, loss, low, high, verdict, searched_low, searched_high. The verdict is one of
        `classify`, `TOO_FEW`, or `UNSETTLED` where the curve's lowest loss is not within what is
        allowed of the lowest of all curves.
    """
    trials, _ = read_evaluations(folder)
    done = trials[(trials["status"] == COMPLETE) & (trials["stage"] == NETWORKS)]
    held = curves(ground, plan, folder / KEPT, tell) if ground.counted else {}
    lowest = min((h.loss for part in held.values() for h in part if isfinite(h.loss)), default=nan)
    points, rows = [], []
    for parameter in ground.numbers(COUNTS, NETWORKS):
        if parameter.name in held:
            curve, method = held[parameter.name], SEARCH
            table = pd.DataFrame({"value": [h.value for h in curve],
                                  "loss": [h.loss for h in curve],
                                  "trials": plan.effort})  # fmt: skip
            allowed = _worsening(ground.counted)
        elif parameter.name in sliced.tables:
            table, method, allowed = sliced.tables[parameter.name], SLICE, sliced.allowed
        else:
            table, method = _tried_near(done, parameter, plan.values), TRIALS
            allowed = _worsening(ground.weighted)
        points.append(table.assign(name=parameter.name, method=method))
        row = _range(parameter, table, allowed, method)
        rows.append(_settled(row, lowest) if method == SEARCH else row)
    together = pd.concat(points, ignore_index=True)
    return together[["name", "method", "value", "loss", "trials"]], pd.DataFrame(rows)


def _worsening(targets: Sequence[Target]) -> float:
    return allowed_worsening([target.weight for target in targets])


def _tried_near(trials: pd.DataFrame, parameter: Parameter, values: int) -> pd.DataFrame:
    edges = grid(parameter.low, parameter.high, values + 1, logarithmic=parameter.scale == LOG)
    return envelope(trials[parameter.name].tolist(), trials["loss"].tolist(), edges.tolist())


def _settled(row: dict[str, Any], lowest: float) -> dict[str, Any]:
    away = row["loss"] - lowest
    return {**row, "verdict": UNSETTLED} if away > row["allowed"] else row


def _range(
    parameter: Parameter, table: pd.DataFrame, allowed: float, method: str
) -> dict[str, Any]:
    """Put a range into a row; ends are those of what was tried."""
    enough = len(table) >= FEWEST_VALUES and any(map(isfinite, table["loss"]))
    found = Found(nan, nan, nan, nan, TOO_FEW)
    if enough:
        found = classify(
            table["value"].tolist(), table["loss"].tolist(), allowed,
            logarithmic=parameter.scale == LOG,
        )  # fmt: skip
    return {
        "name": parameter.name,
        "stage": parameter.stage,
        "method": method,
        "scale": parameter.scale,
        "trials": int(table["trials"].sum()) if len(table) else 0,
        "allowed": allowed,
        "best": found.best,
        "loss": found.loss,
        "low": found.low,
        "high": found.high,
        "verdict": found.verdict,
        "searched_low": parameter.low,
        "searched_high": parameter.high,
    }
