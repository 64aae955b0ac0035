"""The published Figure 2: the neurofilament proxy of standard ALS under four treatments."""

from __future__ import annotations

import numpy as np

from synaprune.figures.captions import captioned
from synaprune.figures.course import course_figure
from synaprune.figures.functional_decline import ARMS, PROFILE
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.words import in_sentence, listed, number

READOUT = "nfl_proxy"


def planned(material: Material) -> Planned:
    """Describe the figure."""
    return captioned(
        material,
        name="neurofilament",
        title="Weight instability (neurofilament proxy) in standard ALS",
        drawn="NfL proxy (sum over layers of the standard deviation of the weights alive × 100) "
        "of standard ALS, all arms together and each with its patients. The dashed grey line is "
        "the untreated median.",
        seen=seen(material),
        make=lambda: course_figure(material, PROFILE, READOUT, ARMS),
    )


def seen(material: Material) -> str:
    """Say where each arm peaks and ends."""
    words = []
    for arm in ARMS:
        median = np.median(material.course(PROFILE, arm, READOUT), axis=0)
        words.append(
            f"{in_sentence(material.arm_titles[arm])} peaks at {number(float(median.max()), 0)} "
            f"(cycle {int(median.argmax())}) and ends at {number(float(median[-1]), 0)}"
        )
    return f"In the median, {listed(words)}."
