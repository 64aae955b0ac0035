"""Flares, clearance, excitotoxicity and stress: each by hand."""

import numpy as np
import pytest
import torch

from synaprune.model.mechanisms.clearance import clearance
from synaprune.model.mechanisms.excitotoxicity import excitotoxicity
from synaprune.model.mechanisms.flares import flares
from synaprune.model.mechanisms.stress import stress


def test_flares_need_a_chance_and_a_sparse_layer(bench):
    state = bench.networks.layers[2]
    state.alive[:, : state.layer.units // 2] = False
    bench.do(flares, flare_probability=0.0, flare_threshold=0.49)
    assert not bench.context.flare.any()
    bench.do(flares, flare_probability=1.0, flare_threshold=0.49)
    assert bench.context.flare[:, 2].all()
    assert bench.context.flare.sum() == 4


def test_a_layer_at_the_threshold_does_not_flare(bench):
    state = bench.networks.layers[2]
    state.alive[:, : state.layer.units // 2] = False
    bench.do(flares, flare_probability=1.0, flare_threshold=0.5)
    assert not bench.context.flare.any()


def test_all_layers_above_the_threshold_share_one_chance(bench):
    for state in bench.networks.layers:
        state.alive[:] = False
    bench.do(flares)
    assert all(len(set(row)) == 1 for row in bench.context.flare.tolist())


def test_clearance_takes_its_share(bench):
    bench.networks.aggregate[:] = 2.0
    bench.context.effects.clearance[3] = 100.0
    bench.do(clearance)
    assert bench.networks.aggregate[:3] == pytest.approx(np.full((3, 8), 1.9))
    assert bench.networks.aggregate[3].tolist() == [0.0] * 8


def test_noise_by_hand(bench):
    state = bench.networks.layers[1]
    state.alive[0, :3] = False
    bench.context.effects.noise[1] = 0.5
    bench.do(excitotoxicity)
    level = (0.05 + 0.008 * 4) * 1.5
    assert bench.networks.noise[0, 1] == pytest.approx(level * (1 + 3 * 0.25))
    assert bench.networks.noise[1, 1] == pytest.approx(level * 0.5)
    assert bench.networks.noise[2] == pytest.approx([level] * 8)


def test_stress_is_a_moving_average(bench):
    state = bench.networks.layers[1]
    state.gradient[0, 0] = 2.0
    bench.do(stress)
    bench.do(stress)
    assert float(state.stress[0, 0]) == pytest.approx(0.9 * 0.2 + 0.2)
    assert torch.count_nonzero(state.stress[1:]) == 0
