"""Proposals are points of the space that follow from what was tried, and from nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from synaprune.calibration.search.proposing import DrawnProposer, ModelProposer, Proposer
from synaprune.calibration.search.trial import COMPLETE, FAILED, Evaluation
from synaprune.calibration.space.space import Parameter

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
    "least squares": lambda: DrawnProposer((*NUMBERS, FORM), START, 3),
    "GP": lambda: ModelProposer((*NUMBERS, FORM), [START], 3),
}
TRIALS = {"least squares": 60, "GP": 24}


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
    assert searched(METHODS[method], 12) == searched(METHODS[method], 12, 8)


@pytest.mark.parametrize("method", METHODS)
def test_failed_trials_count_as_hopeless(method: str) -> None:
    done = searched(METHODS["least squares"], 16)
    failed = [Evaluation(e.number, e.stage, e.point, float("nan"), FAILED, "x", ()) for e in done]
    assert len(METHODS[method]().propose(failed, 4)) == 4


def test_the_first_points_are_near_the_start_but_every_fourth() -> None:
    points = ModelProposer((*NUMBERS, FORM), [START], 3).propose((), 8)
    near = [point for number, point in enumerate(points) if number % 4 != 3]
    assert max(abs(NUMBERS[1].unit(point["b"]) - 0.75) for point in near) < 0.5
    assert {point["f"] for point in near} == {"paper"}


def test_starts_step_from_the_best_solution_and_carry_what_was_solved() -> None:
    solved = replace(NUMBERS[1], stage="solved")
    proposer = DrawnProposer((NUMBERS[0], solved), START, 3, given=1)
    done = [
        Evaluation(n, "counts", {"a": 0.02, "b": b}, lost, COMPLETE, "", ())
        for n, (b, lost) in enumerate([(0.1, 2.0), (-0.3, 1.0)])
    ]
    points = proposer.propose(done, 4)
    assert [point["b"] for point in points] == [-0.3, -0.3, START["b"], -0.3]
    assert all(abs(NUMBERS[0].unit(p["a"]) - NUMBERS[0].unit(0.02)) < 0.2 for p in points[:2])


def test_the_seed_decides() -> None:
    one, other = (ModelProposer(NUMBERS, [START], seed).propose((), 4) for seed in (3, 4))
    assert one != other
