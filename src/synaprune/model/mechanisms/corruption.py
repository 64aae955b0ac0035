"""Step 4, corruption: toxic spread from pruned connections to their neighbours.

Reads ``context.newly_pruned``, masks and aggregate; writes weights. The published form adds noise;
the others are what the text alone allows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.mechanisms.damage import Damage, add, drift, fade
from synaprune.model.networks import Networks

#: (aggregate load, constants) -> share of a weight that stays, spread of what is added.
Change = Callable[[float, Constants], tuple[float, float]]


def corruption(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Add noise to the surviving weights near newly pruned ones, more where the aggregate is high.

    Neighbourhood and dependence on the load are in the text (Pruning and Toxicity Mechanisms);
    magnitude x (1 + A) is the published notebook's.
    """
    _spread(networks, context, constants, draws, _published)


def text(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Let them drift; the dependence on the load saturates (silent: both)."""
    _spread(networks, context, constants, draws, _saturating(drift))


def adding(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the text's form, but only adding noise."""
    _spread(networks, context, constants, draws, _saturating(add))


def fading(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the text's form, but only forgetting."""
    _spread(networks, context, constants, draws, _saturating(fade))


def _published(load: float, constants: Constants) -> tuple[float, float]:
    return 1.0, constants.corruption_magnitude * (1.0 + load)


def _saturating(damage: Damage) -> Change:
    def change(load: float, constants: Constants) -> tuple[float, float]:
        strength = constants.corruption_strength * load
        strength /= load + constants.corruption_half_load
        return damage(strength, constants.corruption_sd)

    return change


def _spread(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    change: Change,
) -> None:
    adds = change(1.0, constants)[1] > 0.0
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, layer in enumerate(networks.circuit):
            hurt = [run for run in twins if (run, position) in context.newly_pruned]
            if not hurt:
                continue
            chance = draw.normal("corruption", layer.shape, layer=layer.name) if adds else None
            for run in hurt:
                state = networks.connections(run)[position]
                marks = context.newly_pruned[run, position]
                near = kernels(marks).neighbours(marks, state.alive, constants.corruption_radius)
                stays, added = change(float(networks.aggregate[run, position]), constants)
                corrupt(state.weight, near, stays, added, chance)


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
