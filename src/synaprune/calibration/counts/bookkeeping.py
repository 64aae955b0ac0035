"""What a count of connections needs and gives: patients as the engine draws them, and readouts.

The counting itself stands in `synaprune.model.counting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from synaprune.calibration.targets.readable import LAYER_SPARSITY
from synaprune.engine.patients import base_rate_factors
from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.counting import Counts, Float, People
from synaprune.model.registry import TEXT
from synaprune.results.columns import layer_column


def draw_people(
    seed: int,
    patients: Sequence[int],
    cycles: int,
    circuit: Circuit,
    constants: Constants,
    flares: str,
) -> People:
    """Draw patients as the engine does.

    Parameters
    ----------
    seed, patients
        They name the draws.
    cycles, circuit, constants
        As in the engine.
    flares
        The form of flares: it decides which draws they take.

    Examples
    --------
    >>> from synaprune.model.circuit import PAPER_UNITS
    >>> from synaprune.study import library
    >>> circuit, text = Circuit.of_sizes(PAPER_UNITS), library.presets()["from_text"]
    >>> people = draw_people(1, range(3), 30, circuit, Constants(**text.constants), "text")
    >>> people.flare_chance.shape
    (3, 30, 1)
    """
    streams = [Streams(seed, patient) for patient in patients]
    return People(
        np.stack([base_rate_factors(circuit, constants, one) for one in streams]),
        np.stack([_flare_chance(one, cycles, len(circuit), flares) for one in streams]),
    )


def _flare_chance(streams: Streams, cycles: int, layers: int, flares: str) -> Float:
    """Numbers of one patient: one a cycle by the text, else one a layer and cycle."""
    if flares == TEXT:
        once = [float(streams.at(cycle).uniform("flare", (1,))) for cycle in range(cycles)]
        return np.array(once)[:, None]
    return streams.series("flare", 0, cycles * layers).reshape(cycles, layers)


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
