"""The published Figure 5: the cognitive score in depression, and in ALS with depression."""

from __future__ import annotations

import numpy as np

from synaprune.figures.captions import captioned
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.side_by_side import side_by_side
from synaprune.figures.words import in_sentence, number
from synaprune.paper.scenarios import KETAMINE, UNTREATED

READOUT = "cognitive_score"
PROFILES = ("mdd", "als_mdd")
ARMS = (UNTREATED, KETAMINE)


def planned(material: Material) -> Planned:
    """Describe the figure."""
    return captioned(
        material,
        name="cognition",
        title="Cognition in depression and in ALS with depression",
        drawn="Cognitive score (0 to 30: prefrontal connections alive, less aggregate and "
        "instability) without treatment and with ketamine every 5 cycles. Table 3 of the paper "
        "gives no end value of this score.",
        seen=seen(material),
        make=lambda: side_by_side(material, PROFILES, READOUT, ARMS),
    )


def seen(material: Material) -> str:
    """Say where the untreated and the treated median end, by profile."""
    sentences = []
    for profile in PROFILES:
        untreated, treated = (
            number(float(np.median(material.course(profile, arm, READOUT)[:, -1])), 1)
            for arm in ARMS
        )
        sentences.append(
            f"In {in_sentence(material.profiles[profile])} the median ends at {untreated} "
            f"untreated and at {treated} with ketamine."
        )
    return " ".join(sentences)
