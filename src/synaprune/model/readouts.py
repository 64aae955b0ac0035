"""Symptoms and biomarkers, read from the state of a network (Table 1)."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.kernels import kernels
from synaprune.model.networks import Networks
from synaprune.model.quantities import READOUTS

Float = NDArray[np.float64]
_MAXIMUM = {readout.name: readout.maximum for readout in READOUTS}


def layer_state(networks: Networks, run: int) -> tuple[Float, Float]:
    """Connections alive and standard deviation of the alive weights, by layer.

    The deviation has n - 1 in its denominator and is 0 where fewer than two weights are alive.

    Returns
    -------
    alive, deviation
        (layers,) each.
    """
    alive = np.array([networks.alive_count(run, i) for i in range(len(networks.circuit))], float)
    deviation = np.zeros(len(alive))
    for position, state in enumerate(networks.connections(run)):
        count = alive[position]
        if count >= 2:
            # pruned weights are exactly zero, so sums over all are sums over the alive
            total, square = kernels(state.weight).moments(state.weight)
            variance = (square - total**2 / count) / (count - 1)
            # rounding may leave a negative zero; what is not finite must stay visible
            deviation[position] = sqrt(variance) if variance > 0 else 0.0 * variance
    return alive, deviation


def readouts(
    circuit: Circuit,
    constants: Constants,
    *,
    alive: Float,
    deviation: Float,
    aggregate: Float,
    noise: Float,
    accuracy_percent: float,
) -> Mapping[str, float]:
    """Compute every readout of one run.

    Parameters
    ----------
    circuit
        The circuit.
    constants
        Weights of the respiratory risk and of the cognitive score.
    alive, deviation
        From `layer_state`.
    aggregate, noise
        Load and noise of each layer: (layers,).
    accuracy_percent
        On the held-out points.

    Returns
    -------
    mapping
        By the names of `quantities.READOUTS`.
    """
    connections = np.array([layer.connections for layer in circuit], float)
    sparsity = 1.0 - alive / connections
    by_name = dict(zip((layer.name for layer in circuit), sparsity, strict=True))
    motor = circuit.indices("motor")
    limbic = circuit.indices("limbic")[0]
    total = 100.0 * (1.0 - alive.sum() / connections.sum())
    respiratory = (
        constants.respiratory_weight * by_name["respiratory"]
        + constants.junction_weight * by_name["neuromuscular_junction"]
    )
    cognition = (
        (1.0 - sparsity[limbic]) * _top("cognitive_score")
        - constants.cognitive_aggregate * aggregate[limbic]
        - constants.cognitive_instability * deviation[limbic]
    )
    return {
        "accuracy_percent": accuracy_percent,
        "total_sparsity_percent": total,
        "depression_score": by_name["prefrontal_limbic"] * _top("depression_score"),
        "spasticity_score": by_name["upper_motor"] * _top("spasticity_score"),
        "weakness_score": by_name["lower_motor"] * _top("weakness_score"),
        "fatigue_score": by_name["neuromuscular_junction"] * _top("fatigue_score"),
        "bulbar_score": by_name["bulbar"] * _top("bulbar_score"),
        "respiratory_risk_percent": 100.0 * respiratory,
        "fine_motor_score": by_name["fine_motor"] * _top("fine_motor_score"),
        "alsfrs_r_proxy": accuracy_percent * _top("alsfrs_r_proxy") / 100.0,
        "nfl_proxy": 100.0 * deviation.sum(),
        "overall_disability_percent": total,
        "cognitive_score": min(max(cognition, 0.0), _top("cognitive_score")),
        "motor_integrity_percent": 100.0 * alive[motor].sum() / connections[motor].sum(),
        "excitotoxicity_load": noise[motor].sum(),
    }


def _top(name: str) -> float:
    """Upper end of a readout's range."""
    maximum = _MAXIMUM[name]
    if maximum is None:
        raise KeyError(name)
    return maximum
