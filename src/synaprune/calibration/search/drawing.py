"""Points that are drawn: starts of solutions, and the first points of a search."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from numpy.random import Generator

from synaprune.calibration.search.telling import told
from synaprune.calibration.search.trial import Evaluation
from synaprune.calibration.space.parameter import COUNTS, Parameter
from synaprune.calibration.space.places import Value
from synaprune.calibration.space.space import Point
from synaprune.engine.randomness import generator

#: Steps from the best solution, as shares of the bounds; None draws anywhere.
STEPS = (0.15, 0.05, 0.02, None)


def drawn(
    parameters: Sequence[Parameter], start: Point, draws: Generator, *, spread: float | None
) -> dict[str, Value]:
    """Draw a point near a start, with its forms, or anywhere in the bounds.

    Parameters
    ----------
    parameters
        What is drawn.
    start
        Where near is.
    draws
        The draws.
    spread
        Standard deviation of a step as a share of the bounds, or None for anywhere.
    """
    return {p.name: _drawn(p, start[p.name], draws, spread) for p in parameters}


def _drawn(parameter: Parameter, start: Value, draws: Generator, spread: float | None) -> Value:
    if parameter.choices:
        anywhere = parameter.choices[int(draws.integers(len(parameter.choices)))]
        return anywhere if spread is None else start
    unit = draws.random()
    if spread is not None:
        unit = parameter.unit(start) + spread * draws.standard_normal()
    return parameter.value(float(np.clip(unit, 0.0, 1.0)))


class DrawnProposer:
    """Starts for `solve`: most are steps from the best solution, the rest are drawn anywhere.

    Parameters
    ----------
    parameters
        What is solved; those of the stage *counts* are moved.
    start
        Stands for the best solution until there is one.
    seed
        Of the draws.
    given
        How many first evaluations it has not proposed.
    """

    def __init__(
        self, parameters: Sequence[Parameter], start: Point, seed: int, given: int = 0
    ) -> None:
        self._parameters = tuple(parameters)
        self._moved = tuple(p for p in parameters if p.stage == COUNTS)
        self._start = start
        self._seed = seed
        self._given = given

    @property
    def name(self) -> str:
        """Method and version."""
        return f"least squares from drawn starts (scipy {version('scipy')})"

    def propose(self, done: Sequence[Evaluation], count: int) -> list[dict[str, Value]]:
        """Give the next points."""
        best = min(done, key=told).point if done else self._start
        first = max(0, len(done) - self._given)
        return [self._drawn(number, best) for number in range(first, first + count)]

    def _drawn(self, number: int, best: Point) -> dict[str, Value]:
        draws = generator(self._seed, number)
        step = STEPS[number % len(STEPS)]
        begin = self._start if step is None else best
        moved = drawn(self._moved, begin, draws, spread=step)
        return {p.name: begin[p.name] for p in self._parameters} | moved
