"""What a mechanism is told about the cycle it works in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from synaprune.model.task import Task
from synaprune.model.treatment import Effects

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Disease:
    """How ill the runs of a block are; constant over the cycles.

    Attributes
    ----------
    base_rate
        Share of alive connections pruned in a cycle before any amplification: (runs, layers).
    vulnerability
        Factor of the excitotoxic noise: (runs, layers).
    clearance
        Share of the aggregate cleared in a cycle: (runs,).
    """

    base_rate: Float
    vulnerability: Float
    clearance: Float


@dataclass(slots=True)
class CycleContext:
    """One cycle of a block, and what its steps hand to later ones.

    Attributes
    ----------
    cycle
        t, from 0.
    disease
        Rates and vulnerabilities of the runs.
    effects
        What the drugs do in this cycle; every array has one number a run.
    tasks
        The task of each patient, in the order of `Networks.twins`.
    flare
        Layers that flare, set by the flares: (runs, layers), bool.
    stress_reader
        Runs whose stress a later cycle reads: (runs,), bool; None where any run's may be read.
    newly_pruned
        Connections pruned in this cycle, set by the pruning: by (run, layer position), a bool
        tensor of the weight's shape; absent where nothing went.
    """

    cycle: int
    disease: Disease
    effects: Effects
    tasks: Sequence[Task]
    flare: NDArray[np.bool_]
    stress_reader: NDArray[np.bool_] | None = None
    newly_pruned: dict[tuple[int, int], Tensor] = field(default_factory=dict)

    def reads_stress(self, run: int) -> bool:
        """Whether a later cycle reads the stress of a run: only then it is worth its product."""
        return self.stress_reader is None or bool(self.stress_reader[run])

    def clearance(self, run: int) -> float:
        """Clearance in force: the profile's, raised by drugs, at most 1."""
        return min(1.0, float(self.disease.clearance[run] * self.effects.clearance[run]))
