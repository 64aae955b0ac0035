"""A run beside the published network and the paper, printed for a terminal.

What lies outside or does not hold comes first, and words carry every verdict. Lines are laid out
by hand, because a table that a narrow terminal shortens would lose numbers.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import isnan
from typing import Any

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from synaprune.paper.comparison import Comparison
from synaprune.paper.published import printed_decimals
from synaprune.paper.sentences import (
    chance_sentence,
    column_in_words,
    dead_sentence,
    headline,
    provisional_sentence,
    rank_in_words,
)
from synaprune.paper.verdicts import DIRECTION_ONLY, FAILS, HOLDS
from synaprune.results.disclaimer import DISCLAIMER

#: Columns that a row of a table takes; narrower terminals get a line for each number.
ONE_LINE = 92

#: Lines of the list of what lies outside the bands.
MOST_OUTSIDE = 12

#: Verdicts in words.
WORDS = {FAILS: "does not hold", DIRECTION_ONLY: "direction only", HOLDS: "holds"}

#: What a terminal without Unicode gets instead.
ASCII = str.maketrans({"✗": "x", "✓": "+", "·": ".", "×": "x", "–": "-", "−": "-"})

Row = Mapping[Hashable, Any]


def show(comparison: Comparison, console: Console) -> None:
    """Print head line, shares, what lies outside, tables and claims.

    Parameters
    ----------
    comparison
        What to print.
    console
        Where to; its width decides the layout, and 100 columns are best.
    """
    page = _Page(console)
    page.line("The published network among these patients", style="bold")
    page.line("Ngo Cheung 2026, paper and published notebook (one network, seed 42).")
    for sentence in headline(comparison.summary):
        page.line(sentence)
    _shares(page, comparison.shares)
    _outside(page, comparison.outside)
    _cells(page, "Table 2 of the paper", comparison.table2)
    _cells(page, "Table 3 of the paper", comparison.table3)
    page.line(dead_sentence(comparison.summary))
    page.line(chance_sentence(comparison.summary))
    _claims(page, comparison)
    if comparison.summary["provisional"]:
        page.line(provisional_sentence(comparison.summary), style="bold")
    page.line(DISCLAIMER)


class _Page:
    """Lines on a console: wrapped between words, never cut, plain where Unicode is missing."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.ascii = console.options.ascii_only
        self.wide = console.width >= ONE_LINE

    def line(self, text: str, *, style: str = "", indent: int = 0) -> None:
        shown = Text(text.translate(ASCII) if self.ascii else text, style=style, overflow="fold")
        self.console.print(Padding(shown, (0, 0, 0, indent), expand=False), highlight=False)

    def heading(self, text: str) -> None:
        self.console.print()
        self.line(text, style="bold")


def _shares(page: _Page, shares: pd.DataFrame) -> None:
    """Print the share inside the bands by readout and layer, beside its range."""
    page.heading("Share inside the 95 % bands, and its range when patients are the published one")
    for row in shares.to_dict(orient="records"):
        mark = " " if pd.isna(row["in_range"]) else "✓" if row["in_range"] else "✗"
        span = "no range" if isnan(row["lower"]) else _percent(row["lower"], row["upper"])
        words = column_in_words(row["column"])
        page.line(f"{mark} {words:<34} {100 * row['share_inside']:5.1f} %   {span}", indent=2)


def _percent(lower: float, upper: float) -> str:
    return f"{100 * lower:.1f} to {100 * upper:.1f} %"


def _outside(page: _Page, outside: pd.DataFrame) -> None:
    """Print the scenarios and columns with the most numbers outside the bands."""
    page.heading(
        f"Outside the bands: {outside['count'].sum()} numbers that repeat no other, the most in"
    )
    for row in outside.head(MOST_OUTSIDE).to_dict(orient="records"):
        page.line(
            f"{row['profile']}, {row['treatment']}, {column_in_words(row['column'])}: "
            f"cycles {row['cycles']}, {rank_in_words(row)}",
            indent=2,
        )


def _cells(page: _Page, title: str, table: pd.DataFrame) -> None:
    """Print a table's cells beside the patients: those outside the bands first in each scenario."""
    inside = int(table["inside_95"].sum())
    page.heading(f"{title}, final cycle: {inside} of {len(table)} values inside the 95 % bands")
    if page.wide:
        page.line(_columns("", "paper", "median", "95 % of patients", "rank", ""), style="dim")
    for (profile, treatment), part in table.groupby(["profile", "treatment"], sort=False):
        page.line(f"{profile}, {treatment}", indent=2)
        for row in part.sort_values("inside_95", kind="stable").to_dict(orient="records"):
            _cell(page, row)


def _cell(page: _Page, row: Row) -> None:
    places = printed_decimals(row["readout"])
    paper, median, low, high = (
        f"{row[key]:.{places}f}" for key in ("published", "median", "lower_95", "upper_95")
    )
    label, outside = column_in_words(row["readout"]), "" if row["inside_95"] else "✗ outside"
    if page.wide:
        rank = f"{row['rank']:.2f}"
        page.line(_columns(label, paper, median, f"[{low}, {high}]", rank, outside))
    else:
        text = f"{label}: paper {paper}, median {median} [{low}, {high}] {outside}"
        page.line(text.rstrip(), indent=4)


def _columns(label: str, paper: str, median: str, band: str, rank: str, outside: str) -> str:
    return f"    {label:<30}{paper:>8}{median:>9}  {band:>18}{rank:>7}   {outside}".rstrip()


def _claims(page: _Page, comparison: Comparison) -> None:
    """Print the claims with both verdicts, those that fail somewhere first."""
    claims, parts = comparison.claims, comparison.claim_parts
    network, cohort = claims["verdict_published_network"], claims["verdict_cohort"]
    page.heading(
        f"Claims: {(network == HOLDS).sum()} of {len(claims)} hold in the published network, "
        f"{(cohort == HOLDS).sum()} in the cohort"
    )
    page.line(
        "[2.5 and 97.5 % of patients]; for a difference between treated and untreated twins "
        "given with a sign, the mean [95 % t interval]."
    )
    for failing in (True, False):
        rows = claims[((network != HOLDS) | (cohort != HOLDS)) == failing]
        page.line("Hold in both:" if not failing else "Fail in one or both:", style="bold")
        for row in rows.to_dict(orient="records"):
            _claim(page, row, parts[parts["claim"] == row["claim"]])


def _claim(page: _Page, row: Row, parts: pd.DataFrame) -> None:
    page.line(f"{row['claim']}: {row['statement']}", indent=2)
    page.line(
        f"Published network: {WORDS[row['verdict_published_network']]}. "
        f"Cohort: {WORDS[row['verdict_cohort']]}. Paper: {row['published']}.",
        indent=4,
    )
    for word, key in (("But the paper", "against"), ("The code", "code")):
        if row[key]:
            page.line(f"{word}: {row[key]}", indent=4)
    counted = parts[parts["counts"]]
    fails = ~(
        counted["direction_holds"].fillna(value=True) & counted["size_holds"].fillna(value=True)
    )
    fails |= ~counted["holds_in_network"]
    shown = counted[fails] if fails.any() else parts.head(1)
    for part in shown.to_dict(orient="records"):
        band = f"{part['lower']:.3g}, {part['upper']:.3g}"
        band = "no interval" if isnan(part["lower"]) else band
        page.line(
            f"{part['part']}: published network {part['published_network']:.3g}, cohort "
            f"{part['estimate']:.3g} [{band}], paper {part['published']}",
            indent=4,
        )
