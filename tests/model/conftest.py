"""A block of tiny networks to try mechanisms on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext, Disease
from synaprune.model.networks import Networks
from synaprune.model.pretraining import initial_parameters
from synaprune.model.task import draw_task
from synaprune.model.treatment import Effects
from synaprune.study import library


def of_preset(name: str) -> Constants:
    """Constants of a preset, with a small task."""
    return replace(Constants(**library.presets()[name].constants), samples=80, retraining_batch=16)


@pytest.fixture
def constants() -> Constants:
    """Constants of the default preset."""
    return of_preset(library.DEFAULT_PRESET)


class Bench:
    """Two patients with two runs each, and what a mechanism is called with."""

    def __init__(self, circuit: Circuit, constants: Constants, cycle: int) -> None:
        self.constants = constants
        streams = [Streams(3, patient, dtype=torch.float64) for patient in (0, 1)]
        parameters = [initial_parameters(circuit, stream) for stream in streams]
        self.networks = Networks.of_patients(circuit, parameters, arms=2)
        runs, layers = self.networks.runs, len(circuit)
        self.draws = [stream.at(cycle) for stream in streams]
        self.context = CycleContext(
            cycle=cycle,
            disease=Disease(np.full((runs, layers), 0.2), np.full((runs, layers), 1.5),
                            np.full(runs, 0.05)),
            effects=Effects(*(np.ones(runs) for _ in range(4)), np.zeros(runs), np.zeros(runs)),
            tasks=[draw_task(constants, stream) for stream in streams],
            flare=np.zeros((runs, layers), dtype=bool),
        )  # fmt: skip

    def do(self, mechanism, **changed: float) -> None:
        """Call a mechanism, some constants changed."""
        mechanism(self.networks, self.context, replace(self.constants, **changed), self.draws)


@pytest.fixture
def bench(tiny, constants) -> Bench:
    """Fresh networks in cycle 4."""
    return Bench(Circuit.of_sizes(tiny), constants, cycle=4)


@pytest.fixture
def text_bench(tiny) -> Bench:
    """The same with the constants of the text's model."""
    return Bench(Circuit.of_sizes(tiny), of_preset("from_text"), cycle=4)
