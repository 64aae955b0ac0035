"""Counting without networks gives the published network's connections, every one of them."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from synaprune.model.circuit import LAYERS, Circuit
from synaprune.model.counting import People, count
from synaprune.model.treatment import course
from synaprune.study import library, paper_study

CIRCUIT = Circuit.of_sizes()
SIZES = np.array([layer.connections for layer in CIRCUIT])
STUDY = paper_study(patients=1, seed=42).resolve()


@pytest.fixture(scope="module")
def published():
    """The published network as the reference repeats it: one row a scenario and cycle."""
    with files("synaprune.paper").joinpath("data", "published_network.parquet").open("rb") as file:
        frame = pd.read_parquet(file)
    return {
        key: rows.sort_values("cycle")
        for key, rows in frame.groupby(["profile", "arm"], observed=True)
    }


def layers(rows, quantity):
    return rows[[f"{quantity}/{layer}" for layer in LAYERS]].to_numpy()


def flare_chances(alive, threshold):
    """The notebook draws for layers above the threshold alone, cycle by cycle in layer order."""
    before = 1.0 - np.vstack([SIZES, alive[:-1]]) / SIZES
    chances = np.ones(alive.shape)
    above = before > threshold
    chances[above] = np.random.RandomState(42).uniform(size=above.sum())
    return chances[None]


@pytest.mark.parametrize("profile", library.profiles())
def test_published_network(published, profile):
    factors = np.random.RandomState(42 + 1000).uniform(0.85, 1.15, (1, 8))
    constants, disease = STUDY.constants_of(profile), STUDY.profiles[profile]
    for arm, doses in STUDY.arms.items():
        rows = published[profile, arm]
        alive = np.rint((1 - layers(rows, "sparsity_percent") / 100) * SIZES)
        effects = course(doses, STUDY.drugs, STUDY.cycles, constants.drug_level_floor)
        counts = count(
            np.array([disease.base_rate[layer] for layer in LAYERS]),
            disease.clearance,
            [effects],
            People(factors, flare_chances(alive, constants.flare_threshold)),
            CIRCUIT,
            constants,
            STUDY.mechanisms,
        )
        np.testing.assert_array_equal(counts.alive[0, 0], alive)
        np.testing.assert_array_equal(counts.aggregate[0, 0], layers(rows, "aggregate"))
        np.testing.assert_array_equal(counts.flare[0, 0], layers(rows, "flare"))
