"""Named draws, a small circuit and small courses for the tests of the plain network."""

from __future__ import annotations

import zlib

import numpy as np
import torch

from plain_cycle import Course, Effects
from plain_network import CONSTANTS, KETAMINE
from plain_pretraining import Network, Pretrained, make_task

F64 = torch.float64
SIZES = {
    "prefrontal_limbic": 12,
    "upper_motor": 10,
    "lower_motor": 8,
    "neuromuscular_junction": 6,
    "bulbar": 4,
    "respiratory": 4,
    "fine_motor": 4,
    "output": 4,
}
SMALL = {**CONSTANTS, "samples": 80, "pretraining_epochs": 3, "retraining_batch": 16}
STEADY = Effects(noise=1.0, pruning=1.0, learning_rate=1.0, clearance=0.05, regrowth=0.0)
RILUZOLE = {
    "half_life": 2,
    "noise_reduction": 0.3,
    "pruning_reduction": 0.15,
    "regrowth": 0.0,
    "learning_rate_gain": 0.0,
    "clearance_gain": 0.5,
}


class Named:
    """Every draw follows from its name alone; some can be set, for one layer or for all."""

    def __init__(self, seed=0, dtype=F64, only=None, **fixed):
        self.seed, self.dtype, self.only, self.fixed = seed, dtype, only, fixed

    def _rng(self, *name):
        return np.random.default_rng(zlib.crc32(repr((self.seed, *name)).encode()))

    def _draw(self, kind, purpose, shape, cycle, layer, step):
        if purpose in self.fixed and (layer is None or self.only in (None, layer)):
            return torch.as_tensor(self.fixed[purpose], dtype=self.dtype).reshape(tuple(shape))
        values = getattr(self._rng(purpose, cycle, layer, step), kind)(size=tuple(shape))
        return torch.tensor(values, dtype=self.dtype)

    def normal(self, purpose, shape, *, cycle=None, layer=None, step=0):
        return self._draw("standard_normal", purpose, shape, cycle, layer, step)

    def uniform(self, purpose, shape, *, cycle=None, layer=None, step=0):
        return self._draw("random", purpose, shape, cycle, layer, step)

    def integers(self, purpose, shape, high, *, cycle=None, step=0):
        return torch.tensor(self._rng(purpose, cycle, step).integers(high, size=tuple(shape)))


def settings(**changes):
    constants = {**SMALL, **changes.pop("constants", {})}
    given = {
        "constants": constants,
        "base_rate": dict.fromkeys(SIZES, 0.1),
        "vulnerability": dict.fromkeys(SIZES, 1.5),
        "clearance": 0.05,
        "drugs": {"ketamine": KETAMINE, "riluzole": RILUZOLE},
        "doses": {},
    }
    return given | changes


def a_course(healthy, draws=None, **changes):
    return Course(healthy, draws or Named(), **settings(**changes))


def built(weights, fixed=None, **changes):
    """A course whose upper motor layer has the weights given, and that layer."""
    name = "upper_motor"
    weights = torch.tensor(weights, dtype=F64)
    units, inputs = weights.shape
    sizes = {**dict.fromkeys(SIZES, 3), "prefrontal_limbic": inputs, name: units, "output": 4}
    network = Network(sizes, F64)
    with torch.no_grad():
        network[name].weight.copy_(weights)
    task = make_task(Named(), SMALL, F64)
    changes = {"base_rate": {**dict.fromkeys(SIZES, 0.0), name: 0.5}} | changes
    draws = Named(only=name, **(fixed or {}))
    course = a_course(Pretrained(network, task, 0.0), draws, **changes)
    return course, course.network[name]


def kill(layer, *flat):
    with torch.no_grad():
        layer.weight.view(-1)[list(flat)] = 0
        layer.weight_mask.view(-1)[list(flat)] = 0
