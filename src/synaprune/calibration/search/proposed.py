"""A proposed point becomes a trial: what follows from counts is solved for it."""

from __future__ import annotations

from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.counts.refining import promise, refine
from synaprune.calibration.counts.solving import aims, solve
from synaprune.calibration.search.asked import Asked
from synaprune.calibration.search.trial import Trial
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.space import COUNTS, Point
from synaprune.calibration.targets.observed import Courses
from synaprune.calibration.targets.target import scenarios_of
from synaprune.paper.scenarios import Scenario


def trial_of(asked: Asked, number: int, stage: str, point: Point | None, base: Point) -> Trial:
    """Make a trial of a point.

    Parameters
    ----------
    asked
        The calibration.
    number, stage
        Of the trial.
    point
        Values of all parameters, or None for the preset itself.
    base
        Where the stage starts; what its counts were solved for need not be solved again.
    """
    if point is None:
        return Trial(number, stage, asked.space.start(asked.preset), asked.start)
    candidate, counter = asked.space.apply(asked.preset, point), asked.counter
    if stage == COUNTS or _moved(asked, candidate, base, counter):
        point = {**point, **solve(asked.space, candidate.preset, counter, asked.targets)}
        candidate = asked.space.apply(asked.preset, point)
    return Trial(number, stage, point, candidate)


def refined(asked: Asked, number: int, begin: Point) -> Trial:
    """Make the trial of a refined solution.

    Parameters
    ----------
    asked
        The calibration.
    number
        Of the trial; its draws follow from it.
    begin
        The solution.
    """
    found = refine(
        asked.space, asked.preset, begin, asked.counter, asked.targets,
        generations=asked.refinement, seed=(asked.search_seed, number),
    )  # fmt: skip
    point = {**begin, **found}
    return Trial(number, COUNTS, point, asked.space.apply(asked.preset, point))


def promising(asked: Asked, point: Point) -> float:
    """How much of what can be counted fresh patients are expected to meet at a point."""
    aimed = aims(asked.targets)
    candidate = asked.space.apply(asked.preset, point)
    return promise(aimed, asked.counter.courses(candidate, scenarios_of(aimed)))


def _moved(asked: Asked, candidate: Candidate, base: Point, counter: Counter) -> bool:
    """Whether a candidate counts other connections than the start of its stage."""
    scenarios = scenarios_of(asked.targets)
    before = asked.space.apply(asked.preset, base)
    return not _equal(counter.courses(before, scenarios), counter.courses(candidate, scenarios))


def _equal(a: Courses, b: Courses) -> bool:
    def same(scenario: Scenario) -> bool:
        return all((values == b[scenario][name]).all() for name, values in a[scenario].items())

    return all(map(same, a))
