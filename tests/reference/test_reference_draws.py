"""Draws of the reference: torch's own defaults, patients that can be followed again, names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from reference_cases import SetStreams, small

from synaprune.reference import NamedDraws, PublishedDraws, follow, pretrain, run


def test_the_published_network_begins_as_torch_and_numpy_seeded_globally_would():
    draws = PublishedDraws(7)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        layers = [torch.nn.Linear(6, 5), torch.nn.Linear(5, 3)]
        for layer, shape in zip(layers, [(5, 6), (3, 5)], strict=True):
            weight, bias = draws.linear("any", shape)
            assert torch.equal(weight, layer.weight.data)
            assert torch.equal(bias, layer.bias.data)
        torch.manual_seed(7)
        first = torch.randn(20, 2) * 0.5 + torch.tensor([-1.0, -1.0])
    task = draws.task(small().constants)
    assert [len(task.train_labels), len(task.test_labels)] == [64, 16]
    points = torch.cat([task.train_points, task.test_points])
    labels = torch.cat([task.train_labels, task.test_labels])
    assert sorted(points[labels == 0].tolist()) == sorted(first.tolist())
    factors = np.random.RandomState(1007).uniform(0.85, 1.15, 8)
    assert list(draws.factors(0.15).values()) == factors.tolist()


@pytest.mark.parametrize("draws", [PublishedDraws(3), NamedDraws(SetStreams())])
def test_a_patient_can_be_followed_again_and_another_profile_changes_nothing_of_it(draws):
    treated = small(arm="ketamine_maintenance")
    healthy = pretrain(treated, draws)
    first = follow(treated, healthy)
    follow(small(), healthy)
    again = follow(treated, healthy)
    for name, values in first.columns().items():
        assert np.array_equal(values, again.columns()[name]), name


def test_arms_are_one_until_their_doses_differ():
    courses = [
        run(small(arm=arm), NamedDraws(SetStreams()))
        for arm in ("untreated", "ketamine_maintenance")
    ]
    nfl = [course.readouts["nfl_proxy"] for course in courses]
    assert np.array_equal(nfl[0][:3], nfl[1][:3])
    assert nfl[0][3] != nfl[1][3]


def test_the_healthy_network_is_the_first_row():
    course = run(small(), PublishedDraws(3))
    columns = course.columns()
    assert {len(values) for values in columns.values()} == {31}
    first = {name: values[0] for name, values in columns.items()}
    assert (first["cycle"], first["month"], first["flare"], first["drug_level"]) == (-1, 0, 0, 0)
    assert (first["nfl_proxy"], first["cognitive_score"]) == (0.0, 30.0)
    assert first["motor_integrity_percent"] == 100
    assert columns["month"][-1] == 29 * 1.5


def test_a_circuit_without_disease_stays_whole():
    healthy = small("control", flare_probability=0.0, pruning_slope=0.0)
    spared = replace(healthy, base_rate=dict.fromkeys(healthy.base_rate, 0.0))
    course = run(spared, PublishedDraws(3))
    assert not course.readouts["total_sparsity_percent"].any()
    assert not course.layers["aggregate"].any()


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_first_cycle_prunes_alike_in_every_precision(dtype):
    course, usual = (run(small("mdd"), PublishedDraws(3, kind)) for kind in (dtype, torch.float32))
    sparsity = [every.layers["sparsity_percent"][0] for every in (course, usual)]
    assert np.array_equal(*sparsity)
    assert np.isfinite(course.readouts["nfl_proxy"]).all()
