"""Step 4, corruption: toxic spread from pruned connections to their neighbours.

Reads ``context.newly_pruned``, masks and aggregate; writes weights. The paper's form drifts; the
others are alternatives that its words allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.mechanisms.damage import Damage, add, adds, drift, fade
from synaprune.model.networks import Networks


def corruption(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Corrupt the surviving weights near newly pruned ones, more where the aggregate is high.

    Neighbourhood and dependence on the load are the paper's (Pruning and Toxicity Mechanisms);
    the saturating dependence and the form of the damage are silent.
    """
    _spread(networks, context, constants, draws, drift)


def adding(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the paper's form, but only adding noise."""
    _spread(networks, context, constants, draws, add)


def fading(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the paper's form, but only forgetting."""
    _spread(networks, context, constants, draws, fade)


def _spread(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    damage: Damage,
) -> None:
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, layer in enumerate(networks.circuit):
            hurt = [run for run in twins if (run, position) in context.newly_pruned]
            if not hurt:
                continue
            chance = (
                draw.normal("corruption", layer.shape, layer=layer.name) if adds(damage) else None
            )
            for run in hurt:
                load = float(networks.aggregate[run, position])
                strength = constants.corruption_strength * load
                strength /= load + constants.corruption_half_load
                state = networks.connections(run)[position]
                marks = context.newly_pruned[run, position]
                near = kernels(marks).neighbours(marks, state.alive, constants.corruption_radius)
                kept, added = damage(strength, constants.corruption_sd)
                corrupt(state.weight, near, kept, added, chance)


def corrupt(weight: Any, where: Any, kept: float, added: float, chance: Tensor | None) -> None:
    """Corrupt weights in place: ``w <- kept w + added z``.

    Parameters
    ----------
    weight
        One layer of one run.
    where
        bool, which weights.
    kept, added
        From a form of `synaprune.model.mechanisms.damage`.
    chance
        z, N(0, 1), the weight's shape; None where nothing is added.
    """
    if chance is None:
        kernels(weight).fade(weight, where, kept)
    else:
        kernels(weight).corrupt(weight, where, kept, added, chance)
