"""After step 4, acute spread: a flare corrupts every surviving weight of its layer.

Reads ``context.flare`` and masks; writes weights. The published notebook has no such step: a flare
prunes more, and no more. The text says that flares make accuracy drop at once, not how; the forms
for it are those of corruption.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.mechanisms.corruption import corrupt
from synaprune.model.mechanisms.damage import Damage, add, adds, drift, fade
from synaprune.model.networks import Networks


def text(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Corrupt all surviving weights of the layers that flare."""
    _strike(networks, context, constants, draws, drift)


def adding(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the text's form, but only adding noise."""
    _strike(networks, context, constants, draws, add)


def fading(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the text's form, but only forgetting."""
    _strike(networks, context, constants, draws, fade)


def _strike(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    damage: Damage,
) -> None:
    kept, added = damage(constants.flare_corruption, constants.corruption_sd)
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, state in enumerate(networks.layers):
            flaring = [run for run in twins if context.flare[run, position]]
            if not flaring:
                continue
            layer = state.layer
            chance = (
                draw.normal("flare_corruption", layer.shape, layer=layer.name)
                if adds(damage)
                else None
            )
            for run in flaring:
                corrupt(state.weight[run], state.alive[run], kept, added, chance)
