"""A small circuit and draws that a test can set, for the tests of the reference."""

from __future__ import annotations

from dataclasses import replace

import torch

from synaprune.engine import reference as glue
from synaprune.engine.randomness import Streams
from synaprune.reference import NamedDraws, Scenario
from synaprune.reference.network import Network
from synaprune.study import Study

F64 = torch.float64
SIZES = {
    "prefrontal_limbic": 12,
    "upper_motor": 10,
    "lower_motor": 8,
    "neuromuscular_junction": 6,
    "bulbar": 4,
    "respiratory": 4,
    "fine_motor": 4,
}
TASK = {"samples": 80, "pretraining_steps": 3, "retraining_batch": 16}


def small(profile: str = "als_standard", arm: str = "untreated", **constants: float) -> Scenario:
    """A scenario of the published model on a small circuit, some constants replaced."""
    treatments = ("untreated", "ketamine_maintenance", "riluzole_continuous")
    study = Study(name="small", profiles=[profile], arms={name: name for name in treatments},
                  patients=1, seed=1, circuit=SIZES, constants=TASK).resolve()  # fmt: skip
    scenario = glue.scenario(study, profile, arm)
    return replace(scenario, constants=replace(scenario.constants, **constants))


class SetStreams:
    """Named streams of the engine, of which a test sets some."""

    def __init__(self, streams=None, **fixed):
        self.streams = streams or Streams(1, 0, dtype=F64)
        self.fixed = fixed

    def at(self, cycle):
        return SetStreams(self.streams.at(cycle), **self.fixed)

    def _draw(self, kind, purpose, shape, layer, step):
        if purpose in self.fixed:
            return torch.as_tensor(self.fixed[purpose], dtype=F64).expand(shape)
        return getattr(self.streams, kind)(purpose, shape, layer=layer, step=step)

    def normal(self, purpose, shape, *, layer="", step=0):
        return self._draw("normal", purpose, shape, layer, step)

    def uniform(self, purpose, shape, *, layer="", step=0):
        return self._draw("uniform", purpose, shape, layer, step)

    def series(self, purpose, start, count):
        return self.fixed.get(purpose) or self.streams.series(purpose, start, count)


def with_weights(scenario: Scenario, layer: str, rows: list[list[float]], dead=()) -> Network:
    """A network in which one layer has these weights, and some of its connections are dead."""
    network = Network(scenario, NamedDraws(SetStreams()))
    weight = torch.tensor(rows, dtype=F64)
    network.weight[layer] = weight.requires_grad_()
    network.alive[layer] = torch.ones_like(weight, dtype=torch.bool)
    network.stress[layer] = torch.zeros_like(weight)
    network.alive[layer].view(-1)[list(dead)] = False
    network.mask()
    return network
