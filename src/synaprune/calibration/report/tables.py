"""Tables of a calibration's report as plain text cells."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from math import isfinite, isnan
from typing import Any

import numpy as np
import pandas as pd

from synaprune.calibration.figures.target_rows import decimals_of
from synaprune.calibration.findings.folder import Findings
from synaprune.calibration.sensitivity.known_ranges import SLICE
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.space import COUNTS, NETWORKS, SOLVED
from synaprune.calibration.targets.titles import (
    constant_title,
    profile_title,
    range_in_words,
    readout_title,
    scenario_title,
    target_in_words,
)
from synaprune.figures.words import LAYER_NAMES, decimals, number
from synaprune.paper.cells import REPEATING
from synaprune.paper.dead_network import dead_within_tolerance
from synaprune.paper.tolerance import SLACK, tolerance
from synaprune.report.tables import Table

Row = Mapping[Hashable, Any]

#: Widest median half-width of the bands that a fitted model should show, by readout.
HALF_WIDTHS = {
    "total_sparsity_percent": 2.0,
    "weakness_score": 0.15,
    "bulbar_score": 0.15,
    "fine_motor_score": 0.15,
    "accuracy_percent": 8.0,
    "nfl_proxy": 10.0,
}

#: Share of a parameter's bounds within which a value counts as at the edge.
_EDGE = 0.01


def constants(findings: Findings) -> Table:
    """List the searched constants: where they started and ended, and what they may be."""
    known = findings.table("ranges")
    rows_of = {} if known is None else {r["name"]: r for r in known.to_dict(orient="records")}
    rows = tuple(
        (
            constant_title(name),
            *_start_and_best(findings, name),
            _range(rows_of.get(name)),
            _verdict(rows_of.get(name)),
            _bounds(findings.parameters[name]),
        )
        for name in findings.searched(COUNTS, NETWORKS)
    )
    columns = ("Constant", "Start", "Best", "Fits equally well", "Known", "Searched")
    return Table("Constants that were searched", columns, rows)


def rates(findings: Findings) -> Table:
    """List the base rates that were solved inside every trial, a row a layer."""
    cells: dict[str, dict[str, str]] = {}
    heads: dict[str, None] = {}
    for name in findings.searched(SOLVED):
        start, best = _start_and_best(findings, name)
        for place in findings.parameters[name]["places"]:
            profile, quantity, layer = place.split(".")
            factor = ", factor" if quantity == "base_rate_factor" else ""
            head = f"{profile_title(profile)}{factor}"
            heads[head] = None
            cells.setdefault(layer, {})[head] = f"{best}\n({start})"
    rows = tuple(
        (LAYER_NAMES[layer][0], *(cells[layer].get(head, "–") for head in heads))
        for layer in LAYER_NAMES
        if layer in cells
    )
    caption = "Base rates that were solved, below them where they started"
    return Table(caption, ("Layer", *heads), rows)


def forms(findings: Findings) -> Table:
    """List the mechanisms that are not in the text's form; often none."""
    rows = tuple(sorted(Candidate(findings.preset).departures.items()))
    return Table("Mechanisms in a form that is not the text's", ("Mechanism", "Form"), rows)


def _start_and_best(findings: Findings, name: str) -> tuple[str, str]:
    best = float(findings.best[name])
    first = findings.trials.iloc[0][name]
    return f"{float(first):.4g}", f"{best:.4g}{_edge(findings.parameters[name], best)}"


def _edge(entry: Mapping[str, Any], value: float) -> str:
    """Say that a value lies at an end of what was allowed, where a better one may be hidden."""
    low, high, here = float(entry["low"]), float(entry["high"]), value
    if entry["scale"] == "log":
        low, high, here = (float(np.log(number)) for number in (low, high, here))
    share = (here - low) / (high - low)
    return " (at the edge)" if share < _EDGE or share > 1 - _EDGE else ""


def _bounds(entry: Mapping[str, Any]) -> str:
    return f"{entry['low']:g} to {entry['high']:g}"


def _verdict(row: Row | None) -> str:
    if row is None:
        return "not examined"
    return f"{row['verdict']}{', all else as it is' if row['method'] == SLICE else ''}"


def _range(row: Row | None) -> str:
    if row is None or isnan(float(row["low"])):
        return "–"
    return f"{row['low']:.3g} to {row['high']:.3g}"


def targets(findings: Findings) -> Table:
    """List the targets that count and are missed, the farthest first."""
    away = findings.shown["residual"].abs()
    missed = findings.shown[(findings.shown["weight"] > 0) & (away > 1 + SLACK)]
    order = away[missed.index].sort_values(ascending=False, kind="stable").index
    rows = tuple(_target(row) for row in missed.loc[order].to_dict(orient="records"))
    columns = ("Target", "Asked", "Median", "95 % of patients", "Tolerance", "Distance")
    return Table("Targets that are missed, the farthest first", columns, rows)


def _target(row: Row) -> tuple[str, ...]:
    places = decimals_of(float(row["tolerance"]))
    value, low, high = (number(float(row[n]), places) for n in ("estimate", "lower", "upper"))
    return (
        target_in_words(row),
        range_in_words(float(row["low"]), float(row["high"]), places),
        value,
        f"{low} to {high}",
        f"{float(row['tolerance']):.2g}",
        number(float(row["residual"]), 1, signed=True),
    )


def by_readout(findings: Findings) -> Table:
    """Count met targets by readout."""
    counting = findings.shown[findings.shown["weight"] > 0]
    rows = tuple(
        (
            readout_title(str(readout)),
            str(int((part["residual"].abs() <= 1 + SLACK).sum())),
            str(len(part)),
            f"{part['residual'].abs().median():.1f}",
        )
        for readout, part in counting.groupby("readout", sort=False)
    )
    columns = ("Readout", "Within tolerance", "Targets", "Median distance (tolerances)")
    return Table("Targets by readout", columns, rows)


def verification(findings: Findings) -> Table | None:
    """Count the cells of Table 3 on fresh patients, by each way of agreeing alone."""
    if findings.comparison is None:
        return None
    cells = findings.comparison.table3
    rows = tuple(
        _counted(title, cells[chosen])
        for title, chosen in (
            ("All cells", pd.Series(data=True, index=cells.index)),
            ("Cells that repeat no other", ~cells["readout"].isin(REPEATING)),
        )
    )
    columns = ("Table 3", "Median within tolerance", "Published value inside band",
               "A dead network", "Cells")  # fmt: skip
    return Table("Published end values on fresh patients", columns, rows)


def _counted(title: str, cells: pd.DataFrame) -> tuple[str, ...]:
    pairs = zip(cells["readout"], cells["published"], strict=True)
    allowed = [tolerance(readout, value) for readout, value in pairs]
    within = (cells["median"] - cells["published"]).abs() <= np.array(allowed) + SLACK
    counts = (within.sum(), cells["inside_95"].sum(), dead_within_tolerance(cells).sum(),
              len(cells))  # fmt: skip
    return (title, *(str(int(count)) for count in counts))


def half_widths(findings: Findings) -> Table | None:
    """Hold the median half-width of the bands against what a fitted model should show."""
    if findings.comparison is None:
        return None
    cells = findings.comparison.table3
    half = (cells["upper_95"] - cells["lower_95"]) / 2
    rows = []
    for readout, width in half.groupby(cells["readout"], sort=False).median().items():
        limit = HALF_WIDTHS.get(str(readout))
        places = 2 if limit is not None and limit < 1 else 1
        verdict = "–" if limit is None else "✓" if width <= limit + SLACK else "✗ wider"
        rows.append((readout_title(str(readout)), number(float(width), places),
                     "–" if limit is None else f"{limit:g}", verdict))  # fmt: skip
    columns = ("Readout", "Median half-width", "Limit", "Within")
    return Table("Half-widths of the bands over patients", columns, tuple(rows))


def structures(findings: Findings) -> Table | None:
    """List the alternatives of form, best first."""
    found = findings.table("structure")
    if found is None:
        return None
    rows = tuple(
        (
            f"{row['name']}{' (simplest of those as good)' if row['simplest'] else ''}",
            str(row["forms"]),
            str(row["parameters"]),
            f"{row['loss']:.3f} ({row['lower']:.3f} to {row['upper']:.3f})",
            f"{row['worse_by']:.3f} ({row['worse_lower']:.3f} to {row['worse_upper']:.3f})",
            f"{row['within']} of {row['targets']}",
            "yes" if row["as_good"] else "no",
        )
        for row in found.to_dict(orient="records")
    )
    columns = ("Alternative", "Forms", "Free values", "Loss", "Above the best",
               "Within tolerance", "As good")  # fmt: skip
    return Table("Alternative forms on the same fresh patients", columns, rows)


def effects(findings: Findings) -> Table | None:
    """List the effects that the paper states beside twins and chance."""
    found = findings.table("twin_effects")
    if found is None or found.empty:
        return None
    rows = tuple(_effect(row) for row in found[~found["repeats"]].to_dict(orient="records"))
    columns = ("Effect", "Paper", "Twins: mean (95 % interval)", "SD, twins", "SD, unrelated",
               "Chance limit", "Told from chance", "Same sign in unrelated pairs")  # fmt: skip
    return Table("Effects of treatments", columns, rows)


def _effect(row: Row) -> tuple[str, ...]:
    half = (float(row["upper"]) - float(row["lower"])) / 2
    places = decimals(half) if isfinite(half) else 1
    low, high = (float(row[name]) for name in ("paper_low", "paper_high"))
    mean, lower, upper = (number(float(row[n]), places) for n in ("mean", "lower", "upper"))
    moment = "" if row["when"] == "final" else f", {row['when']}"
    return (
        f"{readout_title(row['readout'])}{moment}: "
        f"{scenario_title(row['profile'], row['treatment'])}",
        range_in_words(low, high, 2 if abs(low) < 1 and isfinite(low) else 1),
        f"{mean} ({lower} to {upper})",
        *(f"{float(row[name]):.2g}" for name in ("sd_twins", "sd_unrelated", "chance_limit")),
        _yes_no(row["told"]),
        f"{100 * float(row['same_sign']):.0f} %",
    )


def _yes_no(value: Any) -> str:
    if value is None or (isinstance(value, float) and isnan(value)):
        return "no size stated"
    return "yes" if value in (True, "True") else "no"


def present(tables: Iterable[Table | None]) -> list[Table]:
    """Keep the tables that there are."""
    return [table for table in tables if table is not None and table.rows]
