"""Targets: the paper's own, a user's file, and every mistake in one line."""

import re
from math import inf

import numpy as np
import pytest

from synaprune.calibration.counts.counting import counted_alone
from synaprune.calibration.targets.loading import load_targets, paper_targets, parse_targets
from synaprune.calibration.targets.observed import fit, observable, observe, residual
from synaprune.calibration.targets.readable import LAYER_SPARSITY
from synaprune.calibration.targets.target import Target
from synaprune.calibration.targets.when import parse_when
from synaprune.errors import InputError
from synaprune.paper.claim import catalogue
from synaprune.paper.published import published_value
from synaprune.paper.scenarios import REQUIRED, Scenario
from synaprune.paper.tolerance import tolerance

COURSE = np.array([[9.0, 1.0, 3.0, 5.0], [95.0, 92.0, 80.0, 91.0]])

READ = {
    "final": [5.0, 91.0],
    "cycle 1": [1.0, 92.0],
    "mean 1-3": [3.0, 263 / 3],
    "lowest 0-2": [1.0, 80.0],
    "highest 1-3": [5.0, 92.0],
    "slope 1-3": [2.0, -0.5],
    "cycles above 90": [0.0, 3.0],
    "cycles above 91": [0.0, 2.0],
    "first above 4.5": [0.0, 0.0],
    "first above 9": [4.0, 0.0],
    "first above 95": [4.0, 4.0],
}


@pytest.mark.parametrize("words", READ)
def test_moments_read_what_they_say(words: str) -> None:
    assert parse_when(words).read(COURSE).tolist() == pytest.approx(READ[words])


@pytest.mark.parametrize("words", ["", "finally", "cycle -1", "mean 3", "mean 4-3", "slope 3-3",
                                   "cycles above", "first above 9O", "lowest 0-5 "])  # fmt: skip
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"(got {words!r})")):
        parse_when(words)


def made(**changes: object) -> Target:
    keys: dict[str, object] = {
        "name": "x", "profile": "mdd", "treatment": "late", "minus": "", "readout": "nfl_proxy",
        "when": "final", "low": 10.0, "high": 20.0, "tolerance": 4.0, "weight": 1.0,
        "source": "made up",
    }  # fmt: skip
    return Target(**(keys | changes))  # type: ignore[arg-type]


def test_residual_is_zero_inside_and_signed_in_tolerances_outside() -> None:
    shown = [residual(made(), value) for value in (2.0, 6.0, 10.0, 15.0, 20.0, 30.0)]
    assert shown == [-2.0, -1.0, 0.0, 0.0, 0.0, 2.5]
    assert residual(made(low=-inf), -1e9) == 0.0
    assert residual(made(high=inf), 1e9) == 0.0


def ends(*values: float) -> dict[str, np.ndarray]:
    return {"nfl_proxy": np.array([values]).T}


def test_twins_are_subtracted_patient_by_patient_before_the_median() -> None:
    courses = {
        Scenario("mdd", "late"): ends(30.0, 50.0, 10.0),
        Scenario("mdd", "untreated"): ends(20.0, 20.0, 20.0),
        Scenario("control", "late"): ends(1.0, 2.0, 3.0),
        Scenario("control", "untreated"): ends(1.0, 1.0, 1.0),
    }
    gain = made(minus="untreated")
    assert observe(gain, courses).tolist() == [10.0, 30.0, -10.0]
    assert fit(gain, courses).estimate == 10.0
    more = made(minus="untreated", minus_profile="control")
    assert observe(more, courses).tolist() == [10.0, 29.0, -12.0]
    assert set(more.scenarios) == set(courses)
    assert observe(made(minus_profile="control"), courses).tolist() == [29.0, 48.0, 7.0]


def test_another_readout_of_the_same_course_is_subtracted() -> None:
    ahead = made(
        readout="sparsity_percent/bulbar", minus_readout="sparsity_percent/output", when="mean 0-1"
    )
    course = {"sparsity_percent/bulbar": np.array([[30.0, 50.0], [20.0, 20.0]]),
              "sparsity_percent/output": np.array([[10.0, 20.0], [30.0, 30.0]])}  # fmt: skip
    assert observe(ahead, {Scenario("mdd", "late"): course}).tolist() == [25.0, -10.0]
    assert counted_alone(ahead)
    assert not counted_alone(made(readout="bulbar_score", minus_readout="nfl_proxy"))
    lacking = {Scenario("mdd", "late"): {"sparsity_percent/bulbar": np.zeros((1, 2))}}
    assert observable([ahead], lacking) == ()


def test_a_fit_has_the_quantiles_over_patients() -> None:
    shown = fit(made(), {Scenario("mdd", "late"): ends(*np.arange(41.0))})
    assert (shown.estimate, shown.lower, shown.upper, shown.residual) == (20.0, 1.0, 39.0, 0.0)


def test_the_paper_s_cells_are_targets_with_the_paper_s_values_and_our_tolerances() -> None:
    cells = [target for target in paper_targets() if target.is_cell]
    assert len(cells) == 130
    for cell in cells:
        value = published_value(Scenario(cell.profile, cell.treatment), cell.readout)
        assert cell.low == cell.high == value
        assert cell.tolerance == tolerance(cell.readout, value)
        assert cell.when == "final"
        repeats = cell.readout in ("alsfrs_r_proxy", "motor_integrity_percent")
        assert cell.weight == (0 if repeats else 1)


def test_the_paper_s_sizes_are_targets_that_the_comparison_can_follow() -> None:
    sizes = [target for target in paper_targets() if not target.is_cell]
    sections = {claim.section for claim in catalogue().values()}
    weights = {target.name: target.weight for target in sizes if target.weight != 1}
    assert weights == dict.fromkeys(
        ("als_sparsity_5", "maintenance_integrity", "limb_gains_more", "mdd_ketamine_sparsity",
         "mdd_ketamine_depression", "als_mdd_depression"), 2
    )  # fmt: skip
    for target in sizes:
        assert target.source in sections
        assert set(target.scenarios) <= set(REQUIRED)
        assert target.moment.needs <= 29
    by_name = {target.name: target for target in sizes}
    numbers = catalogue()["collapse"].numbers["accuracy"]
    assert [by_name["als_collapse"].low, by_name["als_collapse"].high] == list(numbers)
    assert by_name["riluzole_delay"].low == catalogue()["riluzole_delay"].numbers["cycles"][0]


HEAD = "name,profile,treatment,readout,when,low,high,tolerance\n"
GOOD = "a,mdd,untreated,nfl_proxy,final,50,60,8\n"

MISTAKES = {
    "unknown column": ("nam,profile\n", "t.csv:1: unknown column 'nam'; did you mean 'name'? "
                       "allowed: name, profile, treatment, minus, readout, when, low, high, "
                       "tolerance, weight, source, minus_profile, minus_readout"),
    "column twice": ("name,name\n", "t.csv:1: column name stands twice"),
    "column missing": ("name,profile,treatment\n", "t.csv:1: no column readout"),
    "cells missing": (HEAD + "a,mdd\n", "t.csv:2: must have 8 cells (got 2)"),
    "readout": (HEAD + GOOD.replace("nfl_proxy", "nfl_prox"),
                "t.csv:2: readout: unknown readout 'nfl_prox'; did you mean 'nfl_proxy'? allowed: "
                "accuracy_percent, total_sparsity_percent, depression_score, spasticity_score, "
                "weakness_score, fatigue_score, bulbar_score, respiratory_risk_percent, "
                "fine_motor_score, alsfrs_r_proxy, nfl_proxy, overall_disability_percent, "
                "cognitive_score, motor_integrity_percent, excitotoxicity_load, "
                + ", ".join(LAYER_SPARSITY)),
    "when": ("# a comment\n" + HEAD + GOOD.replace("final", "at last"),
             "t.csv:3: when: must be one of final, cycle N, mean N-M, lowest N-M, highest N-M, "
             "slope N-M, cycles above X, first above X (got 'at last')"),
    "text for a number": (HEAD + GOOD.replace("50", "many"),
                          "t.csv:2: low: must be a finite number (got 'many')"),
    "not finite": (HEAD + GOOD.replace("60", "inf"),
                   "t.csv:2: high: must be a finite number (got 'inf')"),
    "no side": (HEAD + GOOD.replace("50,60", ","),
                "t.csv:2: low and high: one of them is required"),
    "turned": (HEAD + GOOD.replace("50,60", "60,50"),
               "t.csv:2: low: must not be above high (got 60)"),
    "no tolerance": (HEAD + GOOD.replace(",8", ",0"),
                     "t.csv:2: tolerance: must be a finite number above 0 (got '0')"),
    "twice": (HEAD + GOOD + GOOD, "t.csv:3: name: 'a' stands twice"),
    "empty": (HEAD, "t.csv: has no targets"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_file_is_one_line(mistake: str) -> None:
    text, line = MISTAKES[mistake]
    with pytest.raises(InputError) as error:
        parse_targets(text, "t.csv")
    assert str(error.value) == line


def test_a_file_with_one_open_side_and_comments(tmp_path: object) -> None:
    path = tmp_path / "own.csv"  # type: ignore[operator]
    path.write_text("# mine\n" + HEAD + "a,mdd,untreated,nfl_proxy,final,50,,8\n")
    (target,) = load_targets(path)
    assert (target.low, target.high, target.weight, target.minus) == (50.0, inf, 1.0, "")


def test_a_file_that_is_missing_is_one_line(tmp_path: object) -> None:
    path = tmp_path / "none.csv"  # type: ignore[operator]
    with pytest.raises(InputError, match=r"none\.csv: cannot be read \(No such file"):
        load_targets(path)
