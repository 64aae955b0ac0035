"""What a single pair of networks can tell of a treatment, beside what twins tell.

The paper compares one treated with one untreated network. How far two untreated patients differ
by themselves says whether such a difference means anything; the difference between twins, over
many patients, says how large the effect is.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.calibration.targets.observed import Courses, observable
from synaprune.calibration.targets.target import TABLE3, Target
from synaprune.paper.cells import REPEATING
from synaprune.paper.intervals import QUANTILES, mean_interval
from synaprune.paper.published import printed_decimals, published_table3
from synaprune.paper.scenarios import UNTREATED, Scenario
from synaprune.paper.tolerance import SLACK, tolerance

Float = NDArray[np.float64]

#: Share of pairs of untreated patients whose difference stays below the chance limit.
CHANCE = 0.95


def table3_effects() -> tuple[Target, ...]:
    """List the final differences from untreated that Table 3 implies, with weight 0.

    Examples
    --------
    >>> len(table3_effects())
    70
    """
    table = published_table3()
    rows = list(table.itertuples(index=False, name=None))
    untreated = {(row[0], row[2]): row[3] for row in rows if row[1] == UNTREATED}
    return tuple(
        Target(
            name=f"{profile}.{treatment}.{readout}.effect",
            profile=profile,
            treatment=treatment,
            minus=UNTREATED,
            readout=readout,
            when="final",
            low=size,
            high=size,
            tolerance=tolerance(readout, value),
            weight=0.0,
            source=TABLE3,
        )
        for profile, treatment, readout, value in rows
        if treatment != UNTREATED
        for size in [round(value - untreated[profile, readout], printed_decimals(readout))]
    )


def stated_effects(targets: Iterable[Target]) -> tuple[Target, ...]:
    """List the effects of Table 3, and of some targets those that say another effect."""
    known = {_said(effect): effect for effect in table3_effects()}
    for target in targets:
        if target.minus and not (target.minus_profile or target.minus_readout):
            known.setdefault(_said(target), target)
    return tuple(known.values())


def _said(effect: Target) -> tuple[object, ...]:
    where = (effect.profile, effect.treatment, effect.minus, effect.readout, effect.when)
    return (*where, effect.low, effect.high)


def twin_effects(courses: Courses, effects: Iterable[Target]) -> pd.DataFrame:
    """Hold every stated effect against twins and against chance.

    Parameters
    ----------
    courses
        By scenario and readout, patients by cycles, the same patients everywhere.
    effects
        What the paper states. Those whose scenarios the courses lack are left out.

    Returns
    -------
    pandas.DataFrame
        One row an effect: name, profile, treatment, minus, readout, when, source, repeats (the
        readout repeats another); paper_low, paper_high (infinite where a side is open); mean,
        lower, upper (difference between twins with its 95 % t interval) and n; sd_twins and
        sd_unrelated (standard deviation of the difference of a patient from its twin, and of a
        treated from another, untreated patient); single_low, single_high (2.5 and 97.5 % of the
        latter); chance_limit (what 95 % of pairs of unrelated patients of the subtracted arm
        stay below); told (the paper's difference is beyond the limit; missing where no size is
        stated or there is one patient); agrees (the paper's difference lies within single_low to
        single_high); same_sign (share of unrelated pairs that show the sign of the mean).

    Notes
    -----
    The rule of `told` is this project's. The paper gives one network an arm and does not say
    that arms share their draws; two networks between which the treatment made no difference
    would differ as two unrelated untreated patients do. Quantiles over all pairs are used
    instead of a multiple of a standard deviation, because values near the sparsity wall are far
    from normal.
    """
    return pd.DataFrame([_row(effect, courses) for effect in observable(effects, courses)])


def _row(effect: Target, courses: Courses) -> dict[str, object]:
    treated, untreated = (
        effect.moment.read(courses[Scenario(effect.profile, arm)][effect.readout])
        for arm in (effect.treatment, effect.minus)
    )
    twins = mean_interval(treated - untreated)
    single = unrelated(treated, untreated)
    limit = _quantile(np.abs(unrelated(untreated, untreated)), CHANCE)
    low, high = (_quantile(single, share) for share in QUANTILES)
    stated = nearest_to_none(effect)
    agrees = effect.high >= low - SLACK and effect.low <= high + SLACK
    return {
        "name": effect.name,
        "profile": effect.profile,
        "treatment": effect.treatment,
        "minus": effect.minus,
        "readout": effect.readout,
        "when": effect.when,
        "source": effect.source,
        "repeats": effect.readout in REPEATING,
        "paper_low": effect.low,
        "paper_high": effect.high,
        "mean": twins.value,
        "lower": twins.lower,
        "upper": twins.upper,
        "n": twins.n,
        "sd_twins": _sd(treated - untreated),
        "sd_unrelated": float(np.hypot(_sd(treated), _sd(untreated))),
        "single_low": low,
        "single_high": high,
        "chance_limit": limit,
        "told": None if stated is None or np.isnan(limit) else bool(abs(stated) > limit),
        "agrees": None if np.isnan(low) else bool(agrees),
        "same_sign": _share(np.sign(single) == np.sign(twins.value)),
    }


def nearest_to_none(effect: Target) -> float | None:
    """Give the stated difference that is closest to no effect; None where no size is stated."""
    if effect.low == -inf or effect.high == inf:
        return None
    return 0.0 if effect.low <= 0 <= effect.high else min(effect.low, effect.high, key=abs)


def unrelated(first: Float, second: Float) -> Float:
    """Subtract the second number of every other patient from the first of each.

    Parameters
    ----------
    first, second
        One number a patient, the same patients in the same order.

    Returns
    -------
    numpy.ndarray
        n (n - 1) differences; none between a patient and itself.

    Examples
    --------
    >>> unrelated(np.array([5.0, 7.0]), np.array([1.0, 2.0])).tolist()
    [3.0, 6.0]
    """
    differences: Float = first[:, None] - second[None, :]
    return differences[~np.eye(len(first), dtype=bool)]


def _sd(values: Float) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")


def _quantile(values: Float, share: float) -> float:
    return float(np.quantile(values, share)) if len(values) else float("nan")


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else float("nan")
