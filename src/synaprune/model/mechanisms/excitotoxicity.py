"""Excitotoxic noise: survivors of a sparse layer are noisy (Excitotoxicity).

Reads sparsity after step 7 and drug effects; writes noise, and whether it comes before the
rectifier. The text adds noise at every layer and does not say where in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks


def excitotoxicity(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Set the noise of every layer, before the rectifier, none on the output (published notebook).

    It grows with the cycle, the layer's vulnerability and its sparsity.
    """
    before_rectifier(networks, context, constants, draws)
    networks.noise[:, networks.circuit.indices("readout")] = 0.0


def before_rectifier(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the published form, but the output layer has noise, too."""
    networks.noise_first = True
    text(networks, context, constants, draws)


def sparing_logits(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the text's form, but the output layer is free of noise."""
    text(networks, context, constants, draws)
    networks.noise[:, networks.circuit.indices("readout")] = 0.0


def text(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],  # noqa: ARG001 - every mechanism has this signature
) -> None:
    """Set the noise of every layer; it comes after the rectifier (silent: where)."""
    level = constants.noise_base + constants.noise_slope * context.cycle
    for run in networks.active:
        for position in range(len(networks.circuit)):
            instability = 1.0 + constants.noise_sparsity_gain * networks.sparsity(run, position)
            vulnerability = float(context.disease.vulnerability[run, position])
            damped = float(context.effects.noise[run])
            networks.noise[run, position] = level * instability * vulnerability * damped
