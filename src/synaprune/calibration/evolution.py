"""CMA-ES: a search for numbers only, with hundreds of cheap trials."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from synaprune.calibration.parameter import Parameter
from synaprune.calibration.places import Value
from synaprune.calibration.space import Point
from synaprune.calibration.telling import SPREAD, told
from synaprune.calibration.trial import Evaluation

#: Trials of a generation of CMA-ES: three batches.
GENERATION = 12


class CmaProposer:
    """CMA-ES: for numbers only, and hundreds of cheap trials.

    Parameters
    ----------
    parameters
        What is searched.
    start
        Where it begins.
    seed
        Of its draws.
    given
        How many first evaluations it has not proposed.
    """

    def __init__(
        self, parameters: Sequence[Parameter], start: Point, seed: int, given: int = 0
    ) -> None:
        from cmaes import CMA

        self._parameters = tuple(parameters)
        self._optimizer = CMA(
            mean=np.array([parameter.unit(start[parameter.name]) for parameter in parameters]),
            sigma=SPREAD,
            bounds=np.tile([0.0, 1.0], (len(parameters), 1)),
            population_size=GENERATION,
            seed=seed % 2**32,
        )
        self._given = given
        self._asked = 0
        self._told = 0

    @property
    def name(self) -> str:
        """Method and version."""
        return f"CMA-ES (cmaes {version('cmaes')})"

    def propose(self, done: Sequence[Evaluation], count: int) -> list[dict[str, Value]]:
        """Give the next points; earlier proposals are asked for again where that was not here."""
        done = done[self._given :]
        while self._asked < len(done):
            self._ask()
            self._catch_up(done)
        self._catch_up(done)
        points = []
        for _ in range(count):
            points.append(self._ask())
            self._catch_up(done)
        return points

    def _ask(self) -> dict[str, Value]:
        self._asked += 1
        unit = self._optimizer.ask()
        return {p.name: p.value(float(u)) for p, u in zip(self._parameters, unit, strict=True)}

    def _catch_up(self, done: Sequence[Evaluation]) -> None:
        """Tell a generation once all of it has been asked for and evaluated."""
        ready = min(self._asked, len(done))
        if ready - self._told >= GENERATION:
            batch = done[self._told : self._told + GENERATION]
            self._optimizer.tell([(self._unit(entry), told(entry)) for entry in batch])
            self._told += GENERATION

    def _unit(self, entry: Evaluation) -> NDArray[np.float64]:
        return np.array([p.unit(entry.point[p.name]) for p in self._parameters])
