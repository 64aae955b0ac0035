"""Symptoms and biomarkers of a network (Table 1), and the quantities of every layer."""

from __future__ import annotations

from synaprune.reference.network import Network
from synaprune.reference.scenario import LAYERS, Constants

#: Points that a fully pruned layer stands for (Table 1).
LAYER_SCORES = {
    "depression_score": ("prefrontal_limbic", 48),
    "spasticity_score": ("upper_motor", 4),
    "weakness_score": ("lower_motor", 4),
    "fatigue_score": ("neuromuscular_junction", 10),
    "bulbar_score": ("bulbar", 4),
    "fine_motor_score": ("fine_motor", 4),
}

#: Upper ends of the proxy of ALSFRS-R and of the cognitive score (Table 1).
PROXY_MAXIMUM, COGNITION_MAXIMUM = 48, 30

#: What is read of every layer.
LAYER_QUANTITIES = ("sparsity_percent", "aggregate", "noise", "flare")


def readouts(network: Network, constants: Constants, accuracy_percent: float) -> dict[str, float]:
    """Compute the fifteen readouts of a cycle.

    Parameters
    ----------
    network
        After the cycle.
    constants
        Weights of the respiratory risk and of the cognitive score.
    accuracy_percent
        On the test points.

    Returns
    -------
    dict
        By the names of results.
    """
    sparsity = {layer.name: network.sparsity(layer.name) for layer in LAYERS}
    spread = {layer.name: deviation(network, layer.name) for layer in LAYERS}
    limbic = next(layer.name for layer in LAYERS if layer.group == "limbic")
    motor = [layer.name for layer in LAYERS if layer.group == "motor"]
    total = 100 * (1 - _alive_share(network, list(sparsity)))
    cognition = (
        COGNITION_MAXIMUM * (1 - sparsity[limbic])
        - constants.cognitive_aggregate * network.aggregate[limbic]
        - constants.cognitive_instability * spread[limbic]
    )
    respiratory = (
        constants.respiratory_weight * sparsity["respiratory"]
        + constants.junction_weight * sparsity["neuromuscular_junction"]
    )
    scores = {name: scale * sparsity[layer] for name, (layer, scale) in LAYER_SCORES.items()}
    return scores | {
        "accuracy_percent": accuracy_percent,
        "total_sparsity_percent": total,
        "overall_disability_percent": total,
        "respiratory_risk_percent": 100 * respiratory,
        "alsfrs_r_proxy": accuracy_percent * PROXY_MAXIMUM / 100,
        "nfl_proxy": 100 * sum(spread.values()),
        "cognitive_score": max(0.0, cognition),
        "motor_integrity_percent": 100 * _alive_share(network, motor),
        "excitotoxicity_load": sum(network.noise[name] for name in motor),
    }


def healthy_readouts(
    network: Network, constants: Constants, accuracy_percent: float
) -> dict[str, float]:
    """Readouts before the disease; NfL and cognition are initial values (published notebook)."""
    initial = {"nfl_proxy": 0.0, "cognitive_score": float(COGNITION_MAXIMUM)}
    return readouts(network, constants, accuracy_percent) | initial


def layer_quantities(network: Network) -> dict[str, list[float]]:
    """Read every layer: one number a layer, by quantity."""
    names = [layer.name for layer in LAYERS]
    return {
        "sparsity_percent": [100 * network.sparsity(name) for name in names],
        "aggregate": [network.aggregate[name] for name in names],
        "noise": [network.noise[name] for name in names],
        "flare": [network.flare[name] for name in names],
    }


def deviation(network: Network, layer: str) -> float:
    """Standard deviation (n - 1) of the alive weights; 0 where fewer than two are alive."""
    alive = network.weight[layer].detach()[network.alive[layer]]
    return alive.std().item() if len(alive) > 1 else 0.0


def _alive_share(network: Network, layers: list[str]) -> float:
    alive = sum(int(network.alive[name].sum()) for name in layers)
    return alive / sum(network.alive[name].numel() for name in layers)
