"""Step 2, flares: sudden worsening of layers that have lost too much (Simulation Procedure).

Reads sparsity at the start of the cycle; writes ``context.flare``.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks


def flares(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Let every layer above the sparsity threshold flare together, by one chance a cycle.

    The gate and the threshold are the paper's (Results: flares); that all layers share one chance
    is silent.
    """
    for twins, draw in zip(networks.twins, draws, strict=True):
        if float(draw.uniform("flare", (1,))) < constants.flare_probability:
            for run in twins:
                for position in range(len(networks.circuit)):
                    sparsity = networks.sparsity(run, position)
                    context.flare[run, position] = sparsity > constants.flare_threshold
