"""The run beside the paper, as tables: counts, cells of Table 3, and claims."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import isnan
from typing import Any

from synaprune.figures.words import READOUT, number
from synaprune.paper import Comparison
from synaprune.paper.published import printed_decimals
from synaprune.paper.verdicts import (
    DIRECTION_ONLY,
    NOT_REPRODUCED,
    PAPER_CONTRADICTS,
    REPRODUCED,
)
from synaprune.report.tables import Table
from synaprune.study import library

#: Verdicts with a mark, so that no colour is needed; those that do not hold first.
WORDS = {
    NOT_REPRODUCED: "✗ not reproduced",
    DIRECTION_ONLY: "~ direction only",
    PAPER_CONTRADICTS: "? the paper contradicts itself",
    REPRODUCED: "✓ reproduced",
}

Row = Mapping[Hashable, Any]


def counts_in_words(comparison: Comparison) -> str:
    """Say how much of the paper is reproduced, with what it has to be read beside."""
    summary = comparison.summary
    cells, claims = summary["table3"], comparison.claims
    held = int((claims["verdict"] == REPRODUCED).sum())
    disputed = int((claims["verdict"] == PAPER_CONTRADICTS).sum())
    provisional = (
        f" With fewer than {summary['provisional_below']} patients all verdicts are provisional."
        if summary["provisional"]
        else ""
    )
    return (
        f"{cells['reproduced']} of the {cells['cells']} end values of the paper's Table 3 are "
        f"reproduced; a network with nothing left, scored by tolerance alone, would match "
        f"{cells['dead_network']} of them. "
        f"{held} of {len(claims)} claims are reproduced; in {disputed} the paper contradicts "
        f"itself.{provisional}"
    )


def counts(comparison: Comparison) -> Table:
    """Count the reproduced cells, with the dead network's count beside each."""
    names = (
        ("table2", "Table 2"),
        ("table3", "Table 3"),
        ("table3_independent", "Table 3, cells that repeat no other"),
        ("table3_als", "Table 3, ALS only"),
    )
    rows = tuple(
        (title, str(count["reproduced"]), str(count["dead_network"]), str(count["cells"]))
        for key, title in names
        for count in [comparison.summary[key]]
    )
    columns = ("Published values", "Reproduced", "A dead network", "Cells")
    return Table("Reproduced end values", columns, rows)


def cells(comparison: Comparison) -> Table:
    """List every cell of Table 3."""
    rows = tuple(_cell(row) for row in comparison.table3.to_dict(orient="records"))
    columns = ("Scenario", "Readout", "This run", "95 % of patients", "Paper", "Verdict")
    return Table("Table 3, cell by cell", columns, rows)


def _cell(row: Row) -> tuple[str, ...]:
    places = printed_decimals(row["readout"])
    value, low, high, paper, allowed = (
        number(float(row[name]), places)
        for name in ("estimate", "lower", "upper", "published", "tolerance")
    )
    profile = library.profiles()[row["profile"]].title
    treatment = library.treatments()[row["treatment"]].title
    return (
        f"{profile}, {treatment[:1].lower()}{treatment[1:]}",
        READOUT[row["readout"]].title,
        value,
        f"{low} to {high}",
        f"{paper} ± {allowed}",
        WORDS[row["verdict"]],
    )


def claims(comparison: Comparison) -> Table:
    """List every claim, those that do not hold first."""
    order = list(WORDS)
    found = comparison.claims.to_dict(orient="records")
    ordered = sorted(found, key=lambda row: order.index(row["verdict"]))
    columns = ("Claim", "Paper", "This run", "Verdict", "Note")
    return Table("Claims of the paper", columns, tuple(_claim(row) for row in ordered))


def _claim(row: Row) -> tuple[str, ...]:
    shown = f"{row['estimate']:.3g}".replace("-", "−")
    if not isnan(row["lower"]):
        bounds = f"{row['lower']:.3g}, {row['upper']:.3g}".replace("-", "−")
        shown += f" [{bounds}]"
    against = f"But: {row['against']} " if row["against"] else ""
    return (
        row["statement"],
        row["published"],
        shown,
        WORDS[row["verdict"]],
        f"{against}{row['note']}",
    )
