"""Sensitivity on a ground whose truth is known, and that nothing computed is lost."""

import json

import pandas as pd
import pytest
from sensitive_ground import SPACE, ground, setting, truth

from synaprune.calibration.search.evaluations import Evaluations
from synaprune.calibration.search.trial import Evaluation
from synaprune.calibration.sensitivity import analysis as sensitivity
from synaprune.calibration.sensitivity.analysis import (
    Extent,
    screen_counting,
    screen_networks,
    write_sensitivity,
)
from synaprune.calibration.sensitivity.curves import Plan, curves
from synaprune.calibration.sensitivity.ground import loss_by_readout
from synaprune.calibration.sensitivity.held import Held, curve
from synaprune.calibration.sensitivity.kept import Kept
from synaprune.calibration.sensitivity.known_ranges import TOO_FEW, UNSETTLED, _settled
from synaprune.engine.pool import chosen
from synaprune.errors import InputError


def quiet(note: str) -> None:
    del note


def never(*given, **named):
    raise AssertionError("computed again")


def evaluation(number: int, loss: float, corruption_sd: float) -> Evaluation:
    point = {"regrowth_share": 0.1, "pruning_slope": 0.1, "rates": 0.07}
    return Evaluation(
        number, "networks", point | {"corruption_sd": corruption_sd}, loss, "complete", "", ()
    )


@pytest.fixture
def folder(tmp_path):
    """A calibration whose trials with networks know little above 0.1."""
    trials = Evaluations(tmp_path, SPACE, ())
    trials.open()
    trials.keep(
        [
            evaluation(n, 0.2 + abs(sd - 0.07) * 60, sd)
            for n, sd in enumerate((0.055, 0.07, 0.08, 0.1, 0.19))
        ]
    )
    return tmp_path


def start(here):
    """Constants of the counted stage at the truth."""
    return {n: here.preset.constants[n] for n in ("regrowth_share", "pruning_slope")}


def loss_rows(table: pd.DataFrame) -> dict[str, dict]:
    return {r["name"]: r for r in table[table["output"] == "loss"].to_dict(orient="records")}


def test_the_truth_has_no_loss():
    here = ground()
    assert loss_by_readout(here.counted_fits(here.preset))["loss"] == 0.0
    other = loss_by_readout(here.counted_fits(here.preset, people=1))
    assert other["loss"] > 0.0
    assert set(other) == {"loss", "total_sparsity_percent", "weakness_score", "depression_score"}


def test_what_counts_is_told_from_what_does_not():
    table = screen_counting(ground(), 10, quiet)
    found = loss_rows(table)
    assert found["regrowth_share"]["above"]
    assert found["pruning_slope"]["above"]
    assert found["corruption_sd"]["mu_star"] == 0.0
    assert found["other_patients"]["mu_star"] > 0.0
    assert set(table["by"]) == {"counting"}


def test_a_constant_is_lowest_at_its_true_value(tmp_path):
    here = ground()
    held = curve(here, SPACE.by_name["regrowth_share"], start(here), 5, 6, Kept(tmp_path, {}))
    true = truth().constants["regrowth_share"]
    best = min(held, key=lambda h: h.loss)
    assert best.value == true
    assert best.loss < 0.01
    assert len(held) == 6
    assert [h.value for h in held] == sorted(h.value for h in held)
    assert min(h.loss for h in held if h.value != true) > 0.05


def test_fitting_the_rest_again_never_makes_it_worse(tmp_path):
    here = ground()
    parameter = SPACE.by_name["pruning_slope"]
    only_rates, searched = (
        curve(here, parameter, start(here), 3, effort, Kept(tmp_path, {"effort": effort}))
        for effort in (0, 8)
    )
    for alone, together in zip(only_rates, searched, strict=True):
        assert together.loss <= alone.loss + 1e-12


def test_the_second_pass_starts_from_the_best_that_any_curve_met(tmp_path, monkeypatch):
    begun, better = [], {"regrowth_share": 0.2, "pruning_slope": 0.1}

    def follow(ground, parameter, base, values, effort, kept):
        begun.append((parameter.name, dict(base)))
        first = {"regrowth_share": 0.9, "pruning_slope": 0.5}[parameter.name]
        loss = 0.1 if base == better else first
        return [Held(0.1, loss, better), Held(0.2, 2 * loss, better)]

    monkeypatch.setattr("synaprune.calibration.sensitivity.curves.curve", follow)
    monkeypatch.setattr(
        "synaprune.calibration.sensitivity.curves.fitted", lambda *given: (1.0, {"a": 1.0})
    )
    found = curves(ground(), Plan(2, 0), tmp_path, quiet)
    assert [base for _, base in begun] == [{"a": 1.0}] * 2 + [better] * 2
    assert [h.loss for h in found["regrowth_share"]] == [0.1, 0.2]
    assert [h.value for h in found["pruning_slope"]] == [0.1, 0.2]


def test_processes_change_nothing(tmp_path):
    here = ground()
    alone, together = (
        curves(here, Plan(2, 0, workers), tmp_path / str(workers), quiet) for workers in (1, 2)
    )
    assert alone == together


def test_a_curve_above_the_best_of_all_is_not_settled():
    row = {"loss": 0.5, "allowed": 0.1, "verdict": "identified"}
    assert _settled(row, lowest=0.3)["verdict"] == UNSETTLED
    assert _settled(row, lowest=0.45)["verdict"] == "identified"


def test_what_was_computed_is_not_computed_again(folder, monkeypatch):
    here, extent = ground(), Extent(4, 0, 0, Plan(3, 2))
    write_sensitivity(folder, here, extent=extent)
    first = {p.name: p.read_bytes() for p in (folder / "tables").iterdir()}
    monkeypatch.setattr("synaprune.calibration.sensitivity.held.lowest", never)
    write_sensitivity(folder, here, extent=extent)
    assert first == {p.name: p.read_bytes() for p in (folder / "tables").iterdir()}


def test_the_tables_say_what_is_known(folder):
    told = []
    write_sensitivity(folder, ground(), extent=Extent(4, 0, 0, Plan(5, 2)), tell=told.append)
    ranges = pd.read_csv(folder / "tables" / "ranges.csv").set_index("name")
    assert list(ranges.index) == ["regrowth_share", "pruning_slope", "corruption_sd"]
    assert ranges.loc["regrowth_share", "verdict"] == "identified"
    assert ranges.loc["regrowth_share", "method"] == "search"
    row = ranges.loc["corruption_sd"]
    assert (row["method"], row["verdict"], row["trials"]) == ("trials", "identified", 5)
    assert row["best"] == 0.07
    assert row["low"] < 0.07 < row["high"] < 0.1
    # Two of eighteen targets of the same weight.
    assert row["allowed"] == pytest.approx(2 / 18, rel=1e-5)
    points = pd.read_csv(folder / "tables" / "range_points.csv")
    assert list(points.columns) == ["name", "method", "value", "loss", "trials"]
    record = json.loads((folder / "tables" / "sensitivity.json").read_text())
    assert record["sampler"] == "SALib.sample.morris"
    assert (record["seed"], record["patients_counted"]) == (3, setting().counted_patients)
    assert any("regrowth_share: lowest" in line for line in told)


def test_too_few_trials_are_said_to_be(tmp_path):
    trials = Evaluations(tmp_path, SPACE, ())
    trials.open()
    trials.keep([evaluation(0, 0.2, 0.07)])
    write_sensitivity(tmp_path, ground(), extent=Extent(2, 0, 0, Plan(3, 0)))
    ranges = pd.read_csv(tmp_path / "tables" / "ranges.csv").set_index("name")
    assert ranges.loc["corruption_sd", "verdict"] == TOO_FEW


def test_networks_are_screened_and_kept(tmp_path, monkeypatch):
    here = ground()
    with chosen(1, None, 1) as pool:
        table = screen_networks(tmp_path, here, 2, pool, quiet)
        monkeypatch.setattr(sensitivity, "evaluate", never)
        again = screen_networks(tmp_path, here, 2, pool, quiet)
    pd.testing.assert_frame_equal(table, again)
    found = loss_rows(table)
    assert set(found) == {"corruption_sd", "other_patients"}
    # Only counted targets: the spread of corrupted weights cannot move them, other patients do.
    assert found["corruption_sd"]["mu_star"] == 0.0
    assert found["other_patients"]["mu_star"] > 0.0


def test_mistakes_are_one_line(folder, tmp_path):
    with pytest.raises(InputError) as told:
        write_sensitivity(folder, ground(), extent=Extent(2, 2, 0, Plan(3, 0)))
    assert str(told.value) == "sensitivity: networks need a pool"
    (kept,) = [Kept(tmp_path / "kept", {})]
    kept.get(0, lambda: 1.5)
    (path,) = (tmp_path / "kept").iterdir()
    path.write_text("{")
    with pytest.raises(InputError) as told:
        kept.get(0, lambda: 1.5)
    assert str(told.value) == f"{path}: damaged; remove it to compute it again"


def test_another_question_finds_nothing_of_this_one(tmp_path):
    assert Kept(tmp_path, {"seed": 1}).get(0, lambda: [1.0]) == [1.0]
    assert Kept(tmp_path, {"seed": 2}).get(0, lambda: [2.0]) == [2.0]
    assert Kept(tmp_path, {"seed": 1}).get(0, lambda: [3.0]) == [1.0]
