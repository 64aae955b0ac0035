"""Every step of the plain network's cycle, against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch
from plain_cases import F64, KETAMINE, STEADY, Named, a_course, built, kill

from plain_cycle import Effects, level


def test_a_dose_decays_by_its_half_life_and_ends_at_the_floor():
    levels = [level(t, [5], 3, 0.05) for t in (4, 5, 6, 8, 11, 17, 18, 29)]
    assert levels == pytest.approx([0, 1, 0.5 ** (1 / 3), 0.5, 0.25, 0.0625, 0, 0])
    assert level(7, [2], 5, 0.5) == 0.0, "at the floor it is gone"


def test_a_new_dose_sets_the_level_to_one_again():
    assert [level(t, [7, 5], 2, 0.05) for t in (6, 7, 9)] == pytest.approx([0.5**0.5, 1, 0.5])


def test_drugs_together_by_hand(healthy):
    doses = {"ketamine": [4], "riluzole": [2]}
    effects = a_course(healthy, doses=doses).effects(4)
    assert effects.noise == pytest.approx(0.5 * (1 - 0.3 * 0.5))
    assert effects.pruning == pytest.approx(0.6 * (1 - 0.15 * 0.5))
    assert effects.learning_rate == pytest.approx(2.0)
    assert effects.clearance == pytest.approx(0.05 * 1.25)
    assert effects.regrowth == pytest.approx(0.6)
    twice = {"a": KETAMINE, "b": KETAMINE | {"clearance_gain": 1e9}}
    both = a_course(healthy, drugs=twice, doses={"a": [0], "b": [0]}).effects(3)
    assert both.regrowth == pytest.approx(0.6)
    assert both.clearance == 1.0
    none = a_course(healthy).effects(3)
    assert none == STEADY


def test_flares_need_the_chance_and_a_sparsity_above_the_threshold():
    for chance, dead, expected in [
        (0.2, (0, 1, 2), True),
        (0.2, (0, 1), False),
        (0.5, (0, 1, 2), False),
    ]:
        constants = {"flare_threshold": 0.5, "flare_probability": 0.5}
        course, layer = built([[1.0] * 4], fixed={"flare": [chance]}, constants=constants)
        kill(layer, *dead)
        course.flare(0)
        assert layer.flare is expected
        assert course.network["output"].flare is False


def test_pruning_takes_the_weakest_and_then_the_smallest_keys():
    weights = [[0.5, -0.1, 0.3, 0.3, 9.0], [0.2, 8.0, 7.0, 6.0, -5.0]]
    keys = torch.tensor([[0.9, 0.0, 0.9, 0.1, 0.9], [0.0, 0.9, 0.2, 0.9, 0.9]])
    course, layer = built(weights, fixed={"pruning": keys})
    pruned = course.prune(0, STEADY)["upper_motor"]
    # 5 of 10: the weakest 3 are 0.1, 0.2 and the first 0.3; then keys 0.1 and 0.2
    assert sorted(pruned.tolist()) == [1, 2, 3, 5, 7]
    assert layer.weight.tolist() == [[0.5, 0, 0, 0, 9.0], [0, 8.0, 0, 6.0, -5.0]]
    assert layer.aggregate == pytest.approx(2.1 * 0.5)
    # 2 of the 5 left: the weak one is 0.5, the random one the first of the equal keys
    constants = {"rate_cap": 0.4}
    course.constants = {**course.constants, **constants}
    assert sorted(course.prune(0, STEADY)["upper_motor"].tolist()) == [0, 4]
    assert layer.aggregate == pytest.approx(2.1 * 0.7)


def test_the_rate_of_pruning_by_hand():
    course, layer = built([[1.0] * 1000], constants={"flare_pruning": 1.2, "rate_cap": 1.0})
    course.base_rate = {**course.base_rate, "upper_motor": 0.1}
    layer.aggregate, layer.flare = 0.25, True
    effects = Effects(1.0, 0.6, 1.0, 0.05, 0.0)
    rate = 0.1 * (1 + 0.112 * 10) * (1 + 1.15 * 0.2) * 1.2 * 0.6
    assert len(course.prune(10, effects)["upper_motor"]) == math.floor(rate * 1000)


def test_at_the_wall_nothing_goes_and_biases_have_their_own():
    course, layer = built([[1.0, 2.0, 3.0, 4.0]] * 4, constants={"sparsity_wall": 0.5})
    with torch.no_grad():
        layer.bias.copy_(torch.tensor([3.0, 1.0, -2.0, 4.0]))
    kill(layer, *range(8))
    pruned = course.prune(0, STEADY)
    assert "upper_motor" not in pruned
    assert layer.aggregate == 0
    assert int((layer.bias_mask == 0).sum()) == 2
    assert layer.bias_mask[1] == 0, "floor(0.7 x 2) = 1 weakest, and one at random"
    before = layer.bias.clone()
    course.prune(0, STEADY)
    assert torch.equal(layer.bias, before)


def test_corruption_reaches_as_far_as_the_radius_along_the_flattened_weights():
    weights = [[1.0] * 6, [1.0] * 6, [1.0] * 6]
    constants = {"corruption_radius": 2, "corruption_strength": 0.8, "corruption_half_load": 1.0}
    normal = torch.arange(18, dtype=F64)
    course, layer = built(weights, fixed={"corruption": normal}, constants=constants)
    kill(layer, 0, 4, 7)
    layer.aggregate = 3.0
    course.corrupt(0, {"upper_motor": torch.tensor([0, 7])})
    m = 0.8 * 3 / 4
    spread = math.sqrt(1 - (1 - m) ** 2) * 0.10
    expected = torch.ones(18, dtype=F64)
    for place in (1, 2, 5, 6, 8, 9):
        expected[place] = (1 - m) + spread * place
    expected[[0, 4, 7]] = 0
    assert torch.allclose(layer.weight.view(-1), expected)


def test_a_flare_corrupts_everything_alive_in_its_layer():
    course, layer = built([[2.0] * 4], fixed={"flare_corruption": [1, 2, 3, 4]})
    kill(layer, 1)
    course.corrupt_flaring(0)
    assert layer.weight.tolist() == [[2, 0, 2, 2]]
    layer.flare = True
    course.corrupt_flaring(0)
    spread = math.sqrt(1 - 0.24**2) * 0.1
    expected = [0.48 + spread, 0, 0.48 + 3 * spread, 0.48 + 4 * spread]
    assert layer.weight[0].tolist() == pytest.approx(expected)


def test_clearance_removes_its_share():
    course, layer = built([[1.0]])
    layer.aggregate = 2.0
    course.clear(STEADY)
    assert layer.aggregate == pytest.approx(1.9)


@pytest.mark.parametrize(("clearance", "back"), [(0.05, 3), (0.1, 4)])
def test_the_most_stressed_neurons_regrow_first(clearance, back):
    fixed = {
        "regrowth_weight": [[1.0, 2, 3, 4], [5, 6, 7, 8]],
        "regrowth_order": [[0.5, 0.5, 0.9, 0.9], [0.1, 0.1, 0.3, 0.0]],
        "bias_regrowth_order": [0.0, 0.0],
    }
    constants = {"regrowth_share": 0.8, "regrowth_penalty": 0.5}
    course, layer = built([[1.0] * 4] * 2, fixed, constants=constants)
    kill(layer, 0, 1, 4, 5, 6)
    layer.bias_mask.zero_()
    layer.stress.copy_(torch.tensor([0.2, 0.5]))
    layer.aggregate = 0.4
    course.regrow(0, Effects(1, 1, 1, clearance, 1.0))
    # impaired: floor(0.8 x (1 - 0.5 x 0.4) x 5) = 3, all of the second neuron; else 0.8 x 5 = 4,
    # and of the equal ranks of the first neuron the first
    assert layer.weight_mask.tolist() == [[back - 3, 0, 1, 1], [1, 1, 1, 1]]
    assert layer.weight[0].tolist() == pytest.approx([0.008 * (back - 3), 0, 1, 1])
    assert layer.weight[1].tolist() == pytest.approx([0.04, 0.048, 0.056, 1.0])
    assert layer.bias_mask.tolist() == [0, 1]
    assert layer.bias.tolist() == [0, 0]


def test_without_stress_the_jitter_alone_ranks():
    course, layer = built([[1.0] * 4], {"regrowth_order": [0.1, 0.9, 0.3, 0.9]},
                          constants={"regrowth_share": 0.5})  # fmt: skip
    kill(layer, 0, 1, 2, 3)
    course.regrow(0, Effects(1, 1, 1, 1.0, 1.0))
    assert layer.weight_mask.tolist() == [[0, 1, 0, 1]]


@pytest.mark.parametrize("exact", [True, False])
def test_strength_beyond_all_that_is_dead_brings_back_no_more(exact):
    course, layer = built([[1.0] * 4], constants={"regrowth_share": 1.0}, exact=exact)
    kill(layer, 0, 3)
    course.regrow(0, Effects(1, 1, 1, 1.0, 2.0))
    assert layer.sparsity == 0


def test_noise_by_hand():
    course, layer = built([[1.0] * 4])
    kill(layer, 1)
    course.set_noise(10, Effects(0.7, 1, 1, 0.05, 0))
    assert layer.noise == pytest.approx((0.05 + 0.08) * 1.5 * 1.75 * 0.7)


def test_retraining_descends_the_loss_of_the_masked_network(healthy):
    constants = {"retraining_steps": 1, "retraining_learning_rate": 0.25}
    course = a_course(healthy, constants=constants, off=frozenset({"excitotoxicity"}))
    course.set_noise(0, STEADY)
    layer = course.network["lower_motor"]
    kill(layer, 3, 4)
    batch = Named().integers("batch", (16,), len(course.task.train_points), cycle=2)
    points, classes = course.task.train_points[batch], course.task.train_classes[batch]

    def loss():
        with torch.no_grad():
            logits = course.network(points, Named().normal)
            return float(torch.nn.functional.cross_entropy(logits, classes))

    before, size, slopes = layer.weight.detach().clone(), 1e-6, {}
    for place in (0, 9, 25):
        with torch.no_grad():
            layer.weight.view(-1)[place] += size
            above = loss()
            layer.weight.view(-1)[place] -= 2 * size
            slopes[place] = (above - loss()) / (2 * size)
            layer.weight.copy_(before)
    gradients = course.retrain(2, Effects(1, 1, 2.0, 0.05, 0))
    moved = (layer.weight.detach() - before).view(-1)
    for place, slope in slopes.items():
        assert float(moved[place]) == pytest.approx(-0.5 * slope, rel=1e-4, abs=1e-9)
        assert float(gradients["lower_motor"].view(-1)[place]) == pytest.approx(slope, abs=1e-7)
    assert any(abs(slope) > 1e-5 for slope in slopes.values())
    assert layer.weight.view(-1)[3:5].tolist() == [0, 0]


def test_stress_by_hand():
    course, layer = built([[1.0] * 4, [1.0] * 4, [1.0] * 4])
    kill(layer, 3, 8, 9, 10, 11)
    layer.stress.copy_(torch.tensor([1.0, 0.0, 2.0]))
    gradient = torch.tensor([[1.0, -2, 3, 99], [-4, 4, 4, -4], [9, 9, 9, 9]], dtype=F64)
    course.update_stress({"upper_motor": gradient})
    assert layer.stress.tolist() == pytest.approx([0.9 + 0.1 * 2, 0.1 * 4, 0.9 * 2])
