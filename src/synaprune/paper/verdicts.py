"""From parts to one word a claim, in the published network and in the cohort.

Three words, fixed here: holds, direction_only, does_not_hold. How sure a verdict is (few patients)
and what contradicts the claim stand beside it, never in another word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from synaprune.paper.claim import Claim, Kind
from synaprune.paper.part import Part

HOLDS = "holds"
DIRECTION_ONLY = "direction_only"
FAILS = "does_not_hold"

VERDICTS = (HOLDS, DIRECTION_ONLY, FAILS)


class ClaimParts(NamedTuple):
    """A claim with its parts.

    Attributes
    ----------
    claim
        What the paper says.
    cohort
        What the patients of the run show.
    network
        The same parts in the published network alone.
    """

    claim: Claim
    cohort: Sequence[Part]
    network: Sequence[Part]


def verdict(kind: Kind, parts: Sequence[Part]) -> str:
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
        ``holds`` when every stated size and direction holds. Otherwise, for a size claim that
        states directions and all of them hold, ``direction_only``. Otherwise ``does_not_hold``.
    """
    counted = [part for part in parts if part.counts]
    directions = [part.direction_holds for part in counted if part.direction_holds is not None]
    if all(part.holds for part in counted):
        return HOLDS
    if kind == "size" and directions and all(directions):
        return DIRECTION_ONLY
    return FAILS


def claim_row(parts: ClaimParts) -> dict[str, Any]:
    """Put a claim, its two verdicts and the numbers of its first part into one row."""
    claim, cohort, network = parts
    headline = cohort[0]
    return {
        "claim": claim.id,
        "section": claim.section,
        "kind": claim.kind,
        "profile": claim.profile,
        "treatment": claim.treatment,
        "quantity": claim.quantity,
        "when": claim.when,
        "published": claim.published,
        "published_network": network[0].estimate,
        "estimate": headline.estimate,
        "lower": headline.lower,
        "upper": headline.upper,
        "n": headline.n,
        "verdict_published_network": verdict(claim.kind, network),
        "verdict_cohort": verdict(claim.kind, cohort),
        "against": claim.against,
        "code": claim.code,
        "statement": claim.statement,
        "rule": claim.rule,
        "note": _note(cohort),
    }


def _note(parts: Sequence[Part]) -> str:
    """Say which counted parts fail; where none does, how the headline was judged."""
    failing = [part.name for part in parts if part.counts and not part.holds]
    if failing:
        return f"does not hold: {'; '.join(failing)}"
    return parts[0].note


def part_rows(claims: Iterable[ClaimParts]) -> pd.DataFrame:
    """Put every part of every claim into one row.

    Returns
    -------
    pandas.DataFrame
        claim, part, published, published_network (its number there), holds_in_network, estimate,
        lower, upper, n, direction_holds, size_holds, counts, note (all of the cohort); the two
        verdict columns are missing where nothing of the kind is stated.
    """
    rows = [
        {
            "claim": claim.id,
            "part": part.name,
            "published": part.published,
            "published_network": alone.estimate,
            "holds_in_network": alone.holds,
            "estimate": part.estimate,
            "lower": part.lower,
            "upper": part.upper,
            "n": part.n,
            "direction_holds": part.direction_holds,
            "size_holds": part.size_holds,
            "counts": part.counts,
            "note": part.note,
        }
        for claim, cohort, network in claims
        for part, alone in zip(cohort, network, strict=True)
    ]
    return pd.DataFrame(rows).astype({"direction_holds": "boolean", "size_holds": "boolean"})
