"""Step 4, corruption: toxic spread from pruned connections to their neighbours.

Reads ``context.newly_pruned``, masks and aggregate; writes weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import torch
from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
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
                near = neighbourhood(context.newly_pruned[run, position],
                                     constants.corruption_radius)  # fmt: skip
                where = torch.nonzero((near & state.alive[run]).view(-1)).flatten()
                corrupt(state.weight[run], where, strength, constants.corruption_sd, chance)


def neighbourhood(marks: Tensor, radius: int) -> Tensor:
    """Mark everything within a radius of a mark, along the flattened tensor.

    Examples
    --------
    >>> neighbourhood(torch.tensor([[False, False, False], [False, True, False]]), 2).int().tolist()
    [[0, 0, 1], [1, 1, 1]]
    """
    near = marks.flatten().clone()
    reached = 0
    while reached < min(radius, len(near) - 1):
        step = min(reached + 1, radius - reached, len(near) - 1)
        before = near.clone()
        near[step:] |= before[:-step]
        near[:-step] |= before[step:]
        reached += step
    return near.view(marks.shape)


def corrupt(weight: Tensor, where: Tensor, strength: float, sd: float, chance: Tensor) -> None:
    """Let weights forget what they learned and drift to noise of a fixed spread, in place.

    ``w <- (1 - m) w + sqrt(1 - (1 - m)^2) sd z``: with the strength m the weight keeps a
    correlation of 1 - m with what it was, and its variance moves towards sd squared.

    Parameters
    ----------
    weight
        One layer of one run.
    where
        Flat positions.
    strength
        m, 0 to 1.
    sd
        Spread that repeated corruption ends in.
    chance
        z, N(0, 1), the weight's shape.
    """
    kept = 1.0 - strength
    flat = weight.view(-1)
    moved = torch.mul(flat[where], kept)
    moved.add_(chance.view(-1)[where], alpha=sqrt(1.0 - kept * kept) * sd)
    flat[where] = moved
