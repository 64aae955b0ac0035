"""The plain network's readouts by hand, and what must hold for whole courses."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import pytest
import torch
from plain_cases import F64, SIZES, Named, a_course, settings

from plain_draws import TorchDraws
from plain_network import CONSTANTS, MECHANISMS, simulate
from plain_pretraining import Network
from plain_readouts import readouts, weight_sd


def test_it_imports_nothing_of_the_package():
    folder = Path(__file__).parents[2] / "benchmarks"
    for file in folder.glob("plain_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in getattr(node, "names", [])]
            assert not any("synaprune" in (name or "") for name in names), file
            assert "synaprune" not in (getattr(node, "module", None) or ""), file


def test_readouts_by_hand():
    network = Network(dict.fromkeys(SIZES, 2) | {"output": 4}, F64)
    values = {
        "prefrontal_limbic": [1.0, 3, 0, 0],
        "upper_motor": [1.0, 2, 3, 0],
        "lower_motor": [1.0, 0, 0, 0],
        "neuromuscular_junction": [0.0] * 4,
        "bulbar": [1.0] * 4,
        "respiratory": [1.0, 1, 0, 0],
        "fine_motor": [2.0, 4, 6, 0],
        "output": [1.0] * 12 + [0.0] * 12,
    }
    for k, (name, layer) in enumerate(network.named()):
        weights = torch.tensor(values[name], dtype=F64).view_as(layer.weight)
        layer.weight_mask.copy_(weights > 0)
        layer.weight.data.copy_(weights)
        layer.noise, layer.aggregate = 0.1 * k, 0.2 * (k + 1)
    record = readouts(network, 50.0, CONSTANTS)
    assert weight_sd(network["lower_motor"]) == 0
    instability = math.sqrt(2)
    expected = {
        "accuracy_percent": 50,
        "total_sparsity_percent": 100 * (2 + 1 + 3 + 4 + 0 + 2 + 1 + 12) / 52,
        "depression_score": 24,
        "spasticity_score": 1,
        "weakness_score": 3,
        "fatigue_score": 10,
        "bulbar_score": 0,
        "respiratory_risk_percent": 0.6 * 50 + 0.4 * 100,
        "fine_motor_score": 1,
        "alsfrs_r_proxy": 24,
        "nfl_proxy": 100 * (instability + 1 + 0 + 0 + 0 + 0 + 2 + 0),
        "overall_disability_percent": 100 * 25 / 52,
        "cognitive_score": 15 - 2 - 5 * instability,
        "motor_integrity_percent": 100 * 13 / 24,
        "excitotoxicity_load": 0.1 * (1 + 2 + 3 + 4 + 5 + 6),
    }
    by_layer = {"sparsity", "aggregate", "noise", "flare"}
    assert {key: record[key] for key in record.keys() - by_layer} == pytest.approx(expected)
    assert record["sparsity"]["fine_motor"] == 0.25
    assert record["aggregate"]["upper_motor"] == pytest.approx(0.4)
    assert record["noise"]["output"] == pytest.approx(0.7)
    assert record["flare"] == dict.fromkeys(SIZES, False)


def test_the_cognitive_score_stays_in_its_range():
    network = Network(SIZES, F64)
    network["prefrontal_limbic"].aggregate = 4.0
    assert readouts(network, 0.0, CONSTANTS)["cognitive_score"] == 0
    network["prefrontal_limbic"].aggregate = 0.0
    assert readouts(network, 0.0, CONSTANTS)["cognitive_score"] == 30


def pruned_are_zero(network):
    return all(
        not layer.weight[layer.weight_mask == 0].any()
        and not layer.bias[layer.bias_mask == 0].any()
        and set(layer.weight_mask.unique().tolist()) <= {0.0, 1.0}
        for _, layer in network.named()
    )


@pytest.mark.parametrize("exact", [True, False])
def test_what_is_pruned_stays_exactly_zero_through_every_step(healthy, exact):
    doses = {"ketamine": list(range(2, 12, 3)), "riluzole": list(range(12))}
    constants = {"flare_threshold": 0.3, "corruption_strength": 0.5}
    course = a_course(healthy, doses=doses, constants=constants, exact=exact)
    regrown = 0
    for t in range(12):
        effects = course.effects(t)
        course.flare(t)
        pruned = course.prune(t, effects)
        assert pruned_are_zero(course.network)
        course.corrupt(t, pruned)
        assert pruned_are_zero(course.network)
        course.corrupt_flaring(t)
        assert pruned_are_zero(course.network)
        course.clear(effects)
        before = sum(layer.alive for _, layer in course.network.named())
        course.regrow(t, effects)
        regrown += sum(layer.alive for _, layer in course.network.named()) - before
        assert pruned_are_zero(course.network)
        course.set_noise(t, effects)
        course.update_stress(course.retrain(t, effects))
        assert pruned_are_zero(course.network)
    assert regrown > 0
    assert any(layer.flare for _, layer in course.network.named())


@pytest.mark.parametrize("exact", [True, False])
def test_the_same_seed_gives_the_same_course_and_spares_the_healthy_network(healthy, exact):
    before = {key: value.clone() for key, value in healthy.network.state_dict().items()}
    doses = {"ketamine": [2, 5, 8]}
    runs = [
        simulate(healthy, TorchDraws(seed, F64), cycles=9, exact=exact, **settings(doses=doses))
        for seed in (7, 7, 8)
    ]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert [record["cycle"] for record in runs[0]] == list(range(9))
    assert runs[0][4]["month"] == 6.0
    after = healthy.network.state_dict()
    assert all(torch.equal(value, after[key]) for key, value in before.items())


def test_arms_are_the_same_until_their_first_dose(healthy):
    draws = Named()
    untreated = simulate(healthy, draws, cycles=6, **settings())
    treated = simulate(healthy, draws, cycles=6, **settings(doses={"ketamine": [3]}))
    assert treated[:3] == untreated[:3]
    assert treated[3]["total_sparsity_percent"] < untreated[3]["total_sparsity_percent"]
    fast = simulate(healthy, draws, cycles=6, exact=False, **settings())
    for one, other in zip(untreated, fast, strict=True):
        assert one["sparsity"] == other["sparsity"]
        assert one["nfl_proxy"] == pytest.approx(other["nfl_proxy"], rel=1e-9)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_each_mechanism_can_be_switched_off(healthy, mechanism):
    constants = {"flare_threshold": 0.1, "corruption_strength": 0.5}
    chosen = settings(constants=constants, doses={"ketamine": [1, 3]})
    on = simulate(healthy, Named(flare=[0.0]), cycles=5, **chosen)
    off = simulate(healthy, Named(flare=[0.0]), cycles=5, off=frozenset({mechanism}), **chosen)
    assert on != off
    last = off[-1]
    if mechanism == "flares":
        assert not any(last["flare"].values())
    if mechanism == "pruning":
        assert last["total_sparsity_percent"] == 0
        assert set(last["aggregate"].values()) == {0.0}
    if mechanism == "flare_corruption":
        assert any(last["flare"].values())
    if mechanism == "clearance":
        assert last["aggregate"]["upper_motor"] > on[-1]["aggregate"]["upper_motor"]
    if mechanism == "regrowth":
        assert last["total_sparsity_percent"] > on[-1]["total_sparsity_percent"]
    if mechanism == "excitotoxicity":
        assert last["excitotoxicity_load"] == 0


def test_without_retraining_weights_and_stress_stay(healthy):
    quiet = frozenset({"pruning", "retraining", "flares"})
    course = a_course(healthy, off=quiet)
    course.cycle(0)
    for name, layer in course.network.named():
        assert torch.equal(layer.weight, healthy.network[name].weight)
        assert not layer.stress.any()


def test_unknown_names_are_refused(healthy):
    with pytest.raises(ValueError) as error:
        a_course(healthy, off=frozenset({"prunning"}))
    assert str(error.value) == (
        "off: unknown 'prunning'; allowed: flares, pruning, corruption, flare_corruption, "
        "clearance, regrowth, excitotoxicity, retraining, stress"
    )
    with pytest.raises(ValueError) as error:
        a_course(healthy, doses={"ketamin": [1]})
    assert str(error.value) == "doses: unknown 'ketamin'; allowed: ketamine, riluzole"
