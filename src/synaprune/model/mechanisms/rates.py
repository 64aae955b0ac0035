"""How many connections go and come back: the two rules that only count.

They stand apart from the mechanisms that carry them out, because they hold for numbers and for
arrays of any shape alike: a calibration follows the counts of thousands of patients with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from synaprune.model.constants import Constants

#: A number or an array of them; those of one call have shapes that go together.
Numbers = Any

#: (strength, what the load costs) -> what is left of the strength, 0 or more.
Penalty = Callable[[Numbers, Numbers], Numbers]


#: (base rate, cycle, load, flare, reduction, constants) -> share of the alive that go.
PruningRate = Callable[[Numbers, int, Numbers, Numbers, Numbers, Constants], Numbers]


def pruning_rate(
    base_rate: Numbers,
    cycle: int,
    load: Numbers,
    flare: Numbers,
    reduction: Numbers,
    constants: Constants,
) -> Numbers:
    """Share of the alive connections that go in a cycle (published notebook).

    The slope adds to the base rate; the aggregate amplifies the rate only above a threshold.

    Parameters
    ----------
    base_rate
        Of the layer, the patient's factor included.
    cycle
        t, from 0.
    load
        Aggregate A before this cycle's pruning.
    flare
        Whether the layer flares.
    reduction
        The drugs' factor on pruning.
    constants
        The model's constants.
    """
    rate = (base_rate + constants.pruning_slope * cycle) * reduction
    rate = rate * np.where(flare, constants.flare_pruning, 1.0)
    excess = load - constants.toxicity_threshold
    rate = rate * np.where(excess > 0, 1.0 + constants.toxicity_amplification * excess, 1.0)
    return np.minimum(constants.rate_cap, rate)


def text_pruning_rate(
    base_rate: Numbers,
    cycle: int,
    load: Numbers,
    flare: Numbers,
    reduction: Numbers,
    constants: Constants,
) -> Numbers:
    """Share of the alive connections that go in a cycle, made of the paper's text alone.

    It grows linearly with the cycle and is amplified by the aggregate (Pruning and Toxicity
    Mechanisms); slope, the saturating form A / (1 + A) and the cap are silent. Parameters as in
    `pruning_rate`.
    """
    rate = base_rate * (1.0 + constants.pruning_slope * cycle)
    rate = rate * (1.0 + constants.toxicity_amplification * load / (1.0 + load))
    rate = rate * np.where(flare, constants.flare_pruning, 1.0)
    return np.minimum(rate * reduction, constants.rate_cap)


def regrowth_share(boost: Numbers, load: Numbers, constants: Constants) -> Numbers:
    """Share of the dead connections that return in a cycle, in every arm (published notebook).

    Parameters
    ----------
    boost
        The drugs' regrowth; 0 without a drug.
    load
        Aggregate A after clearance.
    constants
        The model's constants.
    """
    penalty = np.maximum(0.0, 1.0 - constants.regrowth_penalty * load)
    return (constants.regrowth_base + boost) * penalty


def subtracting(strength: Numbers, cost: Numbers) -> Numbers:
    """Let the load take from the strength, down to nothing."""
    return np.maximum(0.0, strength - cost)


def saturating(strength: Numbers, cost: Numbers) -> Numbers:
    """Let the load take from the strength, a great one hardly more than a middling one."""
    return np.maximum(0.0, strength - cost / (1.0 + cost))


def dividing(strength: Numbers, cost: Numbers) -> Numbers:
    """Let the load weaken the strength, never to nothing."""
    return strength / (1.0 + cost)


#: Forms of regrowth that follow the text and differ in the penalty alone.
PENALTIES: dict[str, Penalty] = {
    "text": subtracting,
    "saturating_penalty": saturating,
    "dividing_penalty": dividing,
}


def text_regrowth_share(
    strength: Numbers,
    clearance: Numbers,
    load: Numbers,
    constants: Constants,
    penalty: Penalty = subtracting,
) -> Numbers:
    """Share of the dead connections that return in a cycle, made of the paper's text alone.

    Where autophagy is impaired the aggregate takes from the strength (Pruning and Toxicity
    Mechanisms: penalties). How is silent. Impaired means that the clearance in force is low.

    Parameters
    ----------
    strength
        The drugs' regrowth strength; 0 without a drug.
    clearance
        In force.
    load
        Aggregate A after clearance.
    constants
        The model's constants.
    penalty
        Its form.
    """
    impaired = clearance < constants.impaired_clearance
    cost = np.where(impaired, constants.regrowth_penalty * load, 0.0)
    return constants.regrowth_share * penalty(strength, cost)
