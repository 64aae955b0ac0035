"""Step 4, corruption: toxic spread from pruned connections to their neighbours.

Reads ``context.newly_pruned``, masks and aggregate; writes weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.networks import Networks


def corruption(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Corrupt the surviving weights near newly pruned ones, more where the aggregate is high.

    Neighbourhood and dependence on the load are the paper's (Pruning and Toxicity Mechanisms);
    the saturating dependence and the form of the damage are silent.
    """
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, state in enumerate(networks.layers):
            hurt = [run for run in twins if (run, position) in context.newly_pruned]
            if not hurt:
                continue
            layer = state.layer
            chance = draw.normal("corruption", layer.shape, layer=layer.name)
            for run in hurt:
                load = float(networks.aggregate[run, position])
                strength = constants.corruption_strength * load
                strength /= load + constants.corruption_half_load
                marks, alive = context.newly_pruned[run, position], state.alive[run]
                near = kernels(marks).neighbours(marks, alive, constants.corruption_radius)
                corrupt(state.weight[run], near, strength, constants.corruption_sd, chance)


def corrupt(weight: Tensor, where: Tensor, strength: float, sd: float, chance: Tensor) -> None:
    """Let weights forget what they learned and drift to noise of a fixed spread, in place.

    ``w <- (1 - m) w + sqrt(1 - (1 - m)^2) sd z``: with the strength m the weight keeps a
    correlation of 1 - m with what it was, and its variance moves towards sd squared.

    Parameters
    ----------
    weight
        One layer of one run.
    where
        bool, which weights.
    strength
        m, 0 to 1.
    sd
        Spread that repeated corruption ends in.
    chance
        z, N(0, 1), the weight's shape.
    """
    kept = 1.0 - strength
    kernels(weight).corrupt(weight, where, kept, sqrt(1.0 - kept * kept) * sd, chance)
