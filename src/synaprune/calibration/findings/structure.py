"""Which form of the mechanisms the targets speak for, with chance taken into account.

Where the paper names a mechanism without its form, several forms are open. Each is held against
the same targets on the same fresh patients. Medians of few patients wander, so a form only counts
as worse where resampling the patients, the same for all forms, says so too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.calibration.targets.loss import penalty, total_weight
from synaprune.calibration.targets.observed import residual
from synaprune.calibration.targets.target import Target
from synaprune.engine.randomness import generator
from synaprune.errors import InputError
from synaprune.model.registry import TEXT
from synaprune.paper.tolerance import SLACK

Float = NDArray[np.float64]

#: Resamples of the patients.
RESAMPLES = 1000

#: The interval of resampled differences.
INTERVAL = (0.025, 0.975)


@dataclass(frozen=True, eq=False)
class Alternative:
    """A choice of forms with the values that were found for it.

    Attributes
    ----------
    name
        Short name.
    parameters
        How many values were free while it was fitted.
    numbers
        What fresh patients show, the same for every alternative: (targets, patients).
    forms
        By mechanism where it is not the text's.
    """

    name: str
    parameters: int
    numbers: Float
    forms: Mapping[str, str] = field(default_factory=dict)


def compare_structures(
    alternatives: Sequence[Alternative], targets: Sequence[Target], *, seed: int
) -> pd.DataFrame:
    """Rank alternatives by their loss on the same patients.

    Parameters
    ----------
    alternatives
        At least one, with different names and numbers for the same targets and patients.
    targets
        What is aimed at.
    seed
        Of the resamples.

    Returns
    -------
    pandas.DataFrame
        One row an alternative, best first: name, forms, parameters, departures (mechanisms that
        are not in the text's form); loss with lower and upper (95 % of resamples); within
        (targets whose median is within the tolerance) and targets; worse_by (loss above the
        best's) with worse_lower and worse_upper; as_good (the interval of the difference holds
        0); patients; simplest (of those as good, the one with the fewest parameters, then the
        fewest departures, then the lowest loss).

    Raises
    ------
    InputError
        No alternative, a name twice, or other numbers of patients.
    """
    _check(alternatives)
    numbers = [one.numbers for one in alternatives]
    people = {array.shape[1] for array in numbers}
    if len(people) > 1:
        raise InputError(f"structures: numbers of patients differ (got {sorted(people)})")
    n = people.pop()
    rng = generator(seed, n)
    drawn = rng.integers(0, n, size=(RESAMPLES, n))
    exact = np.array([_losses(array, targets, np.arange(n)[None])[0] for array in numbers])
    spread = np.stack([_losses(array, targets, drawn) for array in numbers])
    best = int(exact.argmin())
    rows = [
        _row(one, targets, numbers[k], exact[k] - exact[best], spread[k], spread[k] - spread[best])
        | {"loss": float(exact[k])}
        for k, one in enumerate(alternatives)
    ]
    return _marked(pd.DataFrame(rows)[list(_COLUMNS)])


_COLUMNS = (
    "name",
    "forms",
    "parameters",
    "departures",
    "loss",
    "lower",
    "upper",
    "within",
    "targets",
    "worse_by",
    "worse_lower",
    "worse_upper",
    "as_good",
    "patients",
)


def _check(alternatives: Sequence[Alternative]) -> None:
    if not alternatives:
        raise InputError("structures: no alternative to compare")
    names = [one.name for one in alternatives]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"structures: {twice[0]} stands twice")


def _row(
    one: Alternative,
    targets: Sequence[Target],
    numbers: Float,
    worse_by: float,
    losses: Float,
    worse: Float,
) -> dict[str, object]:
    middle = np.median(numbers, axis=1)
    distances = [residual(t, float(value)) for t, value in zip(targets, middle, strict=True)]
    lower, upper = np.quantile(losses, INTERVAL)
    worse_lower, worse_upper = np.quantile(worse, INTERVAL)
    return {
        "name": one.name,
        "forms": ", ".join(f"{m}={f}" for m, f in sorted(one.forms.items())) or TEXT,
        "parameters": one.parameters,
        "departures": len(one.forms),
        "lower": float(lower),
        "upper": float(upper),
        "within": sum(abs(distance) <= 1 + SLACK for distance in distances),
        "targets": len(targets),
        "worse_by": float(worse_by),
        "worse_lower": float(worse_lower),
        "worse_upper": float(worse_upper),
        "as_good": bool(worse_lower <= 0),
        "patients": numbers.shape[1],
    }


def _losses(numbers: Float, targets: Sequence[Target], drawn: NDArray[np.int64]) -> Float:
    """Loss of every resample of the patients: (resamples,)."""
    low, high, allowed, weight = (
        np.array([getattr(target, name) for target in targets])[:, None]
        for name in ("low", "high", "tolerance", "weight")
    )
    middle = np.median(numbers[:, drawn], axis=2)
    away = np.maximum(0.0, np.maximum(middle - high, low - middle)) / allowed
    losses: Float = (weight * penalty(away)).sum(axis=0) / total_weight(targets)
    return losses


def _marked(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by loss and mark the simplest of those that are as good as the best."""
    ordered = table.sort_values(["loss", "name"], ignore_index=True)
    good = ordered[ordered["as_good"]]
    simplest = good.sort_values(["parameters", "departures", "loss"], kind="stable").index[0]
    ordered["simplest"] = ordered.index == simplest
    return ordered
