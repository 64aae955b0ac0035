"""The counts of a comparison, with what they have to be read beside.

A share inside the bands is given together with the range that patients in the published network's
place show, and with what a dead network would score, because alone it would flatter.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from synaprune.paper.dead_network import dead_inside
from synaprune.paper.published import reference_points
from synaprune.paper.scenarios import ALS_PROFILES
from synaprune.paper.verdicts import VERDICTS

#: Below this many patients everything is provisional.
PROVISIONAL_BELOW = 16


def summarise(
    shares: pd.DataFrame,
    table2: pd.DataFrame,
    table3: pd.DataFrame,
    claims: pd.DataFrame,
    patients: int,
) -> dict[str, Any]:
    """Count what lies inside the bands and which claims hold.

    Parameters
    ----------
    shares, table2, table3, claims
        Frames of a comparison.
    patients
        Number of patients.

    Returns
    -------
    dict
        patients, provisional, provisional_below, chance; published_network: numbers,
        share_inside, lower, upper, in_range, patients (lower to in_range are None for one
        patient); table2, table3 and table3_als, each with inside, dead_network and cells; claims
        by published_network and cohort with a count a verdict; contradicted by text and code.
    """
    points = reference_points()
    overall = shares.iloc[0].drop("column")
    return {
        "patients": patients,
        "provisional": patients < PROVISIONAL_BELOW,
        "provisional_below": PROVISIONAL_BELOW,
        "chance": {
            "accuracy_percent": points.chance_accuracy_percent,
            "alsfrs_r_proxy": points.chance_proxy,
        },
        "published_network": {
            str(name): None if pd.isna(value) else _plain(value) for name, value in overall.items()
        },
        "table2": _cells(table2),
        "table3": _cells(table3),
        "table3_als": _cells(table3[table3["profile"].isin(ALS_PROFILES)]),
        "claims": {
            where: {word: int((claims[f"verdict_{where}"] == word).sum()) for word in VERDICTS}
            for where in ("published_network", "cohort")
        },
        "contradicted": {
            "text": int((claims["against"] != "").sum()),
            "code": int((claims["code"] != "").sum()),
        },
    }


def _plain(value: Any) -> Any:
    """Turn a number of numpy into one of Python."""
    return value.item() if hasattr(value, "item") else value


def _cells(table: pd.DataFrame) -> dict[str, int]:
    return {
        "inside": int(table["inside_95"].sum()),
        "dead_network": int(dead_inside(table).sum()),
        "cells": len(table),
    }
