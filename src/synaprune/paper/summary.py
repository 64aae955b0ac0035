"""The counts of a comparison, with what they have to be read beside.

A count of reproduced cells is given together with the count over the cells that do not repeat
others and with the dead network's count, because alone it would flatter.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from synaprune.paper.cells import REPEATING
from synaprune.paper.dead_network import dead_within_tolerance
from synaprune.paper.published import reference_points
from synaprune.paper.scenarios import ALS_PROFILES
from synaprune.paper.verdicts import PAPER_CONTRADICTS, REPRODUCED, VERDICTS

#: Below this many patients every verdict is provisional.
PROVISIONAL_BELOW = 16


def summarise(
    table2: pd.DataFrame, table3: pd.DataFrame, claims: pd.DataFrame, patients: int
) -> dict[str, Any]:
    """Count what a run reproduces.

    Parameters
    ----------
    table2, table3, claims
        Frames of a comparison.
    patients
        Number of patients.

    Returns
    -------
    dict
        patients, provisional, provisional_below, chance; table2; table3, table3_independent and
        table3_als, each with reproduced, dead_network and cells; claims by kind with a count a
        verdict; contradicted, with how many hold numerically all the same.
    """
    points = reference_points()
    return {
        "patients": patients,
        "provisional": patients < PROVISIONAL_BELOW,
        "provisional_below": PROVISIONAL_BELOW,
        "chance": {
            "accuracy_percent": points.chance_accuracy_percent,
            "alsfrs_r_proxy": points.chance_proxy,
        },
        "table2": _cells(table2),
        "table3": _cells(table3),
        "table3_independent": _cells(table3[~table3["readout"].isin(REPEATING)]),
        "table3_als": _cells(table3[table3["profile"].isin(ALS_PROFILES)]),
        "claims": {kind: _claims(claims, kind) for kind in ("size", "order")},
        "contradicted": _contradicted(claims),
    }


def _cells(table: pd.DataFrame) -> dict[str, int]:
    return {
        "reproduced": int((table["verdict"] == REPRODUCED).sum()),
        "dead_network": int(dead_within_tolerance(table).sum()),
        "cells": len(table),
    }


def _claims(claims: pd.DataFrame, kind: str) -> dict[str, int]:
    verdicts = claims.loc[claims["kind"] == kind, "verdict"]
    return {
        **{word: int((verdicts == word).sum()) for word in VERDICTS},
        "claims": len(verdicts),
    }


def _contradicted(claims: pd.DataFrame) -> dict[str, int]:
    rows = claims[claims["verdict"] == PAPER_CONTRADICTS]
    return {
        "claims": len(rows),
        "numerically_reproduced": int((rows["numeric_verdict"] == REPRODUCED).sum()),
    }
