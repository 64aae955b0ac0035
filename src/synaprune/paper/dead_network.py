"""What a network with nothing left would score: the baseline for counting cells of Table 3.

Most ALS cells of Table 3 lie near what any destroyed network shows, so a count of cells inside
the bands says little until it is read beside this one.
"""

from __future__ import annotations

import pandas as pd

from synaprune.paper.published import half_step, maximum, printed_decimals, reference_points
from synaprune.paper.ranks import TIE
from synaprune.paper.tolerance import SLACK, tolerance

#: Scores that are the sparsity of one layer times the top of their range (Table 1).
_SCORES = ("depression_score", "weakness_score", "bulbar_score", "fine_motor_score")


def dead_readouts() -> dict[str, float]:
    """Derive the dead network's row of Table 3, in the decimals that the table prints.

    Returns
    -------
    dict of str to float
        From accuracy, sparsity and NfL proxy by Table 1; the scores from 0 to 4 have two
        decimals, all others one.

    Examples
    --------
    >>> dead_readouts()["alsfrs_r_proxy"], dead_readouts()["weakness_score"]
    (12.0, 3.87)
    """
    points = reference_points()
    sparsity = points.dead_sparsity_percent
    exact = {
        "accuracy_percent": points.dead_accuracy_percent,
        "total_sparsity_percent": sparsity,
        **{score: sparsity * maximum(score) / 100 for score in _SCORES},
        "alsfrs_r_proxy": points.dead_accuracy_percent * points.proxy_per_percent,
        "nfl_proxy": points.dead_nfl_proxy,
        "respiratory_risk_percent": sparsity,
        "motor_integrity_percent": 100 - sparsity,
    }
    return {name: round(value, printed_decimals(name)) for name, value in exact.items()}


def dead_inside(table: pd.DataFrame) -> pd.Series[bool]:
    """Tell for every printed cell whether the dead network lies inside the patients' 95 % band.

    Parameters
    ----------
    table
        Columns readout, lower_95 and upper_95; half of the last printed decimal is allowed.

    Returns
    -------
    pandas.Series
        True or false, indexed like `table`.
    """
    dead, tie = table["readout"].map(dead_readouts()), table["readout"].map(half_step) + TIE
    return (table["lower_95"] - tie <= dead) & (dead <= table["upper_95"] + tie)


def dead_within_tolerance(published: pd.DataFrame) -> pd.Series[bool]:
    """Tell for every published cell whether the dead network is within tolerance of it.

    Parameters
    ----------
    published
        Columns readout and published.

    Returns
    -------
    pandas.Series
        True or false, indexed like `published`.
    """
    dead = dead_readouts()
    hits = [
        abs(dead[readout] - value) <= tolerance(readout, value) + SLACK
        for readout, value in zip(published["readout"], published["published"], strict=True)
    ]
    return pd.Series(hits, index=published.index, dtype=bool)
