"""What the plain network shows at the end of a cycle: the readouts of Table 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plain_pretraining import Layer, Network

#: The layers whose surviving connections are the motor integrity.
MOTOR = (
    "upper_motor",
    "lower_motor",
    "neuromuscular_junction",
    "bulbar",
    "respiratory",
    "fine_motor",
)


def weight_sd(layer: Layer) -> float:
    """Measure the sd of the alive weights (n - 1); 0 with fewer than two of them."""
    alive = layer.weight.detach()[layer.weight_mask > 0]
    return float(alive.double().std()) if alive.numel() > 1 else 0.0


def readouts(
    network: Network, accuracy_percent: float, constants: Mapping[str, float]
) -> dict[str, Any]:
    """Read accuracy, sparsity, symptoms and markers, and the state of every layer.

    Parameters
    ----------
    network
        The network at the end of a cycle.
    accuracy_percent
        Its accuracy on the held-out points.
    constants
        Weights of the respiratory and the cognitive score.

    Returns
    -------
    dict
        The readouts of Table 1, accuracy and total sparsity by name, and ``sparsity`` (share),
        ``aggregate``, ``noise`` and ``flare``, each by layer.
    """
    layers = dict(network.named())
    alive = {name: layer.alive for name, layer in layers.items()}
    total = {name: layer.connections for name, layer in layers.items()}
    sparsity = {name: (total[name] - alive[name]) / total[name] for name in layers}
    sd = {name: weight_sd(layer) for name, layer in layers.items()}
    total_sparsity = 100 * (sum(total.values()) - sum(alive.values())) / sum(total.values())
    respiratory = constants["respiratory_weight"] * sparsity["respiratory"]
    junction = constants["junction_weight"] * sparsity["neuromuscular_junction"]
    cognition = (
        30 * (1 - sparsity["prefrontal_limbic"])
        - constants["cognitive_aggregate"] * layers["prefrontal_limbic"].aggregate
        - constants["cognitive_instability"] * sd["prefrontal_limbic"]
    )
    motor_alive = sum(alive[name] for name in MOTOR)
    return {
        "accuracy_percent": accuracy_percent,
        "total_sparsity_percent": total_sparsity,
        "depression_score": 48 * sparsity["prefrontal_limbic"],
        "spasticity_score": 4 * sparsity["upper_motor"],
        "weakness_score": 4 * sparsity["lower_motor"],
        "fatigue_score": 10 * sparsity["neuromuscular_junction"],
        "bulbar_score": 4 * sparsity["bulbar"],
        "respiratory_risk_percent": 100 * (respiratory + junction),
        "fine_motor_score": 4 * sparsity["fine_motor"],
        "alsfrs_r_proxy": accuracy_percent * 48 / 100,
        "nfl_proxy": 100 * sum(sd.values()),
        "overall_disability_percent": total_sparsity,
        "cognitive_score": min(30.0, max(0.0, cognition)),
        "motor_integrity_percent": 100 * motor_alive / sum(total[name] for name in MOTOR),
        "excitotoxicity_load": sum(layers[name].noise for name in MOTOR),
        "sparsity": sparsity,
        "aggregate": {name: layer.aggregate for name, layer in layers.items()},
        "noise": {name: layer.noise for name, layer in layers.items()},
        "flare": {name: layer.flare for name, layer in layers.items()},
    }
