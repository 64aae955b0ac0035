"""Claims about depression: alone, with ALS, and what ketamine does to it.

Sections Treatment Effects (pure MDD), Comorbid ALS-MDD Simulations and Discussion, with
Figure 5.
"""

from __future__ import annotations

import numpy as np

from synaprune.paper.checks import (
    all_ordered,
    at_least,
    between,
    ordered,
    stated,
    twin_effect,
    unchanged,
)
from synaprune.paper.claim import Claim
from synaprune.paper.courses import first_cycle, mean_over
from synaprune.paper.evidence import Evidence, FloatArray
from synaprune.paper.part import Part
from synaprune.paper.published import in_words, maximum, published_value
from synaprune.paper.scenarios import ALS_PROFILES, KETAMINE, UNTREATED, Scenario
from synaprune.paper.tolerance import range_tolerance, tolerance


def _table3_changes(evidence: Evidence, profile: str, readouts: tuple[str, ...]) -> list[Part]:
    """Hold the change under ketamine, and both of its ends, against Table 3."""
    changes, levels = [], []
    for readout in readouts:
        before, after = (
            published_value(Scenario(profile, arm), readout) for arm in (UNTREATED, KETAMINE)
        )
        untreated, treated = (
            evidence.final(profile, arm, readout) for arm in (UNTREATED, KETAMINE)
        )
        change = (after - before, after - before)
        near_before, near_after = tolerance(readout, before), tolerance(readout, after)
        changes.append(
            twin_effect(f"change of {in_words(readout)}", treated - untreated, change, near_after)
        )
        levels += [
            stated(f"final {in_words(readout)}, {UNTREATED}", untreated, before, near_before),
            stated(f"final {in_words(readout)}, {KETAMINE}", treated, after, near_after),
        ]
    return [*changes, *levels]


def mdd_spares_motor(evidence: Evidence, claim: Claim) -> list[Part]:
    """Sparsity in depression alone, against half of that in ALS."""
    readout, published = "total_sparsity_percent", claim.value("sparsity")
    mdd = evidence.final("mdd", UNTREATED, readout)
    halves = {p: evidence.final(p, UNTREATED, readout) / 2 - mdd for p in ALS_PROFILES}
    return [
        stated("final total sparsity", mdd, published, tolerance(readout, published)),
        all_ordered("half the sparsity of ALS minus this", halves),
    ]


def mdd_ketamine(evidence: Evidence, _claim: Claim) -> list[Part]:
    """What ketamine does in depression alone."""
    readouts = ("total_sparsity_percent", "depression_score", "accuracy_percent")
    return _table3_changes(evidence, "mdd", readouts)


def mdd_gains_most(evidence: Evidence, claim: Claim) -> list[Part]:
    """Relative benefit in depression alone, against each form of ALS."""
    parts = []
    for readout, sign in (
        ("total_sparsity_percent", -1),
        ("depression_score", -1),
        ("accuracy_percent", 1),
    ):
        mdd = sign * _relative_change(evidence, "mdd", readout)
        beyond = {
            profile: mdd
            - claim.value("times")
            * np.maximum(sign * _relative_change(evidence, profile, readout), 0)
            for profile in ALS_PROFILES
        }
        parts.append(
            all_ordered(f"relative benefit in {in_words(readout)}, minus twice that in ALS", beyond)
        )
    return parts


def _relative_change(evidence: Evidence, profile: str, readout: str) -> FloatArray:
    """Change under ketamine relative to untreated; 0 where untreated is 0."""
    treated, untreated = (evidence.final(profile, arm, readout) for arm in (KETAMINE, UNTREATED))
    change = np.zeros_like(untreated)
    np.divide(treated - untreated, untreated, out=change, where=untreated > 0)
    return change


def comorbid_prodrome(evidence: Evidence, claim: Claim) -> list[Part]:
    """Mood before motor collapse."""
    low, high = claim.range("depression")
    score = evidence.course("als_mdd", UNTREATED, "depression_score")
    accuracy = evidence.course("als_mdd", UNTREATED, "accuracy_percent")
    lead = first_cycle(accuracy < claim.value("collapse_below")) - first_cycle(score >= low)
    allowed = range_tolerance("depression_score", (low, high))
    return [
        between(
            "depression score over cycles 3 to 7", mean_over(score, 3, 7), (low, high), allowed
        ),
        ordered(f"cycles from a score of {low:g} to the collapse", lead),
    ]


def comorbid_motor_tracks_als(evidence: Evidence, _claim: Claim) -> list[Part]:
    """Final motor state, with and without depression."""
    readouts = (
        "accuracy_percent",
        "total_sparsity_percent",
        "weakness_score",
        "bulbar_score",
        "fine_motor_score",
    )
    return [
        unchanged(
            f"final {in_words(readout)} minus als_standard",
            evidence.final("als_mdd", UNTREATED, readout)
            - evidence.final("als_standard", UNTREATED, readout),
            tolerance(readout, published_value(Scenario("als_standard", UNTREATED), readout)),
        )
        for readout in readouts
    ]


def comorbid_dual_benefit(evidence: Evidence, _claim: Claim) -> list[Part]:
    """What ketamine does in ALS with depression."""
    readouts = ("depression_score", "nfl_proxy", "alsfrs_r_proxy", "respiratory_risk_percent")
    return _table3_changes(evidence, "als_mdd", readouts)


def comorbid_instability(evidence: Evidence, _claim: Claim) -> list[Part]:
    """Unstable weights, with and without depression."""
    mixed, pure = (
        mean_over(evidence.course(profile, UNTREATED, "nfl_proxy"), 0, 29)
        for profile in ("als_mdd", "als_standard")
    )
    return [ordered("NfL proxy over the run, minus als_standard", mixed - pure)]


def comorbid_depression_severe(evidence: Evidence, claim: Claim) -> list[Part]:
    """Severe mood and spared motor layers at cycle 6."""
    score, integrity = (
        evidence.course("als_mdd", UNTREATED, readout)
        for readout in ("depression_score", "motor_integrity_percent")
    )
    prefrontal, motor = score * 100 / maximum("depression_score"), 100 - integrity
    return [
        at_least("depression score at cycle 6", score[:, 6], claim.value("severe")),
        ordered(
            "prefrontal minus motor sparsity over cycles 0 to 6",
            mean_over(prefrontal - motor, 0, 6),
        ),
    ]


def cognition(evidence: Evidence, _claim: Claim) -> list[Part]:
    """Cognitive score in depression, with ALS, and with ketamine."""
    mdd, mixed, treated = (
        evidence.course(profile, arm, "cognitive_score")
        for profile, arm in (("mdd", UNTREATED), ("als_mdd", UNTREATED), ("mdd", KETAMINE))
    )
    fall, mixed_fall = mdd[:, 0] - mdd[:, -1], mixed[:, 0] - mixed[:, -1]
    return [
        ordered("fall of the score in mdd", fall),
        ordered("fall of the score, als_mdd minus mdd", mixed_fall - fall),
        ordered("score over the run, mdd minus als_mdd", mean_over(mdd - mixed, 0, 29)),
        ordered("final score in mdd, ketamine minus untreated", treated[:, -1] - mdd[:, -1]),
    ]


CHECKS = {
    check.__name__: check
    for check in (
        mdd_spares_motor,
        mdd_ketamine,
        mdd_gains_most,
        comorbid_prodrome,
        comorbid_motor_tracks_als,
        comorbid_dual_benefit,
        comorbid_instability,
        comorbid_depression_severe,
        cognition,
    )
}
