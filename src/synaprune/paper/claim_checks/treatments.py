"""Claims about riluzole and the schedules of ketamine.

Sections Treatment Effects and Therapy Insights, with Figures 2 and 4.
"""

from __future__ import annotations

from dataclasses import replace

from synaprune.paper.checks import (
    all_ordered,
    at_most,
    between,
    ordered,
    stated,
    twin_effect,
    unchanged,
)
from synaprune.paper.claim import Claim
from synaprune.paper.courses import first_cycle, highest, lowest, mean_over
from synaprune.paper.evidence import Evidence, FloatArray
from synaprune.paper.part import Part
from synaprune.paper.published import in_words, published_value
from synaprune.paper.scenarios import (
    ALS_PROFILES,
    KETAMINE,
    MAINTENANCE,
    RILUZOLE,
    TREATMENTS,
    UNTREATED,
    Scenario,
)
from synaprune.paper.tolerance import range_tolerance, tolerance


def _course(evidence: Evidence, treatment: str, readout: str) -> FloatArray:
    return evidence.course("als_standard", treatment, readout)


def _table3_difference(treatment: str, readout: str) -> tuple[float, float]:
    """Give the published difference from untreated in standard ALS, as a range of one value."""
    treated, untreated = (
        published_value(Scenario("als_standard", arm), readout) for arm in (treatment, UNTREATED)
    )
    return treated - untreated, treated - untreated


def riluzole_delay(evidence: Evidence, claim: Claim) -> list[Part]:
    """Cycles of good function that riluzole adds."""
    limit = claim.value("accuracy_above")
    good = {
        arm: (_course(evidence, arm, "accuracy_percent") > limit).sum(axis=1).astype(float)
        for arm in (RILUZOLE, UNTREATED)
    }
    difference = good[RILUZOLE] - good[UNTREATED]
    name = f"cycles with accuracy above {limit:g} %, minus untreated"
    return [twin_effect(name, difference, claim.range("cycles"), tolerance("cycles", 0))]


def riluzole_points(evidence: Evidence, claim: Claim) -> list[Part]:
    """Proxy points that riluzole adds, early to mid and at the end."""
    treated, untreated = (_course(evidence, arm, "alsfrs_r_proxy") for arm in (RILUZOLE, UNTREATED))
    allowed = tolerance(
        "alsfrs_r_proxy", published_value(Scenario("als_standard", RILUZOLE), "alsfrs_r_proxy")
    )
    early = mean_over(treated - untreated, 0, 14)
    final = twin_effect(
        "final proxy minus untreated, as in Table 3",
        (treated - untreated)[:, -1],
        _table3_difference(RILUZOLE, "alsfrs_r_proxy"),
        allowed,
    )
    return [
        twin_effect(
            "mean proxy over cycles 0 to 14, minus untreated", early, claim.range("points"), allowed
        ),
        replace(final, counts=False),
    ]


def riluzole_converges(evidence: Evidence, claim: Claim) -> list[Part]:
    """The end of the riluzole arm, against the untreated end."""
    sparsity, risk = "total_sparsity_percent", "respiratory_risk_percent"
    final = {name: _course(evidence, RILUZOLE, name)[:, -1] for name in (sparsity, risk)}
    low, high = claim.range("sparsity")
    about = claim.value("respiratory_risk")
    allowed = range_tolerance(sparsity, (low, high))
    return [
        between("final total sparsity", final[sparsity], (low, high), allowed),
        stated("final respiratory risk", final[risk], about, tolerance(risk, about)),
        *(
            unchanged(
                f"final {in_words(name)} minus untreated",
                values - _course(evidence, UNTREATED, name)[:, -1],
                tolerance(name, about),
            )
            for name, values in final.items()
        ),
    ]


def riluzole_nfl_peak(evidence: Evidence, claim: Claim) -> list[Part]:
    """Peak of the NfL proxy under riluzole."""
    published = claim.value("peak")
    peak, untreated = (
        highest(_course(evidence, arm, "nfl_proxy")) for arm in (RILUZOLE, UNTREATED)
    )
    return [
        stated("highest NfL proxy", peak, published, tolerance("nfl_proxy", published)),
        ordered("highest NfL proxy minus untreated", peak - untreated),
    ]


def ketamine_every_5_intermediate(evidence: Evidence, claim: Claim) -> list[Part]:
    """Ketamine every five cycles, between untreated and maintenance."""
    proxy, risk = (
        {arm: _course(evidence, arm, name)[:, -1] for arm in (UNTREATED, KETAMINE, MAINTENANCE)}
        for name in ("alsfrs_r_proxy", "respiratory_risk_percent")
    )
    points, percent = claim.value("proxy"), claim.value("respiratory_risk")
    return [
        stated("final proxy", proxy[KETAMINE], points, tolerance("alsfrs_r_proxy", points)),
        stated(
            "final respiratory risk",
            risk[KETAMINE],
            percent,
            tolerance("respiratory_risk_percent", percent),
        ),
        ordered("final proxy minus untreated", proxy[KETAMINE] - proxy[UNTREATED]),
        ordered("final proxy of maintenance minus this arm", proxy[MAINTENANCE] - proxy[KETAMINE]),
        ordered("respiratory risk untreated minus this arm", risk[UNTREATED] - risk[KETAMINE]),
        ordered("respiratory risk minus maintenance", risk[KETAMINE] - risk[MAINTENANCE]),
    ]


def ketamine_early_structure(evidence: Evidence, _claim: Claim) -> list[Part]:
    """Early ketamine keeps most connections early on."""
    integrity = {
        arm: mean_over(_course(evidence, arm, "motor_integrity_percent"), 2, 10)
        for arm in ("ketamine_early", UNTREATED, KETAMINE, "ketamine_late", MAINTENANCE)
    }
    early = integrity.pop("ketamine_early")
    return [
        ordered(f"motor integrity over cycles 2 to 10, minus {arm}", early - values)
        for arm, values in integrity.items()
    ]


def ketamine_late_symptomatic(evidence: Evidence, claim: Claim) -> list[Part]:
    """Late ketamine: better function, damage stays."""
    late, untreated = (
        mean_over(_course(evidence, arm, "accuracy_percent"), 15, 29)
        for arm in ("ketamine_late", UNTREATED)
    )
    sparsity = _course(evidence, "ketamine_late", "total_sparsity_percent")
    reversal = sparsity[:, 14] - lowest(sparsity, 15)
    return [
        ordered("accuracy over cycles 15 to 29, minus untreated", late - untreated),
        at_most("largest fall of sparsity after cycle 14", reversal, claim.value("reversal")),
    ]


def maintenance_best(evidence: Evidence, claim: Claim) -> list[Part]:
    """Maintenance has the highest final proxy, in every ALS profile."""
    low, high = claim.range("proxy")
    allowed = range_tolerance("alsfrs_r_proxy", (low, high))
    levels, orders = [], []
    for profile in ALS_PROFILES:
        final = {arm: evidence.final(profile, arm, "alsfrs_r_proxy") for arm in TREATMENTS}
        best = final.pop(MAINTENANCE)
        levels.append(between(f"final proxy, {profile}", best, (low, high), allowed))
        differences = {arm: best - values for arm, values in final.items()}
        orders.append(all_ordered(f"final proxy minus other arms, {profile}", differences))
    return [*levels, *orders]


def maintenance_respiratory(evidence: Evidence, claim: Claim) -> list[Part]:
    """Final respiratory risk under maintenance, in the text and in the Discussion."""
    risk, untreated = (
        _course(evidence, arm, "respiratory_risk_percent")[:, -1]
        for arm in (MAINTENANCE, UNTREATED)
    )
    allowed = tolerance("respiratory_risk_percent", 0)
    discussion = between(
        "final respiratory risk, as in the Discussion",
        risk,
        claim.range("discussion"),
        (allowed, allowed),
    )
    return [
        between(
            "final respiratory risk", risk, claim.range("respiratory_risk"), (allowed, allowed)
        ),
        ordered("respiratory risk untreated minus maintenance", untreated - risk),
        replace(discussion, counts=False),
    ]


def maintenance_integrity(evidence: Evidence, claim: Claim) -> list[Part]:
    """Motor integrity that maintenance keeps, in the text and in Table 3."""
    readout = "motor_integrity_percent"
    treated, untreated = (
        _course(evidence, arm, readout)[:, -1] for arm in (MAINTENANCE, UNTREATED)
    )
    allowed = tolerance(readout, 0)
    table = twin_effect(
        "final motor integrity minus untreated, as in Table 3",
        treated - untreated,
        _table3_difference(MAINTENANCE, readout),
        allowed,
    )
    return [
        twin_effect(
            "final motor integrity minus untreated",
            treated - untreated,
            claim.range("points"),
            allowed,
        ),
        replace(table, counts=False),
    ]


def maintenance_limb_over_bulbar(evidence: Evidence, _claim: Claim) -> list[Part]:
    """Maintenance does more in limb than in bulbar onset."""

    def gain(profile: str, readout: str) -> FloatArray:
        treated = evidence.final(profile, MAINTENANCE, readout)
        return treated - evidence.final(profile, UNTREATED, readout)

    integrity, risk = (
        gain("als_limb", readout) - gain("als_bulbar", readout)
        for readout in ("motor_integrity_percent", "respiratory_risk_percent")
    )
    return [
        ordered("gain of motor integrity, limb minus bulbar onset", integrity),
        ordered("fall of respiratory risk, limb minus bulbar onset", -risk),
    ]


def nfl_early_suppression(evidence: Evidence, _claim: Claim) -> list[Part]:
    """NfL proxy under ketamine, early to mid."""
    untreated, every_5, maintenance = (
        mean_over(_course(evidence, arm, "nfl_proxy"), 5, 14)
        for arm in (UNTREATED, KETAMINE, MAINTENANCE)
    )
    return [
        ordered("NfL proxy untreated minus ketamine every 5", untreated - every_5),
        ordered("NfL proxy untreated minus maintenance", untreated - maintenance),
        ordered("NfL proxy of ketamine every 5 minus maintenance", every_5 - maintenance),
    ]


def ketamine_delays_respiratory_failure(evidence: Evidence, claim: Claim) -> list[Part]:
    """Cycle at which respiratory risk becomes critical, with and without ketamine."""
    critical = claim.value("critical")

    def delay(profile: str, arm: str) -> Part:
        treated, untreated = (
            first_cycle(evidence.course(profile, name, "respiratory_risk_percent") > critical)
            for name in (arm, UNTREATED)
        )
        return ordered(f"cycles of delay, {profile}, {arm}", treated - untreated)

    profiles = ("als_bulbar", "als_standard")
    return [
        *(delay(profile, KETAMINE) for profile in profiles),
        *(replace(delay(profile, MAINTENANCE), counts=False) for profile in profiles),
    ]


CHECKS = {
    check.__name__: check
    for check in (
        riluzole_delay,
        riluzole_points,
        riluzole_converges,
        riluzole_nfl_peak,
        ketamine_every_5_intermediate,
        ketamine_early_structure,
        ketamine_late_symptomatic,
        maintenance_best,
        maintenance_respiratory,
        maintenance_integrity,
        maintenance_limb_over_bulbar,
        nfl_early_suppression,
        ketamine_delays_respiratory_failure,
    )
}
