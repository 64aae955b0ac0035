"""Tables of the report as plain text cells, ready for the page."""

from __future__ import annotations

from dataclasses import dataclass

from synaprune.figures.effects import effect, in_numbers
from synaprune.figures.material import Material
from synaprune.figures.published_marks import published_end, published_text
from synaprune.figures.twin_differences import MEASURES
from synaprune.figures.words import READOUT, number
from synaprune.paper.intervals import Estimate, spread
from synaprune.paper.published import printed_decimals

#: Readouts of the table of end values; accuracy and proxy are the same number twice.
END_READOUTS = (
    "alsfrs_r_proxy",
    "motor_integrity_percent",
    "respiratory_risk_percent",
    "weakness_score",
    "bulbar_score",
    "fine_motor_score",
    "depression_score",
    "cognitive_score",
    "nfl_proxy",
)


#: Keeps words on one line.
_TOGETHER = "\N{NO-BREAK SPACE}"

#: A dash at which no line breaks.
_TO = "\N{WORD JOINER}–\N{WORD JOINER}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    caption
        What it holds.
    columns
        Heads; the first is that of the row names.
    rows
        Cells as text; the first is the row's name.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def end_values(material: Material, profile: str) -> Table:
    """Medians at the final cycle with the 95 % band of patients, and published values."""
    rows = tuple(
        (material.arm_titles[arm], *(_end(material, profile, arm, name) for name in END_READOUTS))
        for arm in material.arms
    )
    heads = tuple(_head(readout) for readout in END_READOUTS)
    caption = f"{material.profiles[profile]}: end values"
    return Table(caption=caption, columns=("Arm", *heads), rows=rows)


def _head(readout: str) -> str:
    known = READOUT[readout]
    span = f"0 to {known.maximum:g}" if known.unit == "points" else known.unit
    unit = "a. u." if known.maximum is None else span
    return f"{known.title} ({unit.replace(' ', _TOGETHER)})"


def _end(material: Material, profile: str, arm: str, readout: str) -> str:
    """Write median, band and published value, a line each."""
    estimate = spread(material.course(profile, arm, readout)[:, -1])
    places = printed_decimals(readout)
    lines = [number(estimate.value, places)]
    if estimate.n > 1:
        lines.append(f"{number(estimate.lower, places)}{_TO}{number(estimate.upper, places)}")
    known = published_end(material, profile, arm, readout)
    if known is not None:
        lines.append(published_text(known, readout))
    return "\n".join(line.replace(" ", _TOGETHER) for line in lines)


def twin_effects(material: Material, profile: str) -> Table:
    """Mean differences from the reference arm in the same patients, with 95 % t intervals."""
    rows = tuple(
        (
            material.arm_titles[arm],
            *(_effect(effect(material, profile, arm, measure)) for measure in MEASURES),
        )
        for arm in material.treated
    )
    heads = tuple(f"{measure.title}, {measure.when}" for measure in MEASURES)
    caption = f"{material.profiles[profile]}: difference from the untreated twin"
    return Table(caption=caption, columns=("Treatment", *heads), rows=rows)


def _effect(estimate: Estimate) -> str:
    """Write a difference, and its interval on a line of its own."""
    difference, _, interval = in_numbers(estimate).partition(" ")
    return f"{difference}\n{interval.replace(' ', _TOGETHER)}"
