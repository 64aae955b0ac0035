"""From parts to one word a claim.

Four words, fixed here: reproduced, direction_only, not_reproduced, paper_contradicts. How sure a
verdict is (few patients) is a flag beside it, never another word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from synaprune.paper.claim import Claim, Kind
from synaprune.paper.part import Part

REPRODUCED = "reproduced"
DIRECTION_ONLY = "direction_only"
NOT_REPRODUCED = "not_reproduced"
PAPER_CONTRADICTS = "paper_contradicts"

VERDICTS = (REPRODUCED, DIRECTION_ONLY, NOT_REPRODUCED, PAPER_CONTRADICTS)


def numeric_verdict(kind: Kind, parts: Sequence[Part]) -> str:
    """Judge a claim by its counted parts.

    Parameters
    ----------
    kind
        size or order.
    parts
        At least one counted part.

    Returns
    -------
    str
        ``reproduced`` when every stated size and direction holds. Otherwise, for a size claim
        that states directions and all of them hold, ``direction_only``. Otherwise
        ``not_reproduced``.
    """
    counted = [part for part in parts if part.counts]
    directions = [part.direction_holds for part in counted if part.direction_holds is not None]
    if all(part.holds for part in counted):
        return REPRODUCED
    if kind == "size" and directions and all(directions):
        return DIRECTION_ONLY
    return NOT_REPRODUCED


def verdict(claim: Claim, numeric: str) -> str:
    """Give the verdict to show: where the paper contradicts itself, nothing can be reproduced."""
    return PAPER_CONTRADICTS if claim.against else numeric


def claim_row(claim: Claim, parts: Sequence[Part]) -> dict[str, Any]:
    """Put a claim and the numbers of its first part into one row.

    Parameters
    ----------
    claim, parts
        What the paper says, and what the run shows.
    """
    numeric, headline = numeric_verdict(claim.kind, parts), parts[0]
    return {
        "claim": claim.id,
        "section": claim.section,
        "kind": claim.kind,
        "profile": claim.profile,
        "treatment": claim.treatment,
        "quantity": claim.quantity,
        "when": claim.when,
        "published": claim.published,
        "estimate": headline.estimate,
        "lower": headline.lower,
        "upper": headline.upper,
        "n": headline.n,
        "verdict": verdict(claim, numeric),
        "numeric_verdict": numeric,
        "against": claim.against,
        "statement": claim.statement,
        "rule": claim.rule,
        "note": _note(parts),
    }


def _note(parts: Sequence[Part]) -> str:
    """Say which counted parts fail; where none does, how the headline was judged."""
    failing = [part.name for part in parts if part.counts and not part.holds]
    if failing:
        return f"does not hold: {'; '.join(failing)}"
    return parts[0].note


def part_rows(judged: Iterable[tuple[Claim, Sequence[Part]]]) -> pd.DataFrame:
    """Put every part of every claim into one row.

    Parameters
    ----------
    judged
        Claims with their parts.

    Returns
    -------
    pandas.DataFrame
        claim, part, estimate, lower, upper, n, published, direction_holds, size_holds, counts,
        note; the two verdict columns are missing where nothing of the kind is stated.
    """
    rows = [
        {
            "claim": claim.id,
            "part": part.name,
            "estimate": part.estimate,
            "lower": part.lower,
            "upper": part.upper,
            "n": part.n,
            "published": part.published,
            "direction_holds": part.direction_holds,
            "size_holds": part.size_holds,
            "counts": part.counts,
            "note": part.note,
        }
        for claim, parts in judged
        for part in parts
    ]
    return pd.DataFrame(rows).astype({"direction_holds": "boolean", "size_holds": "boolean"})
