"""Proposals are points of the space that follow from what was tried, and from nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from synaprune.calibration.proposing import (
    CmaProposer,
    ModelProposer,
    Proposer,
    cma_or_model,
)
from synaprune.calibration.space import Parameter
from synaprune.calibration.trial import COMPLETE, FAILED, Evaluation

NUMBERS = (
    Parameter("a", (), 0.001, 1.0, "log", None, (), "counts"),
    Parameter("b", (), -1.0, 1.0, "linear", None, (), "counts"),
    Parameter("c", (), 0.0, 1.0, "linear", 0.25, (), "counts"),
)
FORM = Parameter("f", (), 0.0, 0.0, "linear", None, ("paper", "other"), "counts")
START = {"a": 0.1, "b": 0.5, "c": 0.5, "f": "paper"}


def hill(point: dict[str, float | str]) -> float:
    """Best at a = 0.01, b = -0.25, with the other form."""
    a, b, c = (p.unit(point[p.name]) for p in NUMBERS)
    worse = 0.3 if point.get("f") == "paper" else 0.0
    return (a - 1 / 3) ** 2 + (b - 0.375) ** 2 + 0.1 * (c - 1) ** 2 + worse


def searched(make: Callable[[], Proposer], trials: int, forget: int = 0) -> list[Evaluation]:
    """Search in batches of four; from a trial on with a proposer that has seen nothing."""
    proposer, done = make(), []
    while len(done) < trials:
        if forget and len(done) == forget:
            proposer = make()
        for point in proposer.propose(tuple(done), 4):
            done.append(Evaluation(len(done), "counts", point, hill(point), COMPLETE, "", ()))
    return done


METHODS: dict[str, Callable[[], Proposer]] = {
    "CMA-ES": lambda: CmaProposer(NUMBERS, START, 3),
    "GP": lambda: ModelProposer((*NUMBERS, FORM), [START], 3),
    "TPE": lambda: ModelProposer((*NUMBERS, FORM), [START], 3, sampler="TPE"),
}
TRIALS = {"CMA-ES": 120, "GP": 24, "TPE": 60}


@pytest.mark.parametrize("method", METHODS)
def test_it_finds_the_hill_within_the_space(method: str) -> None:
    done = searched(METHODS[method], TRIALS[method])
    for entry in done:
        for parameter in NUMBERS:
            parameter.check(entry.point[parameter.name])
    assert min(entry.loss for entry in done) < 0.05
    assert METHODS[method]().name.startswith(method)


@pytest.mark.parametrize("method", METHODS)
def test_a_proposer_that_remembers_nothing_goes_on_the_same(method: str) -> None:
    trials, forget = (32, 20) if method == "CMA-ES" else (12, 8)
    assert searched(METHODS[method], trials) == searched(METHODS[method], trials, forget)


@pytest.mark.parametrize("method", METHODS)
def test_failed_trials_count_as_hopeless(method: str) -> None:
    done = searched(METHODS["CMA-ES"], 16)
    done = [replace(e, point={**e.point, "f": "paper"}) for e in done]
    failed = [Evaluation(e.number, e.stage, e.point, float("nan"), FAILED, "x", ()) for e in done]
    assert len(METHODS[method]().propose(failed, 4)) == 4


def test_the_first_points_are_near_the_start_and_anywhere_in_turn() -> None:
    points = ModelProposer((*NUMBERS, FORM), [START], 3).propose((), 8)
    near = [abs(NUMBERS[1].unit(p["b"]) - 0.75) for p in points[::2]]
    assert max(near) < 0.5
    assert {point["f"] for point in points[::2]} == {"paper"}
    assert {point["f"] for point in points[1::2]} == {"paper", "other"}


def test_the_seed_decides() -> None:
    one, other = (ModelProposer(NUMBERS, [START], seed).propose((), 4) for seed in (3, 4))
    assert one != other


def test_forms_and_single_numbers_are_no_matter_for_cma() -> None:
    assert cma_or_model(NUMBERS, START, 1).name.startswith("CMA-ES")
    assert cma_or_model((*NUMBERS, FORM), START, 1).name.startswith("TPE")
    assert cma_or_model(NUMBERS[:1], START, 1).name.startswith("TPE")
