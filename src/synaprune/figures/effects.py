"""Effects in words: the best treatment by a measure, and a mean with its interval as text."""

from __future__ import annotations

from math import isnan

from synaprune.figures.material import Material
from synaprune.figures.twin_differences import Measure, differences
from synaprune.figures.words import decimals, number
from synaprune.paper.intervals import Estimate, mean_interval


def effect(material: Material, profile: str, arm: str, measure: Measure) -> Estimate:
    """Mean twin difference with its 95 % t interval."""
    return mean_interval(differences(material, profile, arm, measure))


def effects(material: Material, profile: str, measure: Measure) -> list[tuple[str, Estimate]]:
    """List treatments with what each changes, the best for the better first.

    Parameters
    ----------
    material
        A run with an arm without doses.
    profile, measure
        Where and by what; a measure of which neither more nor less is better counts as more.
    """
    sign = measure.better or 1
    found = [(arm, effect(material, profile, arm, measure)) for arm in material.treated]
    return sorted(found, key=lambda pair: -sign * pair[1].value)


def best_effect(material: Material, profile: str, measure: Measure) -> tuple[str, Estimate]:
    """Find the treatment that changes a measure most for the better.

    Parameters
    ----------
    material
        A run with an arm without doses and at least one other.
    profile, measure
        As for `effects`.
    """
    return effects(material, profile, measure)[0]


def in_numbers(estimate: Estimate) -> str:
    """Write a mean difference with its interval, rounded to what the interval supports.

    Examples
    --------
    >>> in_numbers(Estimate(6.812, 5.61, 8.01, 16))
    '+6.8 (5.6 to 8.0)'
    """
    if isnan(estimate.lower):
        return f"{number(estimate.value, 1, signed=True)} (one patient, no interval)"
    places = decimals((estimate.upper - estimate.lower) / 2)
    low, high = number(estimate.lower, places), number(estimate.upper, places)
    return f"{number(estimate.value, places, signed=True)} ({low} to {high})"


def is_clear(estimate: Estimate) -> bool:
    """Whether the interval excludes no difference; False for one patient."""
    return not isnan(estimate.lower) and (estimate.lower > 0 or estimate.upper < 0)
