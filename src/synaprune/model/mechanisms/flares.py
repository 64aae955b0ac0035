"""Step 2, flares: sudden worsening of layers that have lost too much (Simulation Procedure).

Reads sparsity at the start of the cycle; writes ``context.flare``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks


def flares(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Let each layer above the sparsity threshold flare by a chance of its own.

    Gate and threshold are in the text (Results: flares), values and independence in the published
    notebook. The chances of a course are one stream, so that they are found without the rest.
    """
    layers = len(networks.circuit)
    for twins, draw in zip(networks.twins, draws, strict=True):
        chances = draw.series("flare", context.cycle * layers, layers)
        flaring = chances < constants.flare_probability
        for run in twins:
            context.flare[run] = flaring & _above(networks, run, constants)


def text(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Let every layer above the threshold flare together, by one chance a cycle (silent)."""
    for twins, draw in zip(networks.twins, draws, strict=True):
        if float(draw.uniform("flare", (1,))) < constants.flare_probability:
            for run in twins:
                context.flare[run] = _above(networks, run, constants)


def _above(networks: Networks, run: int, constants: Constants) -> NDArray[np.bool_]:
    """Layers above the sparsity threshold: (layers,)."""
    sparsity = [networks.sparsity(run, position) for position in range(len(networks.circuit))]
    return np.array(sparsity) > constants.flare_threshold
