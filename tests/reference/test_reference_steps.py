"""Every step of the reference's cycle, against numbers worked out by hand."""

from __future__ import annotations

import pytest
import torch
from reference_cases import F64, SetStreams, small, with_weights

from synaprune.reference import LAYERS, NamedDraws, cycle
from synaprune.reference.readouts import readouts
from synaprune.reference.treatment import Effects, effects, level

LAYER = "upper_motor"
NONE = Effects(noise=1, pruning=1, learning_rate=1, clearance=1, regrowth=0, guidance=0)


def draws(**fixed):
    return NamedDraws(SetStreams(**fixed)).at(0)


def test_a_dose_sets_the_level_to_one_and_halves_until_the_floor():
    levels = [level([7, 5], now, 2, 0.2) for now in (4, 5, 6, 7, 9, 11, 12)]
    assert levels == pytest.approx([0, 1, 0.5**0.5, 1, 0.5, 0.25, 0])
    scenario = small(arm="ketamine_maintenance")
    now = effects(scenario, 6)
    assert (now.noise, now.pruning, now.learning_rate) == pytest.approx((0.5, 0.6, 2.0))
    assert (now.regrowth, now.guidance, now.clearance) == pytest.approx((0.6, 1.0, 1.0))
    assert effects(small(arm="riluzole_continuous"), 3).guidance == 0, "it regrows nothing"


def test_each_layer_flares_by_itself_above_the_threshold():
    scenario = small(flare_threshold=0.5, flare_probability=0.5)
    network = with_weights(scenario, LAYER, [[1.0] * 4], dead=(0, 1, 2))
    network.alive["bulbar"][:] = False
    network.alive["output"][:] = False
    #             prefrontal, upper, lower, junction, bulbar, respiratory, fine, output
    keys = [0.1, 0.2, 0.3, 0.1, 0.6, 0.1, 0.1, 0.4]
    cycle.flares(network, scenario, draws(flare=keys))
    assert [name for name, flare in network.flare.items() if flare] == [LAYER, "output"]


def test_pruning_takes_the_weakest_and_then_the_smallest_keys():
    scenario = small()
    weights = [[0.5, -0.1, 0.3, 0.3, 9.0], [0.2, 8.0, 7.0, 6.0, -5.0]]
    keys = [[0.9, 0.0, 0.9, 0.1, 0.9], [0.0, 0.9, 0.2, 0.9, 0.9]]
    network = with_weights(scenario, LAYER, weights)
    with torch.no_grad():
        gone = cycle.prune(network, scenario, LAYER, 0.5, draws(pruning=keys))
    # 5 of 10: the weakest floor(3.5) are 0.1, 0.2 and the first 0.3; then keys 0.1 and 0.2
    assert sorted(gone.tolist()) == [1, 2, 3, 5, 7]
    assert network.weight[LAYER].tolist() == [[0.5, 0, 0, 0, 9.0], [0, 8.0, 0, 6.0, -5.0]]
    assert network.aggregate[LAYER] == pytest.approx(0.8 * 0.5)


@pytest.mark.parametrize(
    ("load", "flare", "count"),
    [(0.2, False, 100), (0.3, False, 120), (0.2, True, 200), (1.7, True, 800), (9.0, True, 950)],
)
def test_toxicity_counts_above_its_threshold_and_the_rate_has_a_cap(load, flare, count):
    scenario = small()
    network = with_weights(scenario, LAYER, [[1.0] * 1000])
    network.aggregate[LAYER], network.flare[LAYER] = load, flare
    with torch.no_grad():
        gone = cycle.prune(network, scenario, LAYER, 0.1 + 1e-12, draws())
    assert len(gone) == count


def test_a_count_is_a_product_cut_off():
    network = with_weights(small(), LAYER, [[1.0] * 660])
    with torch.no_grad():
        assert len(cycle.prune(network, small(), LAYER, 0.7, draws())) == 461, "0.7 x 660 < 462"


def test_corruption_reaches_the_radius_and_takes_what_is_beyond_an_end_for_the_end():
    scenario = small(corruption_radius=2, corruption_magnitude=0.01)
    network = with_weights(scenario, LAYER, [[1.0] * 6] * 3, dead=(1, 7, 9))
    network.aggregate[LAYER] = 3.0
    normal = torch.arange(1, 19, dtype=F64).view(3, 6)
    with torch.no_grad():
        cycle.corrupt(network, scenario, LAYER, torch.tensor([1, 9]), draws(corruption=normal))
    expected = torch.ones(18, dtype=F64)
    for place in (0, 2, 3, 8, 10, 11):
        expected[place] += 0.01 * 4 * (place + 1)
    expected[[1, 7, 9]] = 0
    assert torch.allclose(network.weight[LAYER].flatten(), expected)


def test_clearance_takes_a_share_of_the_load():
    network = with_weights(small(), LAYER, [[1.0]])
    network.aggregate[LAYER] = 0.4
    cycle.clear(network, small(), NONE)
    assert network.aggregate[LAYER] == pytest.approx(0.4 * 0.95)


GUIDING = Effects(noise=1, pruning=1, learning_rate=1, clearance=1, regrowth=0.6, guidance=0.2)


@pytest.mark.parametrize(
    ("drugs", "stress", "back"),
    [
        (NONE, 1.0, [101]),  # 0.02 x (1 - 1.5 x 0.2) of 100: one, at the greatest key
        (GUIDING, 1e-4, [*range(8, 51)]),  # 0.62 x 0.7 of 100, all of them the stressed neuron's
        (GUIDING, 1e-6, [*range(59, 102)]),  # too little stress to guide: the greatest keys
    ],
)
def test_regrowth_needs_no_drug_and_is_guided_only_under_one(drugs, stress, back):
    network = with_weights(
        small(), LAYER, [[1.0] * 51] * 2, dead=[place for place in range(102) if place % 51]
    )
    network.aggregate[LAYER] = 0.2
    network.stress[LAYER][0] = stress
    keys = torch.linspace(0.1, 0.9, 102, dtype=F64).view(2, 51)
    with torch.no_grad():
        given = draws(regrowth_order=keys, regrowth_weight=2.0)
        cycle.regrow(network, small(), LAYER, drugs, given)
    assert (network.weight[LAYER].flatten() == 0.03 * 2).nonzero().flatten().tolist() == back
    assert network.alive[LAYER].flatten().nonzero().flatten().tolist() == sorted([0, 51, *back])


def test_noise_grows_with_cycle_and_sparsity_and_spares_the_output():
    scenario = small()
    network = with_weights(scenario, LAYER, [[1.0] * 4], dead=(0,))
    cycle.excite(network, scenario, 10, Effects(0.5, 1, 1, 1, 0, 0))
    assert network.noise[LAYER] == pytest.approx((0.05 + 0.08) * (1 + 3 * 0.25) * 2.0 * 0.5)
    assert network.noise["lower_motor"] == pytest.approx(0.13 * 2.4 * 0.5)
    assert network.noise["output"] == 0.0


def test_training_keeps_the_dead_dead_moves_biases_and_stresses_every_weight():
    scenario = small(retraining_learning_rate=0.1)
    fresh = NamedDraws(SetStreams())
    network = with_weights(scenario, "output", [[0.5] * 12] * 4, dead=range(12))
    bias = network.bias["output"].detach().clone()
    cycle.retrain(network, scenario, fresh.task(scenario.constants), NONE, fresh.at(0))
    cycle.add_stress(network, scenario)
    assert not network.weight["output"][0].any()
    assert not torch.equal(network.bias["output"], bias)
    gradient = network.weight["output"].grad
    assert torch.allclose(network.stress["output"], 0.1 * gradient.abs())
    assert bool(network.stress["output"][0].any()), "the dead count as well"


def test_readouts_by_hand():
    scenario = small()
    network = with_weights(scenario, LAYER, [[1.0, 2.0, 3.0, 4.0]], dead=(3,))
    for layer in LAYERS:
        if layer.name not in (LAYER, "prefrontal_limbic"):
            network.alive[layer.name][:] = False
    limbic = network.alive["prefrontal_limbic"]
    limbic[:] = False
    limbic[0] = True
    network.mask()
    with torch.no_grad():
        network.weight["prefrontal_limbic"][0] = torch.tensor([1.0, 3.0], dtype=F64)
    network.aggregate["prefrontal_limbic"] = 0.05
    network.noise |= {LAYER: 0.5, "bulbar": 0.25, "prefrontal_limbic": 9.0}
    table = readouts(network, scenario.constants, 80.0)
    motor = 4 + 8 * 10 + 6 * 8 + 3 * 4 * 6
    assert table["spasticity_score"] == 1.0
    assert table["depression_score"] == pytest.approx(48 * 11 / 12)
    assert table["fatigue_score"] == 10
    assert table["respiratory_risk_percent"] == pytest.approx(100)
    assert table["alsfrs_r_proxy"] == pytest.approx(38.4)
    assert table["nfl_proxy"] == pytest.approx(100 * (2**0.5 + 1))
    assert table["motor_integrity_percent"] == pytest.approx(100 * 3 / motor)
    assert table["excitotoxicity_load"] == 0.75
    assert table["cognitive_score"] == 0.0, "30 / 12 - 0.5 - 5 x 1.41 is below 0"
