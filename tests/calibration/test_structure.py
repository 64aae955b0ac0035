"""Structures: losses by hand, resampling that is paired, and the simplest of those as good."""

import numpy as np
import pytest

from synaprune.calibration.findings.structure import Alternative, compare_structures
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError


def target(low: float, weight: float = 1.0, when: str = "final") -> Target:
    return Target(f"t{low}{when}", "mdd", "untreated", "", "nfl_proxy", when, low, low, 2.0, weight,
                  "here")  # fmt: skip


def alternative(
    name: str, ends, parameters: int = 3, targets: int = 1, **forms: str
) -> Alternative:
    """Every target reads the same number of a patient."""
    return Alternative(name, parameters, np.tile(np.asarray(ends, float), (targets, 1)), forms)


def test_a_loss_by_hand():
    table = compare_structures(
        [alternative("one", [8.0, 12.0, 99.0], targets=2)],
        [target(10.0), target(14.0, 3.0)],
        seed=1,
    )
    (row,) = table.to_dict(orient="records")
    # The median 12 lies one tolerance from both: log2(1 + 1) = 1.
    assert row["loss"] == pytest.approx(1.0)
    assert (row["within"], row["targets"], row["patients"]) == (2, 2, 3)
    assert (row["worse_by"], row["worse_lower"], row["worse_upper"]) == (0.0, 0.0, 0.0)
    assert row["as_good"]
    assert row["simplest"]


def test_the_best_stands_first_and_worse_is_said_with_its_interval():
    rng = np.random.default_rng(2)
    people = rng.normal(0, 1, 40)
    table = compare_structures(
        [alternative("off by three", 16 + people), alternative("right", 10 + people)],
        [target(10.0)], seed=1,
    )  # fmt: skip
    assert table["name"].tolist() == ["right", "off by three"]
    worse = table.iloc[1]
    assert not worse["as_good"]
    assert 0 < worse["worse_lower"] < worse["worse_by"] < worse["worse_upper"]


def test_patients_are_resampled_together():
    # Both move with the patients by far more than they differ; only pairs show the difference.
    people = np.random.default_rng(3).normal(0, 4, 30)
    table = compare_structures(
        [alternative("near", 12 + people), alternative("far", 13 + people)], [target(0.0)], seed=1
    )
    near, far = table.to_dict(orient="records")
    assert (near["name"], far["name"]) == ("near", "far")
    assert near["upper"] > far["lower"]
    assert far["worse_lower"] > 0


def test_of_those_as_good_the_one_with_fewest_parameters_is_simplest():
    people = np.random.default_rng(4).normal(10, 3, 12)
    jitter = np.where(np.arange(12) % 2, 0.05, -0.05)
    table = compare_structures(
        [
            alternative("rich", people, parameters=9),
            alternative("plain", people + jitter, parameters=2, corruption="spread"),
            alternative("plain text", people - jitter, parameters=2),
            alternative("poor", people + 30, parameters=1),
        ],
        [target(9.0)], seed=1,
    )  # fmt: skip
    found = {row["name"]: row for row in table.to_dict(orient="records")}
    assert [name for name, row in found.items() if row["simplest"]] == ["plain text"]
    assert not found["poor"]["as_good"]
    assert found["plain"]["forms"] == "corruption=spread"
    assert found["plain text"]["forms"] == "text"
    assert found["plain"]["departures"] == 1


def test_the_seed_decides_the_intervals():
    people = np.random.default_rng(5).normal(5, 3, 60)
    ones = [alternative("a", people), alternative("b", people**2)]
    first, again, other = (
        compare_structures(ones, [target(3.0)], seed=seed)["upper"].tolist() for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_mistakes_are_one_line():
    with pytest.raises(InputError) as told:
        compare_structures([], [target(1.0)], seed=1)
    assert str(told.value) == "structures: no alternative to compare"
    with pytest.raises(InputError) as told:
        compare_structures([alternative("a", [1, 2])] * 2, [target(1.0)], seed=1)
    assert str(told.value) == "structures: a stands twice"
    with pytest.raises(InputError) as told:
        compare_structures(
            [alternative("a", [1, 2]), alternative("b", [1, 2, 3])], [target(1.0)], seed=1
        )
    assert str(told.value) == "structures: numbers of patients differ (got [2, 3])"
