"""The main answers of a run as plain sentences with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np

from synaprune.figures.crossing import first_below
from synaprune.figures.effects import best_effect, effects, in_numbers, is_clear
from synaprune.figures.material import Material
from synaprune.figures.time_axis import chance_level
from synaprune.figures.twin_differences import MEASURES, Measure
from synaprune.figures.words import (
    READOUT,
    decimals,
    in_sentence,
    number,
    patients_in_words,
    time_in_words,
)
from synaprune.paper.intervals import Estimate, spread

_PROXY = "alsfrs_r_proxy"
_INTEGRITY = "motor_integrity_percent"

#: Share of a readout's range below which a difference does not count, however clear.
_NEGLIGIBLE = 0.01


@dataclass(frozen=True, slots=True)
class Effect:
    """How a change of a measure is put into words.

    Attributes
    ----------
    measure
        What is compared.
    better, worse
        The change for the better and for the worse; ``{size}`` stands for its size.
    what
        The measure in the middle of a sentence.
    """

    measure: Measure
    better: str
    worse: str
    what: str


def _measure(readout: str, over: str) -> Measure:
    return next(m for m in MEASURES if (m.readout, m.over) == (readout, over))


#: What the first page answers, in this order.
ASKED = (
    Effect(
        _measure(_PROXY, "course"),
        "keeps the functional score (ALSFRS-R proxy) {size} points higher, on average over the "
        "course,",
        "leaves the functional score (ALSFRS-R proxy) {size} points lower, on average over the "
        "course,",
        "the functional score (ALSFRS-R proxy) averaged over the course",
    ),
    Effect(
        _measure(_INTEGRITY, "end"),
        "keeps {size} more points of motor integrity",
        "leaves {size} fewer points of motor integrity",
        "motor integrity at the end",
    ),
    Effect(
        _measure("depression_score", "end"),
        "ends with {size} points less of depression (0 to 48)",
        "ends with {size} points more of depression (0 to 48)",
        "depression at the end",
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out for one profile.

    Attributes
    ----------
    profile, title
        The profile by its name, which no other has, and in words.
    sentences
        First the course without treatment, then what treatments change.
    """

    profile: str
    title: str
    sentences: tuple[str, ...]


def answers(material: Material) -> list[Answer]:
    """Answer the main questions for every profile.

    Parameters
    ----------
    material
        The run.
    """
    return [
        Answer(profile, title, tuple(_sentences(material, profile)))
        for profile, title in material.profiles.items()
    ]


def _sentences(material: Material, profile: str) -> list[str]:
    first = material.reference or next(iter(material.arms))
    sentences = [course_sentence(material, profile, first)]
    if material.reference is not None and material.treated:
        sentences += [effect_sentence(material, profile, effect) for effect in ASKED]
    return sentences


def course_sentence(material: Material, profile: str, arm: str) -> str:
    """Say how an arm goes: when function is half lost, and what is left at the end."""
    proxy = material.course(profile, arm, _PROXY)
    half = (READOUT[_PROXY].maximum or 0.0) / 2
    at = first_below(proxy, half)
    if at == 0:
        falls = "is below half of its range from the start"
    elif at is None:
        falls = "stays above half of its range"
    else:
        falls = f"falls below half of its range at {time_in_words(at, material.months(profile))}"
    left = spread(material.course(profile, arm, _INTEGRITY)[:, -1])
    places = min(decimals((left.upper - left.lower) / 2), 1)
    band = (
        f" (95 % of patients: {number(left.lower, places)} to {number(left.upper, places)} %)"
        if left.n > 1
        else ""
    )
    start = (
        "Without treatment" if arm == material.reference
        else f"With {in_sentence(material.arm_titles[arm])}"
    )  # fmt: skip
    return (
        f"{start} the functional score {falls} and ends at "
        f"{number(float(np.median(proxy[:, -1])), 1)}, where guessing would score "
        f"{chance_level(_PROXY):.1f}; {number(left.value, places)} % of motor integrity is "
        f"left{band}."
    )


def effect_sentence(material: Material, profile: str, effect: Effect) -> str:
    """Say which treatment changes a measure most for the better, and by how much.

    A clear improvement comes before a larger one that may be chance.

    Parameters
    ----------
    material
        A run with an arm without doses and at least one other.
    profile, effect
        Where, and what.
    """
    improving = [
        (arm, found)
        for arm, found in effects(material, profile, effect.measure)
        if _counts(found, effect.measure) and effect.measure.better * found.value > 0
    ]
    arm, estimate = improving[0] if improving else best_effect(material, profile, effect.measure)
    title = material.arm_titles[arm]
    people = patients_in_words(estimate.n)
    if _counts(estimate, effect.measure):
        words = effect.better if improving else effect.worse
        size, interval = _size_and_interval(estimate)
        return (
            f"{title} {words.format(size=size)} than no treatment in the same "
            f"{'patients' if estimate.n > 1 else 'patient'}; "
            f"{interval}{people}."
        )
    small = _is_negligible(estimate, effect.measure)
    how = "improves" if small else "clearly improves"
    much = " by more than 1 % of its range" if small else ""
    return (
        f"No treatment {how} {effect.what}{much}; the best difference is "
        f"{in_numbers(estimate)}, with {in_sentence(title)}; {people}."
    )


def _counts(estimate: Estimate, measure: Measure) -> bool:
    """Whether a difference is large enough and clear, as far as one patient can tell."""
    return not _is_negligible(estimate, measure) and (is_clear(estimate) or isnan(estimate.lower))


def _is_negligible(estimate: Estimate, measure: Measure) -> bool:
    return abs(estimate.value) < _NEGLIGIBLE * (READOUT[measure.readout].maximum or 0.0)


def _size_and_interval(estimate: Estimate) -> tuple[str, str]:
    """Write the size without its sign, and the interval turned to match."""
    if isnan(estimate.lower):
        return number(abs(estimate.value), 1), "no interval from "
    places = decimals((estimate.upper - estimate.lower) / 2)
    sign = -1 if estimate.value < 0 else 1
    low, high = sorted((sign * estimate.lower, sign * estimate.upper))
    size = number(abs(estimate.value), places)
    return size, f"95 % interval {number(low, places)} to {number(high, places)}; "
