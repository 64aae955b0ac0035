"""Bands, ranks and shares: by hand, and against the slow and plain way."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from paper_cohort import Cohort

from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper.evidence import Evidence
from synaprune.paper.published import published_table3
from synaprune.paper.published_network import published_evidence, published_network
from synaprune.paper.ranks import (
    REPEATING,
    TIE,
    inside_others,
    mid_rank,
    outside_bands,
    rank_numbers,
    rank_table,
)
from synaprune.paper.scenarios import SCENARIOS

COLUMNS = [
    "profile", "treatment", "cycle", "column", "published", "median", "lower_50", "upper_50",
    "lower_95", "upper_95", "rank", "inside_95", "n",
]  # fmt: skip

#: A readout and the layer that it is read from, so that a cohort stays consistent.
READOUT, LAYER = "weakness_score", "lower_motor"


@pytest.mark.parametrize(
    ("number", "rank"),
    [(0, 0), (1, 1 / 8), (1.5, 0.25), (2, 0.5), (4, 0.75), (5, 7 / 8), (6, 1)],
)
def test_mid_rank_by_hand(number, rank):
    assert mid_rank(np.array([1.0, 2.0, 2.0, 5.0]), number) == rank


def test_numbers_that_differ_by_rounding_are_ties():
    accuracy = np.array([95.75, 95.75, 96.0])
    network = 100 * float(np.float32(0.9575))
    assert network != 95.75
    assert mid_rank(accuracy, network) == 1 / 3
    assert mid_rank(accuracy, 95.75 - 2 * TIE) == 0


@given(arrays(np.float64, (7, 3), elements=st.integers(-3, 3)), st.integers(1, 7))
def test_leaving_one_out_is_what_it_says(values, people):
    for patient, row in enumerate(inside_others(values, people)):
        others = np.delete(values, patient, axis=0)
        low, high = np.quantile(others, (0.025, 0.975), axis=0)
        mine = values[patient]
        assert row.tolist() == ((low - TIE <= mine) & (mine <= high + TIE)).tolist()


def test_leaving_one_of_two_out():
    assert inside_others(np.array([[1.0, 2.0], [1.0, 3.0]]), 2).tolist() == [[True, False]] * 2


def exchangeable(n: int, spread: float = 1.0, seed: int = 5) -> Cohort:
    """Patients around the published network, each with one shift in all scenarios and columns."""
    readouts, layers, patients = published_network()
    shifts = spread * np.random.default_rng(seed).normal(size=n)
    moved = [
        (
            readouts.assign(patient=i, **{name: readouts[name] + by for name in READOUT_NAMES}),
            layers.assign(patient=i, sparsity_percent=layers.sparsity_percent + by),
            patients.assign(patient=i),
        )
        for i, by in enumerate(shifts)
    ]
    return Cohort(*(pd.concat(frames, ignore_index=True) for frames in zip(*moved, strict=True)))


@pytest.fixture(scope="module")
def cohort():
    return exchangeable(20)


@pytest.fixture(scope="module")
def ranked(cohort):
    return rank_numbers(Evidence.of_frames(*cohort.frames()))


def test_every_number_of_the_published_network_has_its_bands_and_rank(ranked, cohort):
    numbers, _ = ranked
    assert list(numbers.columns) == COLUMNS
    assert len(numbers) == 42 * 30 * 23
    assert not numbers.duplicated(["profile", "treatment", "cycle", "column"]).any()
    row = numbers.set_index(["profile", "treatment", "column", "cycle"]).loc[
        ("mdd", "ketamine_late", READOUT, 17)
    ]
    frame = cohort.readouts
    here = frame[(frame.profile == "mdd") & (frame.arm == "ketamine_late") & (frame.cycle == 17)]
    expected = here[READOUT].quantile([0.5, 0.25, 0.75, 0.025, 0.975])
    found = row[["median", "lower_50", "upper_50", "lower_95", "upper_95"]]
    assert found.tolist() == pytest.approx(expected.tolist())
    assert row["rank"] == (here[READOUT] < row.published).mean()
    assert row.n == 20


def test_layers_stand_under_their_own_name(ranked):
    numbers, shares = ranked
    layer, score = (
        numbers[numbers.column == name].set_index(["profile", "treatment", "cycle"])
        for name in (LAYER, READOUT)
    )
    assert np.allclose(layer.published, 25 * score.published)
    assert shares.column.tolist()[:2] == ["all", "accuracy_percent"]
    assert len(shares) == 24


def test_one_patient_lies_inside_or_outside_with_everything(ranked):
    """Patients that are moved as a whole: each share is 0 or 1, and the published network's 1."""
    numbers, shares = ranked
    overall = shares.iloc[0]
    assert numbers.inside_95.all()
    assert (overall.numbers, overall.share_inside, overall.patients) == (28_980, 1, 20)
    assert overall.lower < 0.5 < overall.upper == 1
    assert shares.in_range.all()
    assert outside_bands(numbers).empty


def test_the_range_covers_a_patient_like_the_others():
    """Exchangeable patients with independent numbers: the share of one lies in the range."""
    rng = np.random.default_rng(1)
    outside = 0
    for _ in range(40):
        values = rng.normal(size=(31, 400)) + rng.normal(size=(31, 1))
        network, others = values[0], values[1:]
        low, high = np.quantile(others, (0.025, 0.975), axis=0)
        share = np.mean((low <= network) & (network <= high))
        lower, upper = np.quantile(inside_others(others, 30).mean(axis=1), (0.025, 0.975))
        outside += not lower <= share <= upper
    # At most 5 of 40 with probability above 0.95 if each misses with the stated 5 to 6 %.
    assert outside <= 5


def test_a_planted_outlier_lies_outside(cohort):
    far = exchangeable(20)
    far.readouts = far.readouts.assign(**{READOUT: cohort.readouts[READOUT] + 10})
    numbers, shares = rank_numbers(Evidence.of_frames(*far.frames()))
    row = shares.set_index("column").loc[READOUT]
    assert row.share_inside == 0
    mine = numbers[numbers.column == READOUT]
    assert (mine["rank"] == 0).all()
    assert not mine.inside_95.any()
    listed = outside_bands(numbers)
    assert set(listed.column) == {READOUT}
    assert listed[["count", "cycles", "lowest_rank"]].drop_duplicates().values.tolist() == [
        [30, "0-29", 0.0]
    ]


def test_cycles_outside_are_drawn_together_and_repeating_columns_left_out():
    rows = [("control", "untreated", name, cycle, cycle not in (3, 4, 5, 9), 0.01 * cycle)
            for name in ("nfl_proxy", *sorted(REPEATING)) for cycle in range(30)]  # fmt: skip
    names = ["profile", "treatment", "column", "cycle", "inside_95", "rank"]
    (row,) = outside_bands(pd.DataFrame(rows, columns=names)).to_dict("records")
    assert row == {
        "profile": "control", "treatment": "untreated", "column": "nfl_proxy", "count": 4,
        "cycles": "3-5 9", "lowest_rank": 0.03, "highest_rank": 0.09,
    }  # fmt: skip


def test_one_patient_has_no_range():
    numbers, shares = rank_numbers(published_evidence())
    assert numbers.inside_95.all()
    assert (numbers["rank"] == 0.5).all()
    assert shares.lower.isna().all()
    assert shares.in_range.isna().all()
    assert (shares.patients == 0).all()


def test_only_what_the_run_has_is_ranked(cohort):
    few = Cohort(*cohort.frames())
    lacking = (few.readouts.profile == "control") & (few.readouts.arm == "ketamine_late")
    few.readouts = few.readouts[~lacking]
    few.layers = few.layers[few.layers.layer != "output"]
    numbers, shares = rank_numbers(Evidence.of_frames(*few.frames()))
    assert numbers.groupby(["profile", "treatment"]).ngroups == len(SCENARIOS) - 1
    assert "output" not in set(shares.column)
    assert shares.numbers[0] == 41 * 30 * 22


def test_a_printed_number_stands_for_all_that_round_to_it():
    printed = published_table3()
    table = rank_table(published_evidence(), printed)
    assert table.inside_95.all()
    assert (table["rank"] == 0.5).all()
    moved = rank_table(published_evidence(), printed.assign(published=printed.published + 0.2))
    assert not moved.inside_95.any()
    assert (moved["rank"] == 1).all()
