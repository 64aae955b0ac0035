"""The courses of sparsity and aggregate without any network.

In the paper's mechanisms, how many connections go and come back depends on counts, loads, drugs,
flares and the patient's factors, and on no weight. So every readout that counts connections can be
computed exactly, patient by patient and with the engine's own draws, some thousand times faster
than by running networks. Only accuracy and NfL proxy need the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaprune.calibration.targets.readable import LAYER_SPARSITY
from synaprune.engine.patients import factors
from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.mechanisms.rates import Penalty, pruning_rate, regrowth_share, subtracting
from synaprune.model.treatment import Effects
from synaprune.results.columns import layer_column
from synaprune.study import ResolvedProfile

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

#: The mechanisms whose form decides how many connections go and come back.
COUNTING = ("flares", "pruning", "clearance", "regrowth")


@dataclass(frozen=True, eq=False)
class People:
    """What chance decides about patients before any weight is looked at.

    Attributes
    ----------
    base_rate_factor
        (patients, layers).
    flare_chance
        The uniform number that a flare's probability is held against: (patients, cycles).
    """

    base_rate_factor: Float
    flare_chance: Float

    @classmethod
    def drawn(
        cls, seed: int, patients: Sequence[int], cycles: int, circuit: Circuit, constants: Constants
    ) -> People:
        """Draw patients as the engine does."""
        streams = [Streams(seed, patient) for patient in patients]
        return cls(
            np.stack([factors("base_rate_factor", circuit, constants, s) for s in streams]),
            np.array([[float(s.at(t).uniform("flare", (1,))) for t in range(cycles)]
                      for s in streams]),
        )  # fmt: skip


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
    profile: ResolvedProfile,
    courses: Sequence[Effects],
    people: People,
    circuit: Circuit,
    constants: Constants,
    penalty: Penalty = subtracting,
) -> Counts:
    """Follow the counts of one profile through all cycles.

    Parameters
    ----------
    profile
        Rates and clearance.
    courses
        Drug effects of each arm, arrays of shape (cycles,).
    people
        The patients.
    circuit, constants
        As in the engine.
    penalty
        The form of regrowth.

    Returns
    -------
    Counts
        Equal to what the engine records, for the paper's forms of `COUNTING` and every form of
        regrowth that differs in the penalty alone.
    """
    cycles = people.flare_chance.shape[1]
    connections = np.array([layer.connections for layer in circuit], float)
    shape = len(people.flare_chance), len(courses), len(connections)
    base = np.array([profile.base_rate[layer.name] for layer in circuit])
    base = (base * people.base_rate_factor)[:, None, :]
    effects = Effects.stacked(courses)
    alive = np.broadcast_to(connections, shape).copy()
    load = np.zeros(shape)
    kept = Counts(*(np.empty((shape[0], shape[1], cycles, shape[2]), kind)
                    for kind in (float, float, bool)))  # fmt: skip
    for t in range(cycles):
        now = Effects(*(getattr(effects, name)[None, :, t, None] for name in Effects.__slots__))
        chance = people.flare_chance[:, t, None, None] < constants.flare_probability
        flare = chance & (1.0 - alive / connections > constants.flare_threshold)
        rate = pruning_rate(base, t, load, flare, now.pruning, constants)
        rate = np.where(1.0 - alive / connections >= constants.sparsity_wall, 0.0, rate)
        pruned = np.floor(rate * alive)
        alive -= pruned
        load += constants.aggregate_gain * (pruned / connections)
        clearance = np.minimum(1.0, profile.clearance * now.clearance)
        load *= 1.0 - clearance
        share = regrowth_share(now.regrowth, clearance, load, constants, penalty)
        dead = connections - alive
        alive += np.minimum(dead, np.floor(share * dead))
        kept.alive[:, :, t], kept.aggregate[:, :, t], kept.flare[:, :, t] = alive, load, flare
    return kept


def readouts(counts: Counts, circuit: Circuit, constants: Constants) -> Mapping[str, Float]:
    """Read what follows from counts alone: (patients, arms, cycles) by name.

    Examples
    --------
    >>> "accuracy_percent" in COUNTED
    False
    """
    connections = np.array([layer.connections for layer in circuit], float)
    sparsity = 1.0 - counts.alive / connections
    at = {layer.name: sparsity[..., place] for place, layer in enumerate(circuit)}
    motor = circuit.indices("motor")
    return {
        "total_sparsity_percent": 100.0 * (1.0 - counts.alive.sum(-1) / connections.sum()),
        "depression_score": 48.0 * at["prefrontal_limbic"],
        "spasticity_score": 4.0 * at["upper_motor"],
        "weakness_score": 4.0 * at["lower_motor"],
        "fatigue_score": 10.0 * at["neuromuscular_junction"],
        "bulbar_score": 4.0 * at["bulbar"],
        "respiratory_risk_percent": 100.0 * (
            constants.respiratory_weight * at["respiratory"]
            + constants.junction_weight * at["neuromuscular_junction"]
        ),
        "fine_motor_score": 4.0 * at["fine_motor"],
        "motor_integrity_percent":
            100.0 * counts.alive[..., motor].sum(-1) / connections[motor].sum(),
    } | {layer_column("sparsity_percent", name): 100.0 * at[name] for name in at}  # fmt: skip


#: Readouts that `readouts` gives.
COUNTED = (
    "total_sparsity_percent",
    "depression_score",
    "spasticity_score",
    "weakness_score",
    "fatigue_score",
    "bulbar_score",
    "respiratory_risk_percent",
    "fine_motor_score",
    "motor_integrity_percent",
    *LAYER_SPARSITY,
)
