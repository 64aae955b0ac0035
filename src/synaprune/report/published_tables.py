"""The published network among the patients, as tables: shares, what lies outside, cells, claims."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import isnan
from typing import Any

import pandas as pd

from synaprune.figures.words import number
from synaprune.paper import Comparison
from synaprune.paper.published import printed_decimals
from synaprune.paper.sentences import column_in_words, rank_in_words
from synaprune.paper.verdicts import DIRECTION_ONLY, FAILS, HOLDS
from synaprune.report.tables import Table
from synaprune.study import library

#: Verdicts with a mark, so that no colour is needed.
WORDS = {FAILS: "✗ does not hold", DIRECTION_ONLY: "~ direction only", HOLDS: "✓ holds"}

#: Rows of the table of what lies outside the bands.
MOST_OUTSIDE = 15

Row = Mapping[Hashable, Any]


def shares(comparison: Comparison) -> Table:
    """List the share inside the bands by readout and layer, beside its range."""
    rows = tuple(_share(row) for row in comparison.shares.to_dict(orient="records"))
    columns = ("Readout or layer", "Numbers", "Inside the bands", "Range with patients", "In it")
    return Table("Share of the published network's numbers inside the 95 % bands", columns, rows)


def _share(row: Row) -> tuple[str, ...]:
    known = not isnan(row["lower"])
    return (
        column_in_words(row["column"]),
        f"{row['numbers']:,}",
        f"{100 * row['share_inside']:.1f} %",
        f"{100 * row['lower']:.1f} to {100 * row['upper']:.1f} %" if known else "no range",
        ("✓ yes" if row["in_range"] else "✗ no") if known else "–",
    )


def outside(comparison: Comparison) -> Table:
    """List the scenarios and readouts with the most numbers outside the bands."""
    rows = tuple(
        (
            _scenario(row),
            column_in_words(row["column"]),
            str(row["count"]),
            row["cycles"].replace(" ", ", ").replace("-", "–"),
            rank_in_words(row),
        )
        for row in comparison.outside.head(MOST_OUTSIDE).to_dict(orient="records")
    )
    columns = ("Scenario", "Readout or layer", "Number", "Cycles", "Where")
    return Table("Most often outside the bands", columns, rows)


def _scenario(row: Row) -> str:
    profile = library.profiles()[row["profile"]].title
    treatment = library.treatments()[row["treatment"]].title
    return f"{profile}, {treatment[:1].lower()}{treatment[1:]}"


def cells(title: str, table: pd.DataFrame) -> Table:
    """List every cell of a printed table beside the patients.

    Parameters
    ----------
    title
        Of the printed table.
    table
        `Comparison.table2` or `Comparison.table3`.
    """
    rows = tuple(_cell(row) for row in table.to_dict(orient="records"))
    columns = ("Scenario", "Readout", "Paper", "Median", "95 % of patients", "Rank", "In the band")
    return Table(f"{title}, cell by cell", columns, rows)


def _cell(row: Row) -> tuple[str, ...]:
    places = printed_decimals(row["readout"])
    paper, median, low, high = (
        number(float(row[name]), places) for name in ("published", "median", "lower_95", "upper_95")
    )
    return (
        _scenario(row),
        column_in_words(row["readout"]),
        paper,
        median,
        f"{low} to {high}",
        f"{row['rank']:.2f}",
        "✓ inside" if row["inside_95"] else "✗ outside",
    )


def claims(comparison: Comparison) -> Table:
    """List every claim with both verdicts, those that fail somewhere first."""
    rows = sorted(comparison.claims.to_dict(orient="records"), key=_holds_in_both)
    columns = ("Claim", "Paper", "Published network", "This run", "Note")
    return Table("Claims of the paper", columns, tuple(_claim(row) for row in rows))


def _holds_in_both(row: Row) -> bool:
    return bool(row["verdict_published_network"] == row["verdict_cohort"] == HOLDS)


def _claim(row: Row) -> tuple[str, ...]:
    alone, shown = (
        f"{row[key]:.3g}".replace("-", "−") for key in ("published_network", "estimate")
    )
    if not isnan(row["lower"]):
        bounds = f"{row['lower']:.3g}, {row['upper']:.3g}".replace("-", "−")
        shown += f" [{bounds}]"
    against = f"But the paper: {row['against']} " if row["against"] else ""
    code = f"The code: {row['code']} " if row["code"] else ""
    return (
        row["statement"],
        row["published"],
        f"{WORDS[row['verdict_published_network']]}\n{alone}",
        f"{WORDS[row['verdict_cohort']]}\n{shown}",
        f"{against}{code}{row['note']}".strip(),
    )
