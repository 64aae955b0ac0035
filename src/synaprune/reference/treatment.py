"""Step 1, treatment: the level of each drug, and what the drugs together do in a cycle."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import prod

from synaprune.reference.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Effects:
    """What the drugs do in one cycle.

    Attributes
    ----------
    noise, pruning, learning_rate, clearance
        Factors.
    regrowth
        Added to the base regrowth.
    guidance
        Highest level of a drug that makes connections regrow.
    """

    noise: float
    pruning: float
    learning_rate: float
    clearance: float
    regrowth: float
    guidance: float


def level(doses: Collection[int], cycle: int, half_life: float, floor: float) -> float:
    """Level of a drug: 1 with a dose, halved every half-life, 0 from below the floor on.

    Examples
    --------
    >>> [round(level([1], cycle, half_life=1, floor=0.2), 2) for cycle in range(5)]
    [0.0, 1.0, 0.5, 0.25, 0.0]
    """
    since = [cycle - dose for dose in doses if dose <= cycle]
    now = 0.5 ** (min(since) / half_life) if since else 0.0
    return now if now > floor else 0.0


def levels(scenario: Scenario, cycle: int) -> dict[str, float]:
    """Level of each drug of the treatment."""
    floor = scenario.constants.drug_level_floor
    return {
        name: level(doses, cycle, scenario.drugs[name].half_life, floor)
        for name, doses in sorted(scenario.doses.items())
    }


def effects(scenario: Scenario, cycle: int) -> Effects:
    """Combine the drugs of a treatment (several at a time: silent, independent of each other)."""
    now = [(scenario.drugs[name], share) for name, share in levels(scenario, cycle).items()]
    return Effects(
        noise=prod(1 - drug.noise_reduction * share for drug, share in now),
        pruning=prod(1 - drug.pruning_reduction * share for drug, share in now),
        learning_rate=prod(1 + drug.learning_rate_gain * share for drug, share in now),
        clearance=prod(1 + drug.clearance_gain * share for drug, share in now),
        regrowth=sum(drug.regrowth * share for drug, share in now),
        guidance=max((share for drug, share in now if drug.regrowth > 0), default=0.0),
    )
