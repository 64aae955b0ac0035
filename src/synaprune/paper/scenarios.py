"""The profiles, treatments and scenarios that the paper reports, by name.

A scenario is one profile under one treatment. Claims need a fixed set of them; naming that set in
one place lets a run that lacks one be refused at the door, with the missing name.
"""

from __future__ import annotations

from typing import NamedTuple

#: The paper's six disease profiles (Disease Profiles and Scenarios).
PROFILES = ("als_standard", "als_bulbar", "als_limb", "als_mdd", "mdd", "control")

#: Those with impaired autophagy.
ALS_PROFILES = PROFILES[:4]

UNTREATED = "untreated"
KETAMINE = "ketamine_every_5"
MAINTENANCE = "ketamine_maintenance"
RILUZOLE = "riluzole_continuous"

#: The paper's seven treatment scenarios (Disease Profiles and Scenarios).
TREATMENTS = (
    UNTREATED,
    KETAMINE,
    "ketamine_early",
    "ketamine_late",
    MAINTENANCE,
    RILUZOLE,
    "riluzole_early",
)

#: Length of a course (Simulation Procedure: 30 cycles of 1.5 months).
CYCLES = 30


class Scenario(NamedTuple):
    """One profile under one treatment.

    Attributes
    ----------
    profile
        One of `PROFILES`.
    treatment
        One of `TREATMENTS`; a column named ``arm`` holds it in run frames.

    Examples
    --------
    >>> str(Scenario("mdd", "untreated"))
    'mdd, untreated'
    """

    profile: str
    treatment: str

    def __str__(self) -> str:
        return f"{self.profile}, {self.treatment}"


#: Every profile under every treatment: what the published notebook simulates.
SCENARIOS = tuple(Scenario(profile, arm) for profile in PROFILES for arm in TREATMENTS)

#: Every scenario that Table 3 or a claim speaks of.
REQUIRED: tuple[Scenario, ...] = (
    *(Scenario(profile, treatment) for profile in ALS_PROFILES for treatment in TREATMENTS),
    Scenario("mdd", UNTREATED),
    Scenario("mdd", KETAMINE),
    Scenario("control", UNTREATED),
)

#: The scenarios in which a claim looks at single layers.
LAYERS_REQUIRED: tuple[Scenario, ...] = (
    Scenario("als_standard", UNTREATED),
    Scenario("als_bulbar", UNTREATED),
)
