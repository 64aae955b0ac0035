"""What a comparison says, in sentences: the same on the terminal, in the report and in captions."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from synaprune.model.quantities import READOUTS
from synaprune.paper.published import reference_points

_TITLES = {readout.name: readout.title for readout in READOUTS}


def headline(summary: Mapping[str, Any]) -> list[str]:
    """Say how much of the published network lies inside the bands, and how to read that."""
    share = summary["published_network"]
    patients = patients_in_words(summary["patients"])
    first = (
        f"{_percent(share['share_inside'])} of the {share['numbers']:,} numbers of the published "
        f"network lie inside the 95 % bands of {patients}."
    )
    if share["in_range"] is None:
        return [first, "One patient has no others to be held against: run more patients."]
    return [
        first,
        f"When each of {share['patients']} patients takes its place, held against the bands of "
        f"the others, {100 * share['lower']:.1f} to {_percent(share['upper'])} of the patient's "
        f"numbers lie inside (95 % range): the published network {_standing(share)}.",
        "All of its scenarios are one patient, whose numbers lie inside or outside together; this "
        "is why the range is wide.",
    ]


def _standing(share: Mapping[str, Any]) -> str:
    if share["in_range"]:
        return "looks like one of them"
    more = "outside" if share["share_inside"] < share["lower"] else "inside"
    return f"lies {more} more often than they do"


def dead_sentence(summary: Mapping[str, Any]) -> str:
    """Say how many cells of Table 3 a network with nothing left would match."""
    points, count = reference_points(), summary["table3_als"]
    return (
        f"A dead network (it guesses, has lost {points.dead_sparsity_percent:g} % of every layer "
        f"and has an NfL proxy of {points.dead_nfl_proxy:g}) lies inside the bands of "
        f"{count['dead_network']} of the {count['cells']} ALS cells of Table 3, the published "
        f"network of {count['inside']}."
    )


def chance_sentence(summary: Mapping[str, Any]) -> str:
    """Give the chance level."""
    chance = summary["chance"]
    return (
        f"Chance is an accuracy of {chance['accuracy_percent']:.0f} % and an ALSFRS-R proxy of "
        f"{chance['alsfrs_r_proxy']:.1f}."
    )


def provisional_sentence(summary: Mapping[str, Any]) -> str:
    """Say that few patients decide nothing; empty where they are enough."""
    if not summary["provisional"]:
        return ""
    return (
        f"Provisional: {patients_in_words(summary['patients'])}; bands and verdicts need at least "
        f"{summary['provisional_below']}."
    )


def column_in_words(column: str) -> str:
    """Name a readout, with the chance level where it has one, or a layer.

    Examples
    --------
    >>> column_in_words("nfl_proxy"), column_in_words("accuracy_percent")
    ('NfL proxy', 'Accuracy (chance 25 %)')
    >>> column_in_words("upper_motor")
    'Sparsity, upper motor'
    """
    points = reference_points()
    chance = {
        "accuracy_percent": f" (chance {points.chance_accuracy_percent:.0f} %)",
        "alsfrs_r_proxy": f" (chance {points.chance_proxy:.1f})",
    }
    if column in _TITLES:
        return _TITLES[column] + chance.get(column, "")
    return "All numbers" if column == "all" else f"Sparsity, {column.replace('_', ' ')}"


def rank_in_words(row: Mapping[Hashable, Any]) -> str:
    """Say where a column's numbers lie outside the bands, from a row of `Comparison.outside`.

    Examples
    --------
    >>> rank_in_words({"lowest_rank": 0.0, "highest_rank": 0.0})
    'below all patients'
    """
    low, high = row["lowest_rank"], row["highest_rank"]
    if low == high and low in (0, 1):
        return f"{'below' if low == 0 else 'above'} all patients"
    return f"rank {low:.2f}" if low == high else f"ranks {low:.2f} to {high:.2f}"


def patients_in_words(number: int) -> str:
    """Count patients.

    Examples
    --------
    >>> patients_in_words(1), patients_in_words(16)
    ('1 patient', '16 patients')
    """
    return f"{number} patient{'' if number == 1 else 's'}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
