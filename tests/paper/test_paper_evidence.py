"""What is refused at the door, word for word, and how courses are arranged."""

import numpy as np
import pytest
from paper_cohort import FLARE_CYCLES, cohort

from synaprune.errors import InputError
from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper.evidence import Evidence


@pytest.fixture
def run():
    return cohort(2)


def refused(run) -> str:
    with pytest.raises(InputError) as caught:
        Evidence.of_frames(*run.frames())
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_arrangement_does_not_depend_on_row_order(run):
    first = Evidence.of_frames(*run.frames())
    shuffled = [frame.sample(frac=1, random_state=1) for frame in run.frames()]
    second = Evidence.of_frames(*shuffled)
    for readout in READOUT_NAMES:
        expected = first.course("als_bulbar", "untreated", readout)
        np.testing.assert_array_equal(second.course("als_bulbar", "untreated", readout), expected)
    np.testing.assert_array_equal(first.pretraining, second.pretraining)


def test_selection(run):
    evidence = Evidence.of_frames(*run.frames())
    assert evidence.n == 2
    assert evidence.course("mdd", "untreated", "nfl_proxy").shape == (2, 30)
    assert evidence.final("control", "untreated", "accuracy_percent") == pytest.approx(
        [95.175, 95.225]
    )
    flares = evidence.flares("als_standard", "untreated")
    assert np.flatnonzero(flares[0]).tolist() == list(FLARE_CYCLES)
    bulbar = evidence.course("als_bulbar", "untreated", "bulbar_score") * 25
    assert evidence.sparsity("als_bulbar", "untreated", "bulbar") == pytest.approx(bulbar)


def test_categorical_names_and_other_arms_are_fine(run):
    other = run.readouts[run.readouts.arm == "untreated"].assign(arm="something_else")
    run.readouts = run.readouts.astype({"profile": "category", "arm": "category"})
    Evidence.of_frames(*run.frames())
    run.readouts = run.readouts.astype({"profile": "str", "arm": "str"})
    run.readouts = type(run.readouts)(
        {name: [*run.readouts[name], *other[name]] for name in run.readouts}
    )
    assert Evidence.of_frames(*run.frames()).n == 2


def test_patients_may_be_listed_by_profile(run):
    run.patients = run.patients.merge(
        type(run.patients)({"profile": ["mdd", "control"]}), how="cross"
    )
    assert Evidence.of_frames(*run.frames()).pretraining.tolist() == [95.5, 95.6]


def test_missing_scenario(run):
    run.readouts = run.readouts[
        ~((run.readouts.profile == "als_limb") & (run.readouts.arm == "ketamine_maintenance"))
    ]
    assert refused(run) == (
        "readouts: no run of profile als_limb with arm ketamine_maintenance; "
        "the comparison with the paper needs 31 scenarios"
    )


def test_missing_scenarios_are_counted(run):
    run.readouts = run.readouts[run.readouts.profile != "als_mdd"]
    assert refused(run) == (
        "readouts: no run of profile als_mdd with arm untreated and 6 more; "
        "the comparison with the paper needs 31 scenarios"
    )


def test_empty_run(run):
    run.readouts = run.readouts[:0]
    assert refused(run).startswith("readouts: no run of profile als_standard with arm untreated")


def test_missing_layer_scenario(run):
    run.layers = run.layers[run.layers.profile != "als_bulbar"]
    assert refused(run) == (
        "layers: no run of profile als_bulbar with arm untreated; "
        "the comparison with the paper needs 2 scenarios"
    )


def test_missing_layer(run):
    run.layers = run.layers[run.layers.layer != "respiratory"]
    assert refused(run) == "layers of als_standard, untreated: no layer respiratory"


def test_missing_column(run):
    run.patients = run.patients.rename(columns={"pretrain_accuracy_percent": "accuracy"})
    assert refused(run) == (
        "patients: no column pretrain_accuracy_percent; its columns: patient, accuracy"
    )
    run.readouts = run.readouts.drop(columns="nfl_proxy")
    assert refused(run).startswith("readouts: no column nfl_proxy; its columns: profile, arm, ")


def test_not_finite(run):
    row = run.readouts.index[5]
    run.readouts.loc[row, "nfl_proxy"] = float("nan")
    assert refused(run) == (
        "readouts: nfl_proxy must be a finite number (got nan) at "
        "profile als_standard, arm untreated, patient 0, cycle 5"
    )
    run.readouts.loc[row, "nfl_proxy"] = float("inf")
    assert "(got inf)" in refused(run)


def test_missing_key(run):
    run.layers = run.layers.astype({"patient": "Int64"})
    run.layers.loc[7, "patient"] = None
    assert refused(run) == "layers: patient must not be missing (row 7)"


@pytest.mark.parametrize(
    ("frame", "column", "kind", "dtype", "message"),
    [
        ("readouts", "cycle", float, "float64", "whole numbers"),
        ("readouts", "nfl_proxy", bool, "bool", "numbers"),
        ("readouts", "nfl_proxy", object, "object", "numbers"),
        ("layers", "flare", int, "int64", "booleans"),
        ("patients", "patient", bool, "bool", "whole numbers"),
    ],
)
def test_nothing_is_cast(run, frame, column, kind, dtype, message):
    setattr(run, frame, getattr(run, frame).astype({column: kind}))
    assert refused(run) == f"{frame}: {column} must hold {message} (got {dtype})"


def test_missing_cycle(run):
    rows = run.readouts
    run.readouts = rows[~((rows.profile == "mdd") & (rows.patient == 1) & (rows.cycle == 29))]
    assert refused(run) == (
        "readouts of mdd, untreated: patient 1 has no cycle 29; "
        "the comparison needs every patient once at every cycle from 0 to 29"
    )


def test_longer_runs_are_refused(run):
    rows = run.readouts
    extra = rows[(rows.profile == "control") & (rows.cycle == 29)].assign(cycle=30)
    run.readouts = type(rows)({name: [*rows[name], *extra[name]] for name in rows})
    assert refused(run).startswith(
        "readouts of control, untreated: patient 0, cycle 30 has no counterpart elsewhere; "
    )


def test_twice(run):
    rows = run.readouts
    run.readouts = type(rows)({name: [*rows[name], rows[name].iloc[3]] for name in rows})
    assert refused(run).startswith(
        "readouts of als_standard, untreated: patient 0, cycle 3 appears more than once; "
    )


def test_patients_must_cover_the_run(run):
    run.patients = run.patients[run.patients.patient == 0]
    assert refused(run) == "patients: no row for patient 1, who is in readouts"


def test_patients_must_agree(run):
    run.patients = run.patients.assign(patient=0)
    assert refused(run) == "patients: patient 0 has more than one pretrain_accuracy_percent"
