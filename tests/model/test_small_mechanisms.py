"""Flares, clearance, excitotoxicity and stress: each by hand."""

from math import sqrt

import numpy as np
import pytest
import torch

from synaprune.engine.randomness import Streams
from synaprune.model.mechanisms.clearance import clearance
from synaprune.model.mechanisms.excitotoxicity import excitotoxicity
from synaprune.model.mechanisms.flares import flares, text
from synaprune.model.mechanisms.stress import stress
from synaprune.model.registry import resolve

each_flare = pytest.mark.parametrize("form", ["published", "text"])


def half_dead(bench):
    state = bench.networks.layers[2]
    state.alive[:, : state.layer.units // 2] = False


@each_flare
def test_flares_need_a_chance_and_a_sparse_layer(bench, form):
    half_dead(bench)
    form = resolve("flares", form)
    bench.do(form, flare_probability=0.0, flare_threshold=0.49)
    assert not bench.context.flare.any()
    bench.do(form, flare_probability=1.0, flare_threshold=0.49)
    assert bench.context.flare[:, 2].all()
    assert bench.context.flare.sum() == 4


@each_flare
def test_a_layer_at_the_threshold_does_not_flare(bench, form):
    half_dead(bench)
    bench.do(resolve("flares", form), flare_probability=1.0, flare_threshold=0.5)
    assert not bench.context.flare.any()


def test_each_layer_flares_by_a_chance_of_its_own(bench):
    for state in bench.networks.layers:
        state.alive[:] = False
    bench.do(flares, flare_probability=0.5)
    for patient, runs in enumerate(bench.networks.twins):
        # in cycle 4, after eight layers a cycle
        course = Streams(3, patient).series("flare", 0, 300)[4 * 8 : 5 * 8] < 0.5
        assert 0 < course.sum() < 8
        for run in runs:
            assert np.array_equal(bench.context.flare[run], course)


def test_chances_of_flares_are_uniform_and_independent():
    cycles = 3000
    chances = Streams(1, 0).series("flare", 0, cycles * 8).reshape(cycles, 8)
    # five standard errors each: false alarm below 1e-6 for the share, below 1e-4 for 28 pairs
    share = (chances < 0.1).mean()
    assert abs(share - 0.1) < 5 * sqrt(0.1 * 0.9 / chances.size)
    pairs = np.corrcoef(chances.T)[np.triu_indices(8, 1)]
    assert np.abs(pairs).max() < 5 / sqrt(cycles)


def test_by_the_text_all_layers_above_the_threshold_share_one_chance(bench):
    for state in bench.networks.layers:
        state.alive[:] = False
    chances = [float(draw.uniform("flare", (1,))) for draw in bench.draws]
    bench.do(text, flare_probability=sum(chances) / 2)
    expected = [[chance < sum(chances) / 2] * 8 for chance in chances for _ in range(2)]
    assert bench.context.flare.tolist() == expected


def test_clearance_takes_its_share(bench):
    bench.networks.aggregate[:] = 2.0
    bench.context.effects.clearance[3] = 100.0
    bench.do(clearance)
    assert bench.networks.aggregate[:3] == pytest.approx(np.full((3, 8), 1.9))
    assert bench.networks.aggregate[3].tolist() == [0.0] * 8


@pytest.mark.parametrize(
    ("form", "first", "on_the_output"),
    [("published", True, False), ("before_rectifier", True, True), ("text", False, True),
     ("sparing_logits", False, False)],
)  # fmt: skip
def test_noise_by_hand(bench, form, first, on_the_output):
    state = bench.networks.layers[1]
    state.alive[0, :3] = False
    bench.context.effects.noise[1] = 0.5
    bench.do(resolve("excitotoxicity", form))
    level = 0.05 + 0.008 * 4
    assert bench.networks.noise[0, 1] == level * (1 + 3 * 0.25) * 1.5
    assert bench.networks.noise[1, 1] == level * 1.5 * 0.5
    assert bench.networks.noise[2].tolist() == [level * 1.5] * 7 + [level * 1.5 * on_the_output]
    assert bench.networks.noise_first == first
    assert bench.networks.memory(5).noise_first == first


def test_noise_follows_the_cycle_and_the_vulnerability(bench):
    bench.context.cycle = 10
    bench.context.disease.vulnerability[2, 3] = 2.4
    bench.do(excitotoxicity, noise_base=0.03, noise_slope=0.002)
    assert bench.networks.noise[2, 3] == pytest.approx(0.05 * 2.4)


def test_stress_is_a_moving_average_for_each_weight_pruned_ones_included(bench):
    state = bench.networks.layers[1]
    state.alive[0, 0, 1] = False
    state.gradient[0, 0, :2] = torch.tensor([2.0, -3.0])
    bench.do(stress)
    bench.do(stress)
    assert state.stress[0, 0, :2].tolist() == pytest.approx([0.19 * 2, 0.19 * 3])
    assert torch.count_nonzero(state.stress) == 2


def test_by_the_text_stress_is_a_neurons_mean_over_alive_inputs(bench):
    state = bench.networks.layers[1]
    state.alive[0, 0, 3:] = False
    state.gradient[0, 0] = 9.0
    state.gradient[0, 0, :3] = torch.tensor([1.0, -2.0, 3.0])
    form = resolve("stress", "text")
    bench.do(form)
    bench.do(form)
    assert state.stress[0, 0].tolist() == pytest.approx([0.19 * 2] * 12)
    assert torch.count_nonzero(state.stress[0, 1:]) == torch.count_nonzero(state.stress[1:]) == 0


@pytest.mark.parametrize("form", ["published", "text"])
def test_stress_that_nobody_reads_stays_as_it_is(bench, form):
    for state in bench.networks.layers:
        state.gradient[:] = 1.0
    bench.context.stress_reader = np.array([False, True, False, False])
    bench.do(resolve("stress", form))
    for state in bench.networks.layers:
        assert state.stress[1].tolist() == pytest.approx(0.1 * np.ones(state.layer.shape))
        assert torch.count_nonzero(state.stress[[0, 2, 3]]) == 0
