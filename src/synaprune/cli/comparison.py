"""A comparison with the paper, printed for a terminal.

What does not agree comes first, words carry every verdict, and each count stands beside what a
network with nothing left would score. Lines are laid out by hand, because a table that a narrow
terminal shortens would lose numbers.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import isnan
from typing import Any

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from synaprune.model.quantities import READOUTS
from synaprune.paper.comparison import Comparison
from synaprune.paper.published import printed_decimals, reference_points
from synaprune.paper.tolerance import tolerances
from synaprune.paper.verdicts import (
    DIRECTION_ONLY,
    NOT_REPRODUCED,
    PAPER_CONTRADICTS,
    REPRODUCED,
)
from synaprune.results.disclaimer import DISCLAIMER

#: Columns that a cell in one line takes; narrower terminals get two lines a cell.
ONE_LINE = 92

#: Verdicts in the order in which they are shown, in words.
WORDS = {
    NOT_REPRODUCED: "not reproduced",
    DIRECTION_ONLY: "direction only",
    PAPER_CONTRADICTS: "the paper contradicts itself",
    REPRODUCED: "reproduced",
}

MARKS = {NOT_REPRODUCED: "✗", DIRECTION_ONLY: "~", PAPER_CONTRADICTS: "?", REPRODUCED: "✓"}
STYLES = {NOT_REPRODUCED: "bold", DIRECTION_ONLY: "bold", PAPER_CONTRADICTS: "", REPRODUCED: "dim"}

#: What a terminal without Unicode gets instead.
ASCII = str.maketrans({"✗": "x", "✓": "+", "±": "+/-", "·": ".", "×": "x", "–": "-"})

#: Column heads of Table 3 at a glance.
HEADS = {
    "accuracy_percent": "acc",
    "total_sparsity_percent": "spar",
    "depression_score": "depr",
    "weakness_score": "weak",
    "bulbar_score": "bulb",
    "fine_motor_score": "fine",
    "alsfrs_r_proxy": "frs",
    "nfl_proxy": "NfL",
    "respiratory_risk_percent": "resp",
    "motor_integrity_percent": "int",
}

TITLES = {readout.name: readout.title for readout in READOUTS}


Row = Mapping[Hashable, Any]


def show(comparison: Comparison, console: Console) -> None:
    """Print tables, tolerances, claims and counts.

    Parameters
    ----------
    comparison
        What to print.
    console
        Where to; its width decides the layout, and 100 columns are best.
    """
    page = _Page(console)
    provisional = " · provisional" if comparison.summary["provisional"] else ""
    page.line("Comparison with the paper", style="bold")
    page.line(f"Ngo Cheung 2026 · {_patients(comparison.summary)}{provisional}")
    page.line(
        "Median over patients [2.5 and 97.5 % of patients], final cycle; the paper ± tolerance."
    )
    _cells(page, "Table 2. Subtypes of untreated ALS", comparison.table2)
    _overview(page, comparison.table3)
    _cells(page, "Table 3. Thirteen scenarios", comparison.table3)
    _tolerances(page)
    _claims(page, comparison)
    _counts(page, comparison.summary)
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

    def gap(self) -> None:
        self.console.print()

    def heading(self, text: str) -> None:
        self.gap()
        self.line(text, style="bold")


def _cells(page: _Page, title: str, table: pd.DataFrame) -> None:
    """Print the cells of a table: misses first, by scenario."""
    agreeing = int((table["verdict"] == REPRODUCED).sum())
    page.heading(f"{title}: {agreeing} of {len(table)} cells reproduced")
    if page.wide:
        page.line(_columns("", "this run", "95 % of patients", "paper", "", ""), style="dim")
    for word in (NOT_REPRODUCED, REPRODUCED):
        rows = table[table["verdict"] == word]
        if rows.empty:
            continue
        page.line(f"{MARKS[word]} {WORDS[word]}: {len(rows)}", style=STYLES[word])
        for (profile, treatment), part in rows.groupby(["profile", "treatment"], sort=False):
            page.line(f"{profile}, {treatment}", indent=2)
            for row in part.to_dict(orient="records"):
                _cell(page, row)


def _cell(page: _Page, row: Row) -> None:
    decimals = printed_decimals(row["readout"])
    estimate, low, high, paper = (
        f"{row[key]:.{decimals}f}" for key in ("estimate", "lower", "upper", "published")
    )
    allowed = f"± {row['tolerance']:.{decimals}f}"
    how = _how(row)
    if page.wide:
        page.line(
            _columns(_label(row["readout"]), estimate, f"[{low}, {high}]", paper, allowed, how)
        )
    else:
        page.line(_label(row["readout"]), indent=4)
        page.line(f"{estimate} [{low}, {high}], paper {paper} {allowed}, {how}", indent=6)


def _how(row: Row) -> str:
    """Say in which way a cell agrees."""
    if row["within_tolerance"]:
        return "within tolerance"
    return "inside the band" if row["inside_band"] else WORDS[NOT_REPRODUCED]


def _columns(label: str, run: str, band: str, paper: str, allowed: str, how: str) -> str:
    line = f"    {label:<28}{run:>9}  {band:>18}{paper:>8} {allowed:>6}   {how}"
    return line.rstrip()


def _label(readout: str) -> str:
    """Name a readout, with the chance level where it has one."""
    points = reference_points()
    chance = {
        "accuracy_percent": f" (chance {points.chance_accuracy_percent:.0f} %)",
        "alsfrs_r_proxy": f" (chance {points.chance_proxy:.1f})",
    }
    return TITLES[readout] + chance.get(readout, "")


def _overview(page: _Page, table: pd.DataFrame) -> None:
    """Print one line a scenario and one mark a readout; a narrow terminal gets the counts."""
    page.heading("Table 3 at a glance")
    glance = MARKS | {REPRODUCED: "·"}
    if page.wide:
        page.line(f"{'':<34}{''.join(f'{head:>5}' for head in HEADS.values())}", style="dim")
    for (profile, treatment), part in table.groupby(["profile", "treatment"], sort=False):
        verdicts = dict(zip(part["readout"], part["verdict"], strict=True))
        agreeing = sum(word == REPRODUCED for word in verdicts.values())
        name = f"{profile}, {treatment}"
        if page.wide:
            marks = "".join(f"{glance[verdicts[readout]]:>5}" for readout in HEADS)
            page.line(f"{name:<34}{marks}   {agreeing:>2}/{len(verdicts)}")
        else:
            page.line(f"{name}: {agreeing} of {len(verdicts)}", indent=2)
    if page.wide:
        page.line("· reproduced   ✗ not reproduced", style="dim")


def _tolerances(page: _Page) -> None:
    page.heading("Tolerances")
    for row in tolerances().to_dict(orient="records"):
        allowed = "" if isnan(row["tolerance"]) else f"± {row['tolerance']:g} "
        page.line(f"{_label(row['readout'])}: {allowed}{row['meaning']}", indent=2)


def _claims(page: _Page, comparison: Comparison) -> None:
    """Print the claims, those that do not hold first."""
    claims, parts = comparison.claims, comparison.claim_parts
    agreeing = int((claims["verdict"] == REPRODUCED).sum())
    page.heading(f"Claims: {agreeing} of {len(claims)} reproduced")
    page.line(
        "[2.5 and 97.5 % of patients]; for a difference between treated and untreated twins "
        "given with a sign, the mean [95 % t interval]."
    )
    for word, words in WORDS.items():
        rows = claims[claims["verdict"] == word]
        if rows.empty:
            continue
        page.gap()
        page.line(f"{MARKS[word]} {words}: {len(rows)}", style=STYLES[word])
        for row in rows.to_dict(orient="records"):
            _claim(page, row, parts[parts["claim"] == row["claim"]].to_dict(orient="records"))


def _claim(page: _Page, row: Row, parts: Sequence[Row]) -> None:
    page.line(f"{row['claim']}: {row['statement']}", indent=2)
    page.line(f"Paper: {row['published']}{_chance_of(row, parts)}.", indent=4)
    if row["against"]:
        numeric = WORDS[row["numeric_verdict"]]
        page.line(f"But: {row['against']} By its numbers: {numeric}.", indent=4)
    failing = [part for part in parts if part["counts"] and _fails(part)]
    for part in failing or parts[:1]:
        bounds = f"{part['lower']:.3g}, {part['upper']:.3g}"
        shown = f"{part['estimate']:.3g} [{'no interval' if isnan(part['lower']) else bounds}]"
        missed = f", {_fails(part)} does not hold" if failing else ""
        page.line(f"{part['part']}: {shown}, paper {part['published']}{missed}", indent=4)


def _fails(part: Row) -> str:
    """Say what of a part does not hold; empty where nothing fails."""
    failing = [
        word
        for word, key in (("direction", "direction_holds"), ("size", "size_holds"))
        if pd.notna(part[key]) and not part[key]
    ]
    return " and ".join(failing)


def _chance_of(row: Row, parts: Sequence[Row]) -> str:
    """Give the chance level of what a claim is about, in brackets; empty where it has none."""
    points = reference_points()
    subject = " ".join([row["quantity"], *(part["part"] for part in parts)])
    texts = {
        "accuracy": f"accuracy by chance {points.chance_accuracy_percent:.0f} %",
        "alsfrs_r_proxy": f"proxy by chance {points.chance_proxy:.1f}",
    }
    found = [text for name, text in texts.items() if name in subject]
    return f" ({', '.join(found)})" if found else ""


def _counts(page: _Page, summary: Mapping[str, Any]) -> None:
    """Print the counts, each with the dead network's beside it."""
    page.heading("Counts")
    for name, key in (
        ("Table 2", "table2"),
        ("Table 3", "table3"),
        ("Table 3, cells that repeat no other", "table3_independent"),
        ("Table 3, ALS only", "table3_als"),
    ):
        count = summary[key]
        page.line(
            f"{name}: {count['reproduced']} of {count['cells']} cells reproduced; "
            f"a dead network {count['dead_network']}",
            indent=2,
        )
    for kind, count in summary["claims"].items():
        words = ", ".join(f"{count[word]} {words}" for word, words in WORDS.items())
        page.line(f"Claims of {kind}: {count['claims']}; {words}", indent=2)
    page.line(
        f"Of the {summary['contradicted']['claims']} claims that the paper contradicts, "
        f"{summary['contradicted']['numerically_reproduced']} hold by their numbers.",
        indent=2,
    )
    held, asked = (
        sum(c[key] for c in summary["claims"].values()) for key in (REPRODUCED, "claims")
    )
    cells = "{reproduced} of {cells} published numbers".format_map(summary["table3"])
    page.line(f"In short: {cells} and {held} of {asked} claims reproduced.", indent=2)
    points, chance = reference_points(), summary["chance"]
    page.line(
        f"A dead network guesses, has lost {points.dead_sparsity_percent:g} % of every layer and "
        f"has an NfL proxy of {points.dead_nfl_proxy:g}; it is scored by tolerance alone.",
        indent=2,
    )
    page.line(
        f"Chance: accuracy {chance['accuracy_percent']:.0f} %, "
        f"ALSFRS-R proxy {chance['alsfrs_r_proxy']:.1f}.",
        indent=2,
    )
    if summary["provisional"]:
        page.line(
            f"Provisional: {_patients(summary)}, and verdicts need at least "
            f"{summary['provisional_below']}.",
            style="bold",
            indent=2,
        )


def _patients(summary: Mapping[str, Any]) -> str:
    number = summary["patients"]
    return f"{number} patient{'' if number == 1 else 's'}"
