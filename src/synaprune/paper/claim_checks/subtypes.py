"""Claims about onset: which layers fail first in bulbar and in limb onset.

Section Clinical Subtype Variation, with Figure 4.
"""

from __future__ import annotations

from dataclasses import replace

from synaprune.paper.checks import above, between, ordered, stated
from synaprune.paper.claim import Claim
from synaprune.paper.courses import first_cycle, mean_over
from synaprune.paper.evidence import Evidence
from synaprune.paper.part import Part
from synaprune.paper.published import in_words
from synaprune.paper.scenarios import UNTREATED
from synaprune.paper.tolerance import tolerance

#: The silent window of the paper's standard course, in which onset is told apart.
EARLY = (0, 5)


def bulbar_first(evidence: Evidence, _claim: Claim) -> list[Part]:
    """Order of layers in bulbar onset."""
    early = {
        layer: mean_over(evidence.sparsity("als_bulbar", UNTREATED, layer), *EARLY)
        for layer in ("bulbar", "respiratory", "lower_motor", "fine_motor")
    }
    return [
        ordered(f"early sparsity, {ahead} minus {behind}", early[ahead] - early[behind])
        for ahead in ("bulbar", "respiratory")
        for behind in ("lower_motor", "fine_motor")
    ]


def bulbar_terminal(evidence: Evidence, claim: Claim) -> list[Part]:
    """Bulbar score at the end of bulbar onset."""
    published = claim.value("score")
    values = evidence.final("als_bulbar", UNTREATED, "bulbar_score")
    return [stated("final bulbar score", values, published, tolerance("bulbar_score", published))]


def bulbar_respiratory(evidence: Evidence, claim: Claim) -> list[Part]:
    """Respiratory risk in bulbar onset, against the other onsets."""
    critical = claim.value("critical")
    risk = evidence.course("als_bulbar", UNTREATED, "respiratory_risk_percent")
    crossed = {
        profile: first_cycle(
            evidence.course(profile, UNTREATED, "respiratory_risk_percent") > critical
        )
        for profile in ("als_bulbar", "als_standard", "als_limb")
    }
    figure = between(
        f"first cycle above {critical:g} %, as in Figure 4",
        crossed["als_bulbar"],
        claim.range("figure_cycles"),
        (tolerance("cycles", 0), tolerance("cycles", 0)),
    )
    earlier = [
        ordered(
            f"cycles by which {profile} crosses {critical:g} % later",
            crossed[profile] - crossed["als_bulbar"],
        )
        for profile in ("als_standard", "als_limb")
    ]
    return [
        above("respiratory risk at cycle 15", risk[:, 15], critical),
        above("final respiratory risk", risk[:, -1], claim.value("later")),
        *earlier,
        replace(figure, counts=False),
    ]


def limb_first(evidence: Evidence, claim: Claim) -> list[Part]:
    """Weakness and dexterity in limb onset, against bulbar onset."""
    published = claim.value("score")
    parts = []
    for readout in ("weakness_score", "fine_motor_score"):
        early = [
            mean_over(evidence.course(profile, UNTREATED, readout), *EARLY)
            for profile in ("als_limb", "als_bulbar")
        ]
        parts.append(
            ordered(
                f"early {in_words(readout)} score, limb minus bulbar onset", early[0] - early[1]
            )
        )
    for readout in ("weakness_score", "fine_motor_score"):
        values = evidence.final("als_limb", UNTREATED, readout)
        parts.append(
            stated(
                f"final {in_words(readout)} score", values, published, tolerance(readout, published)
            )
        )
    return parts


CHECKS = {
    check.__name__: check
    for check in (bulbar_first, bulbar_terminal, bulbar_respiratory, limb_first)
}
