"""Targets, scenarios and constants in words, for figures and the report."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import isfinite
from typing import Any

from synaprune.figures.words import READOUT, in_sentence, number, plain_title
from synaprune.study import library

_MINUS = "−"

#: Words of parameters that are abbreviations.
_CAPITALS = frozenset({"als", "mdd", "sd"})


def profile_title(profile: str) -> str:
    """Title of a profile; its name in words where the library does not know it."""
    known = library.profiles().get(profile)
    return known.title if known else plain_title(profile)


def treatment_title(treatment: str) -> str:
    """Title of a treatment; its name in words where the library does not know it."""
    known = library.treatments().get(treatment)
    return known.title if known else plain_title(treatment)


def scenario_title(profile: str, treatment: str) -> str:
    """Name a scenario.

    Examples
    --------
    >>> scenario_title("mdd", "untreated")
    'Depression, untreated'
    """
    return f"{profile_title(profile)}, {in_sentence(treatment_title(treatment))}"


def readout_title(readout: str) -> str:
    """Title of a readout, or of the sparsity of a layer.

    Examples
    --------
    >>> readout_title("sparsity_percent/fine_motor")
    'Fine motor sparsity'
    """
    quantity, _, layer = readout.partition("/")
    if layer:
        return f"{plain_title(layer)} {in_sentence(quantity.removesuffix('_percent'))}"
    return READOUT[readout].title if readout in READOUT else plain_title(readout)


def constant_title(name: str) -> str:
    """Name a parameter in words.

    Examples
    --------
    >>> constant_title("flare_threshold"), constant_title("als_lower_vulnerability")
    ('flare threshold', 'ALS lower vulnerability')
    """
    return " ".join(word.upper() if word in _CAPITALS else word for word in name.split("_"))


def target_in_words(row: Mapping[Hashable, Any]) -> str:
    """Say what a target is a number of.

    Parameters
    ----------
    row
        profile, treatment, minus, minus_profile, readout, minus_readout and when.
    """
    moment = {"final": "at the end"}.get(str(row["when"]), str(row["when"]))
    treatment = in_sentence(treatment_title(row["treatment"]))
    if row["minus"]:
        treatment += f" {_MINUS} {in_sentence(treatment_title(row['minus']))}"
    profile = profile_title(row["profile"])
    if row["minus_profile"]:
        profile += f" {_MINUS} {profile_title(row['minus_profile'])}"
    readout = readout_title(row["readout"])
    if row["minus_readout"]:
        readout += f" {_MINUS} {in_sentence(readout_title(row['minus_readout']))}"
    return f"{readout}, {moment}: {profile}, {treatment}"


def range_in_words(low: float, high: float, places: int) -> str:
    """Write what a target asks for.

    Examples
    --------
    >>> range_in_words(51, 51, 0), range_in_words(94, float("inf"), 0), range_in_words(-2, -1, 0)
    ('51', 'at least 94', '−2 to −1')
    """
    if not isfinite(high):
        return f"at least {number(low, places)}"
    if not isfinite(low):
        return f"at most {number(high, places)}"
    if low == high:
        return number(low, places)
    return f"{number(low, places)} to {number(high, places)}"
