"""The published Figure 4: respiratory risk in standard and bulbar-onset ALS."""

from __future__ import annotations

from synaprune.figures.captions import captioned
from synaprune.figures.crossing import at_cycle, first_above
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.side_by_side import side_by_side
from synaprune.figures.words import in_sentence, listed
from synaprune.paper.claim import catalogue
from synaprune.paper.scenarios import KETAMINE, MAINTENANCE, UNTREATED

READOUT = "respiratory_risk_percent"
PROFILES = ("als_standard", "als_bulbar")
ARMS = (UNTREATED, KETAMINE, MAINTENANCE)


def critical() -> float:
    """Give the risk that the caption of the published figure calls critical, in percent."""
    return catalogue()["bulbar_respiratory"].value("critical")


def planned(material: Material) -> Planned:
    """Describe the figure."""
    limit = critical()
    return captioned(
        material,
        name="respiratory_risk",
        title="Respiratory risk in standard and bulbar-onset ALS",
        drawn="Respiratory risk (60 % respiratory and 40 % neuromuscular junction sparsity) "
        f"without treatment and with ketamine. The dashed line is {limit:g} %, which the paper "
        "calls critical.",
        seen=seen(material),
        make=lambda: side_by_side(
            material, PROFILES, READOUT, ARMS, limit=(limit, f"critical: {limit:g} %")
        ),
    )


def seen(material: Material) -> str:
    """Say when each arm passes the critical level, by profile."""
    sentences, limit = [], critical()
    for profile in PROFILES:
        passed = [
            f"{in_sentence(material.arm_titles[arm])} "
            f"{at_cycle(first_above(material.course(profile, arm, READOUT), limit))}"
            for arm in ARMS
        ]
        title = in_sentence(material.profiles[profile])
        sentences.append(f"In {title} the median first passes {limit:g} %: {listed(passed)}.")
    return " ".join(sentences)
