"""Excitotoxic noise: survivors of a sparse layer are noisy (Excitotoxicity).

Reads sparsity after step 7 and drug effects; writes noise.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks


def excitotoxicity(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],  # noqa: ARG001 - every mechanism has this signature
) -> None:
    """Set the noise of every layer from the cycle, its vulnerability and its sparsity."""
    level = constants.noise_base + constants.noise_slope * context.cycle
    for run in networks.active:
        for position in range(len(networks.circuit)):
            instability = 1.0 + constants.noise_sparsity_gain * networks.sparsity(run, position)
            vulnerability = float(context.disease.vulnerability[run, position])
            damped = float(context.effects.noise[run])
            networks.noise[run, position] = level * vulnerability * instability * damped
