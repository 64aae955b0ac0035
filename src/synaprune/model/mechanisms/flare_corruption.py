"""After step 4, acute spread: a flare corrupts every surviving weight of its layer.

Reads ``context.flare`` and masks; writes weights. Silent: the paper says that flares make accuracy
drop at once, not how; neighbourhood corruption alone cannot do that.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.mechanisms.corruption import corrupt
from synaprune.model.networks import Networks


def flare_corruption(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Corrupt all surviving weights of the layers that flare."""
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, state in enumerate(networks.layers):
            flaring = [run for run in twins if context.flare[run, position]]
            if not flaring:
                continue
            layer = state.layer
            chance = draw.normal("flare_corruption", layer.shape, layer=layer.name)
            for run in flaring:
                corrupt(state.weight[run], state.alive[run], constants.flare_corruption,
                        constants.corruption_sd, chance)  # fmt: skip
