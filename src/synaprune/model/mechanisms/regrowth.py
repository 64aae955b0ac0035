"""Step 6, regrowth: a drug brings connections back where stress is greatest.

Reads drug effects, aggregate, clearance, stress and masks; writes weights, biases and their masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

import torch
from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.mechanisms.rates import (
    Penalty,
    dividing,
    regrowth_share,
    saturating,
    subtracting,
)
from synaprune.model.networks import Networks


def regrowth(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Restore a share of the dead connections and biases while a drug promotes it.

    Connections of the most stressed output neurons return first (Pruning and Toxicity
    Mechanisms), with small random weights; biases return at zero. Share, size, tie-break and the
    form of the penalty are silent; here it takes from the strength.
    """
    _regrow(networks, context, constants, draws, subtracting)


def saturating_penalty(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the paper's form, but a great load costs hardly more than a middling one."""
    _regrow(networks, context, constants, draws, saturating)


def dividing_penalty(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the paper's form, but the load divides the strength."""
    _regrow(networks, context, constants, draws, dividing)


def _regrow(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    penalty: Penalty,
) -> None:
    for twins, draw in zip(networks.twins, draws, strict=True):
        growing = [run for run in twins if context.effects.regrowth[run] > 0]
        if not growing:
            continue
        for position, layer in enumerate(networks.circuit):
            order = draw.uniform("regrowth_order", layer.shape, layer=layer.name)
            bias_order = draw.uniform("bias_regrowth_order", (layer.units,), layer=layer.name)
            weight = draw.normal("regrowth_weight", layer.shape, layer=layer.name)
            for run in growing:
                share = float(
                    regrowth_share(
                        float(context.effects.regrowth[run]),
                        context.clearance(run),
                        float(networks.aggregate[run, position]),
                        constants,
                        penalty,
                    )
                )
                state = networks.connections(run)[position]
                need = _relative_stress(networks.layers[position].stress[run])
                back = _revive(state.alive, need, order, share, constants)
                values = networks.layers[position].weight[run].view(-1)
                values[back] = constants.regrowth_sd * weight.view(-1)[back]
                back = _revive(state.bias_alive, need, bias_order, share, constants)
                networks.layers[position].bias[run][back] = 0.0


def _relative_stress(stress: Tensor) -> Tensor:
    """Stress of each output neuron relative to the layer's greatest: (units,)."""
    greatest = stress.max()
    return stress / greatest if greatest > 0 else torch.zeros_like(stress)


def _revive(alive: Any, need: Tensor, order: Tensor, share: float, constants: Constants) -> Tensor:
    """Bring back a share of the dead; give their flat positions."""
    loops = kernels(alive)
    dead = order.numel() - loops.count(alive)
    number = min(dead, floor(share * dead))
    return loops.revive(alive, need, order, constants.regrowth_jitter, number)
