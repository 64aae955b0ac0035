"""One readout of one profile on its own, for what the main figures do not show."""

from __future__ import annotations

from synaprune.figures.captions import CHANCE, captioned
from synaprune.figures.course import course_figure
from synaprune.figures.effects import effect, in_numbers
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.time_axis import chance_level
from synaprune.figures.twin_differences import Measure
from synaprune.figures.words import READOUT, in_sentence, joined


def planned(material: Material, profile: str, readout: str) -> Planned:
    """Describe the figure."""
    known = READOUT[readout]
    chance = CHANCE if chance_level(readout) is not None else ""
    where = in_sentence(material.profiles[profile])
    if where == in_sentence(known.title):  # the profile and the readout called depression
        where = f"the profile {where}"
    return captioned(
        material,
        name=f"{readout}_{profile}",
        title=f"{known.title} in {where}",
        drawn=joined([
            f"{known.title} ({known.definition}) of {where}, all arms together and each with its "
            "patients.",
            chance,
        ]),
        seen=seen(material, profile, readout),
        make=lambda: course_figure(material, profile, readout),
    )  # fmt: skip


def seen(material: Material, profile: str, readout: str) -> str:
    """Say which treatment changes the readout most by the end; empty without a comparison."""
    if material.reference is None or not material.treated:
        return ""
    at_end = Measure(readout, "end", "", 0)
    found = [(arm, effect(material, profile, arm, at_end)) for arm in material.treated]
    arm, estimate = max(found, key=lambda pair: abs(pair[1].value))
    return (
        f"The largest difference from untreated twins at the end is {in_numbers(estimate)}, with "
        f"{in_sentence(material.arm_titles[arm])}."
    )
