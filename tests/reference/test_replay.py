"""The published network, run again: against the package's own data and against printed numbers."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from synaprune.engine.reference import replay
from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper.printed import (
    COURSE_COLUMNS,
    FINAL,
    FINAL_COLUMNS,
    compare_printed,
    guided_alone,
    read_printed,
    replayed,
)
from synaprune.paper.scenarios import PROFILES, TREATMENTS

#: Readouts that follow from weights, not from counts.
NETWORK = ("accuracy_percent", "alsfrs_r_proxy", "nfl_proxy", "cognitive_score")

#: What another processor may change where no choice is guided: one test point of 400, its proxy,
#: and the last bits of the weights (measured without AVX-512: 0, 0, 7e-6 and 2e-7).
TOLERANCE = {"accuracy_percent": 0.251, "alsfrs_r_proxy": 0.121, "nfl_proxy": 1e-3,
             "cognitive_score": 1e-4}  # fmt: skip

QUICK = (
    ("als_mdd", "untreated"),
    ("als_standard", "ketamine_maintenance"),
    ("mdd", "ketamine_every_5"),
)
#: All 42 take four minutes: SYNAPRUNE_ALL_REPLAYS=1 asks for them.
SCENARIOS = (
    [(profile, treatment) for profile in PROFILES for treatment in TREATMENTS]
    if os.environ.get("SYNAPRUNE_ALL_REPLAYS")
    else list(QUICK)
)


@cache
def columns(profile, treatment):
    ((_, _, course),) = replay([(profile, treatment)])
    return course.columns()


@cache
def shipped():
    with files("synaprune.paper").joinpath("data", "published_network.parquet").open("rb") as file:
        return pq.read_table(file)


def rows_of(profile, treatment):
    frame = shipped().to_pandas()
    return frame[(frame["profile"] == profile) & (frame["arm"] == treatment)]


@cache
def rounds_alike():
    """Whether this processor's products round as those that made the data: AVX-512 ones do.

    An untreated course shows it; a guided choice then has no rounding to amplify.
    """
    mine, rows = columns("als_mdd", "untreated"), rows_of("als_mdd", "untreated")
    return all(np.array_equal(mine[name][1:], rows[name]) for name in NETWORK)


def test_the_package_data_hold_every_scenario_once():
    frame = shipped().to_pandas()
    assert len(frame) == 42 * 30
    assert not frame.duplicated(["profile", "arm", "cycle"]).any()
    assert set(READOUT_NAMES) <= set(frame)
    assert not frame.isna().any(axis=None)
    assert (frame["pretrain_accuracy_percent"].round(1) == 95.7).all()


@pytest.mark.parametrize(("profile", "treatment"), SCENARIOS)
def test_a_replay_gives_the_package_data(profile, treatment):
    mine, rows = columns(profile, treatment), rows_of(profile, treatment)
    for name in set(mine) & set(rows) - set(NETWORK):
        assert np.array_equal(mine[name][1:], rows[name]), name
    for name in NETWORK:
        apart = np.abs(mine[name][1:] - rows[name].to_numpy())
        if rounds_alike():
            assert not apart.any(), name
        elif treatment == "untreated":
            assert apart.max() <= TOLERANCE[name], name


@pytest.mark.parametrize(("profile", "treatment"), SCENARIOS)
def test_a_replay_prints_the_published_digits(profile, treatment):
    folder = os.environ.get("SYNAPRUNE_PUBLISHED")
    if folder is None:
        pytest.skip("SYNAPRUNE_PUBLISHED names no folder with the printed numbers")
    scenario = [(profile, treatment)]
    here = replayed({(profile, treatment): columns(profile, treatment)})
    digits = compare_printed(read_printed(Path(folder), scenario), here)
    counted = digits if rounds_alike() else digits[digits["structural"]]
    wrong = counted[~counted["equal"]]
    assert wrong.empty, wrong.to_string()
    assert len(digits) in (11, 31 * 19 + 11)


def test_a_digit_that_differs_is_found():
    printed, here, other = (
        replayed({QUICK[0]: made_up(value)}) for value in (95.7, 95.749, 95.751)
    )
    assert compare_printed(printed, here)["equal"].all()
    wrong = compare_printed(printed, other).query("not equal")
    assert wrong["cycle"].tolist() == [-1, 0, FINAL]
    assert set(wrong["column"]) == {"accuracy_percent"}


@pytest.mark.parametrize(
    ("wrong", "alone"),
    [
        ((), False),
        (("ketamine_early",), True),
        (("untreated", "ketamine_early"), False),
        (("riluzole_early",), False),
    ],
)
def test_rounding_that_a_guided_choice_amplifies_is_told_from_other_differences(wrong, alone):
    here = replayed({("mdd", treatment): made_up(50.0) for treatment in TREATMENTS})
    other = replayed(
        {("mdd", name): made_up(51.0 if name in wrong else 50.0) for name in TREATMENTS}
    )
    assert guided_alone(compare_printed(other, here)) is alone


def made_up(accuracy):
    """Columns of a course of one cycle."""
    sources = {
        column.source for table in (COURSE_COLUMNS, FINAL_COLUMNS) for column in table.values()
    }
    nothing = {name: np.zeros(2) for name in sources}
    return nothing | {"cycle": np.array([-1, 0]), "accuracy_percent": np.full(2, accuracy)}
