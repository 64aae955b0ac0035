"""Claims about health, and about the untreated course of standard ALS.

Sections Simulation Procedure, Untreated ALS Progression, and the healthy control of Treatment
Effects.
"""

from __future__ import annotations

import numpy as np

from synaprune.paper.checks import above, at_least, between, ordered, stated
from synaprune.paper.claim import Claim
from synaprune.paper.courses import highest, lowest, mean_over, slope
from synaprune.paper.evidence import BoolArray, Evidence, FloatArray
from synaprune.paper.part import Part
from synaprune.paper.published import reference_points
from synaprune.paper.scenarios import UNTREATED
from synaprune.paper.tolerance import range_tolerance, tolerance


def _course(evidence: Evidence, readout: str) -> FloatArray:
    return evidence.course("als_standard", UNTREATED, readout)


def pretrain_accuracy(evidence: Evidence, claim: Claim) -> list[Part]:
    """Accuracy before disease."""
    published = claim.range("accuracy")
    allowed = range_tolerance("accuracy_percent", published)
    return [between("accuracy after pretraining", evidence.pretraining, published, allowed)]


def preclinical_plateau(evidence: Evidence, claim: Claim) -> list[Part]:
    """Accuracy stays high through cycle 5."""
    values = lowest(_course(evidence, "accuracy_percent"), 0, 5)
    return [above("lowest accuracy, cycles 0 to 5", values, claim.value("accuracy_above"))]


def preclinical_sparsity(evidence: Evidence, claim: Claim) -> list[Part]:
    """Sparsity while accuracy still holds."""
    published = claim.value("sparsity")
    values = _course(evidence, "total_sparsity_percent")[:, 5]
    allowed = tolerance("total_sparsity_percent", published)
    return [stated("total sparsity at cycle 5", values, published, allowed)]


def collapse(evidence: Evidence, claim: Claim) -> list[Part]:
    """Accuracy right after the steep fall."""
    accuracy = _course(evidence, "accuracy_percent")
    published = claim.range("accuracy")
    allowed = range_tolerance("accuracy_percent", published)
    return [
        between("accuracy at cycle 10", accuracy[:, 10], published, allowed),
        ordered("fall of accuracy, cycle 5 to 10", accuracy[:, 5] - accuracy[:, 10]),
    ]


def terminal_plateau(evidence: Evidence, claim: Claim) -> list[Part]:
    """The range in which accuracy moves at the end."""
    accuracy = _course(evidence, "accuracy_percent")
    published = claim.range("accuracy")
    allowed = range_tolerance("accuracy_percent", published)
    return [
        between("lowest accuracy, cycles 20 to 29", lowest(accuracy, 20), published, allowed),
        between("highest accuracy, cycles 20 to 29", highest(accuracy, 20), published, allowed),
    ]


def alsfrs_r_span(evidence: Evidence, claim: Claim) -> list[Part]:
    """Where the functional score starts and ends."""
    proxy = _course(evidence, "alsfrs_r_proxy")
    first, terminal = claim.value("first"), claim.range("terminal")
    late = mean_over(proxy, 20, 29)
    allowed = range_tolerance("alsfrs_r_proxy", terminal)
    return [
        stated("proxy at cycle 0", proxy[:, 0], first, tolerance("alsfrs_r_proxy", first)),
        between("mean proxy, cycles 20 to 29", late, terminal, allowed),
        ordered("fall of the proxy", proxy[:, 0] - late),
    ]


def flare_steps(evidence: Evidence, claim: Claim) -> list[Part]:
    """Sudden falls of accuracy, and whether they come with flares."""
    step = claim.value("step")
    accuracy = _course(evidence, "accuracy_percent")
    flares = evidence.flares("als_standard", UNTREATED)[:, 1:]
    at_risk = accuracy[:, :-1] >= reference_points().chance_accuracy_percent + step
    steps = at_risk & (accuracy[:, :-1] - accuracy[:, 1:] >= step)
    share, by_chance = _share(flares, steps), _share(flares, at_risk)
    excess = np.where(steps.any(axis=1), share - by_chance, 0.0)
    with_flare = ordered("share of steps at flare cycles, less one half", share - 0.5)
    count = at_least("steps of accuracy", steps.sum(axis=1).astype(float), claim.value("steps"))
    beyond = ordered("share of steps at flare cycles, less share of all cycles", excess)
    return [count, with_flare, beyond]


def _share(flagged: BoolArray, among: BoolArray) -> FloatArray:
    """Share of flagged cycles among some cycles, a patient; 0 where there are none."""
    total = among.sum(axis=1)
    result: FloatArray = (flagged & among).sum(axis=1) / np.maximum(total, 1)
    return result


def nfl_rise(evidence: Evidence, claim: Claim) -> list[Part]:
    """Rise and peak of the NfL proxy."""
    nfl = _course(evidence, "nfl_proxy")
    peak = claim.range("peak")
    return [
        between("highest NfL proxy", highest(nfl), peak, range_tolerance("nfl_proxy", peak)),
        ordered("slope of the NfL proxy a cycle, cycles 10 to 29", slope(nfl, 10, 29)),
    ]


def control_stable(evidence: Evidence, claim: Claim) -> list[Part]:
    """The healthy network over the whole run."""
    published = claim.value("sparsity")
    sparsity = evidence.final("control", UNTREATED, "total_sparsity_percent")
    accuracy = lowest(evidence.course("control", UNTREATED, "accuracy_percent"))
    allowed = tolerance("total_sparsity_percent", published)
    return [
        stated("final total sparsity", sparsity, published, allowed),
        above("lowest accuracy of the run", accuracy, claim.value("accuracy_above")),
    ]


CHECKS = {
    check.__name__: check
    for check in (
        pretrain_accuracy,
        preclinical_plateau,
        preclinical_sparsity,
        collapse,
        terminal_plateau,
        alsfrs_r_span,
        flare_steps,
        nfl_rise,
        control_stable,
    )
}
