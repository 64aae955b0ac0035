"""Excitotoxic noise: survivors of a sparse layer are noisy (Excitotoxicity).

Reads sparsity after step 7 and drug effects; writes noise. The paper adds noise at every layer;
where in the layer, and whether the logits get any, is silent.
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


def before_rectifier(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the paper's form, but noise is added before the rectifier: it then shifts means, too."""
    networks.noise_first = True
    excitotoxicity(networks, context, constants, draws)


def sparing_logits(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the paper's form, but the output layer is free of noise."""
    excitotoxicity(networks, context, constants, draws)
    networks.noise[:, networks.circuit.indices("readout")] = 0.0
