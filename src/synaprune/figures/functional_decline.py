"""The published Figure 1: the functional score of standard ALS under four treatments."""

from __future__ import annotations

import numpy as np

from synaprune.figures.captions import CHANCE, captioned
from synaprune.figures.course import course_figure
from synaprune.figures.crossing import at_cycle, first_below
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.time_axis import chance_level
from synaprune.figures.words import in_sentence, number
from synaprune.paper.published import maximum
from synaprune.paper.scenarios import KETAMINE, MAINTENANCE, RILUZOLE, UNTREATED

PROFILE, READOUT = "als_standard", "alsfrs_r_proxy"

#: The arms of the published Figures 1 and 2.
ARMS = (UNTREATED, RILUZOLE, KETAMINE, MAINTENANCE)

_HALF = maximum(READOUT) / 2


def planned(material: Material) -> Planned:
    """Describe the figure."""
    return captioned(
        material,
        name="functional_decline",
        title="Functional decline in standard ALS under four treatments",
        drawn="ALSFRS-R proxy (0 to 48; accuracy × 0.48) of standard ALS, all arms together and "
        f"each with its patients. {CHANCE} The dashed grey line is the untreated median.",
        seen=seen(material),
        make=lambda: course_figure(material, PROFILE, READOUT, ARMS),
    )


def seen(material: Material) -> str:
    """Say when each arm loses half of the score, and where all of them end."""
    courses = {arm: material.course(PROFILE, arm, READOUT) for arm in ARMS}
    falls = ", ".join(
        f"{in_sentence(material.arm_titles[arm])} {at_cycle(first_below(values, _HALF))}"
        for arm, values in courses.items()
    )
    ends = [float(np.median(values[:, -1])) for values in courses.values()]
    return (
        f"The median falls below half of the score: {falls}. The medians end between "
        f"{number(min(ends), 1)} and {number(max(ends), 1)}, where chance is "
        f"{chance_level(READOUT):g}."
    )
