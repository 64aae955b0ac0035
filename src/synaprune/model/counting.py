"""The courses of sparsity and aggregate without any network.

How many connections go and come back depends on counts, loads, drugs, flares and the patient's
factors, and on no weight. So whatever counts connections can be followed exactly, for many patients
at once, some thousand times faster than with networks. Only accuracy and what is read off weights
need those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.mechanisms.rates import (
    PENALTIES,
    Numbers,
    pruning_rate,
    regrowth_share,
    text_pruning_rate,
    text_regrowth_share,
)
from synaprune.model.registry import PUBLISHED, TEXT
from synaprune.model.treatment import Effects

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

#: The mechanisms whose form decides how many connections go and come back, and the forms whose
#: counts are known.
COUNTED_FORMS: Mapping[str, tuple[str, ...]] = {
    "flares": (PUBLISHED, TEXT),
    "pruning": (PUBLISHED, "pruning_biases", TEXT, "sparing_biases"),
    "clearance": (PUBLISHED,),
    "regrowth": (PUBLISHED, *PENALTIES),
}


@dataclass(frozen=True, eq=False)
class People:
    """What chance decides about patients before any weight is looked at.

    Attributes
    ----------
    base_rate_factor
        (patients, layers).
    flare_chance
        The uniform number that a flare's probability is compared with: (patients, cycles, layers),
        or (patients, cycles, 1) where all layers share it.
    """

    base_rate_factor: Float
    flare_chance: Float


@dataclass(frozen=True, eq=False)
class Counts:
    """Courses of one profile.

    Attributes
    ----------
    alive
        Connections alive after each cycle: (patients, arms, cycles, layers), whole numbers.
    aggregate
        Load after each cycle, same shape.
    flare
        Whether the layer flares in the cycle, same shape.
    """

    alive: Float
    aggregate: Float
    flare: Bool


def count(
    base_rate: Float,
    clearance: float,
    courses: Sequence[Effects],
    people: People,
    circuit: Circuit,
    constants: Constants,
    forms: Mapping[str, str],
) -> Counts:
    """Follow the counts of one profile through all cycles.

    Parameters
    ----------
    base_rate, clearance
        The profile's: (layers,), and a share a cycle.
    courses
        Drug effects of each arm, arrays of shape (cycles,).
    people
        The patients.
    circuit, constants
        As in the engine.
    forms
        The form of each mechanism, out of `COUNTED_FORMS`.

    Returns
    -------
    Counts
        Equal to what the engine records.
    """
    cycles = people.flare_chance.shape[1]
    connections = np.array([layer.connections for layer in circuit], float)
    shape = len(people.flare_chance), len(courses), len(connections)
    base = (base_rate * people.base_rate_factor)[:, None, :]
    rate_of, wall = pruning_rate, inf
    if forms["pruning"] in (TEXT, "sparing_biases"):
        rate_of, wall = text_pruning_rate, constants.sparsity_wall
    effects = Effects.stacked(courses)
    alive = np.broadcast_to(connections, shape).copy()
    load = np.zeros(shape)
    found = Counts(*(np.empty((shape[0], shape[1], cycles, shape[2]), kind)
                     for kind in (float, float, bool)))  # fmt: skip
    for t in range(cycles):
        now = Effects(*(getattr(effects, name)[None, :, t, None] for name in Effects.__slots__))
        sparsity = 1.0 - alive / connections
        chance = people.flare_chance[:, None, t, :] < constants.flare_probability
        flare = chance & (sparsity > constants.flare_threshold)
        rate = rate_of(base, t, load, flare, now.pruning, constants)
        pruned = np.floor(np.where(sparsity >= wall, 0.0, rate) * alive)
        alive -= pruned
        load += constants.aggregate_gain * pruned / connections
        cleared = np.minimum(1.0, clearance * now.clearance)
        load -= cleared * load
        share = _returning(now.regrowth, cleared, load, constants, forms["regrowth"])
        dead = connections - alive
        alive += np.minimum(dead, np.floor(share * dead))
        found.alive[:, :, t], found.aggregate[:, :, t], found.flare[:, :, t] = alive, load, flare
    return found


def _returning(
    boost: Numbers, clearance: Numbers, load: Numbers, constants: Constants, form: str
) -> Numbers:
    """Share of the dead that returns."""
    if form == PUBLISHED:
        return regrowth_share(boost, load, constants)
    return text_regrowth_share(boost, clearance, load, constants, PENALTIES[form])


__all__ = ["COUNTED_FORMS", "Counts", "People", "count"]
