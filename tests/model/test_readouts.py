import numpy as np
import pytest
import torch

from synaprune.model.circuit import Circuit
from synaprune.model.quantities import READOUT_NAMES
from synaprune.model.readouts import layer_state, readouts


@pytest.fixture
def by_hand(constants):
    """A circuit in which every layer has lost another share: 0, 10, ... 70 %."""
    circuit = Circuit.of_sizes()
    connections = np.array([layer.connections for layer in circuit], float)
    sparsity = np.arange(8) / 10
    values = readouts(
        circuit,
        constants,
        alive=connections * (1 - sparsity),
        deviation=np.arange(1, 9) / 100,
        aggregate=np.array([0.5, 0, 0, 0, 0, 0, 0, 0]),
        noise=np.arange(8) / 8,
        accuracy_percent=90.0,
    )
    return values, connections, sparsity


def test_table_1_by_hand(by_hand):
    values, connections, sparsity = by_hand
    total = 100 * (connections * sparsity).sum() / connections.sum()
    motor = slice(1, 7)
    integrity = 100 * (1 - (connections * sparsity)[motor].sum() / connections[motor].sum())
    expected = {
        "accuracy_percent": 90.0,
        "total_sparsity_percent": total,
        "depression_score": 0.0,
        "spasticity_score": 0.4,
        "weakness_score": 0.8,
        "fatigue_score": 3.0,
        "bulbar_score": 1.6,
        "respiratory_risk_percent": 100 * (0.5 * 0.6 + 0.3 * 0.4),
        "fine_motor_score": 2.4,
        "alsfrs_r_proxy": 43.2,
        "nfl_proxy": 36.0,
        "overall_disability_percent": total,
        "cognitive_score": 30 - 5 - 0.05,
        "motor_integrity_percent": integrity,
        "excitotoxicity_load": (1 + 2 + 3 + 4 + 5 + 6) / 8,
    }
    assert tuple(values) == READOUT_NAMES
    assert dict(values) == pytest.approx(expected)


def test_the_cognitive_score_stays_in_its_range(constants):
    circuit = Circuit.of_sizes()
    connections = np.array([layer.connections for layer in circuit], float)
    rest = {"deviation": np.zeros(8), "noise": np.zeros(8), "accuracy_percent": 25.0}
    dead = readouts(circuit, constants, alive=connections * 0, aggregate=np.ones(8), **rest)
    assert dead["cognitive_score"] == 0.0
    whole = readouts(circuit, constants, alive=connections, aggregate=np.zeros(8), **rest)
    assert whole["cognitive_score"] == 30.0


def test_spread_is_over_alive_weights_with_n_minus_one(bench):
    state = bench.networks.layers[1]
    state.alive[2, 3:] = False
    bench.networks.apply_masks()
    alive, deviation = layer_state(bench.networks, 2)
    kept = state.weight[2][state.alive[2]]
    assert alive[1] == len(kept) == 36
    assert deviation[1] == pytest.approx(float(torch.std(kept)), rel=1e-12)


@pytest.mark.parametrize("left", [0, 1])
def test_fewer_than_two_weights_have_no_spread(bench, left):
    state = bench.networks.layers[1]
    state.alive[0].view(-1)[left:] = False
    bench.networks.apply_masks()
    assert layer_state(bench.networks, 0)[1][1] == 0.0
