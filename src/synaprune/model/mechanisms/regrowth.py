"""Step 6, regrowth: connections come back, under a drug where stress is greatest.

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
    text_regrowth_share,
)
from synaprune.model.networks import Networks


def regrowth(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Restore a share of the dead connections, in every arm, with small random weights.

    They return at random. While a drug that promotes regrowth is well above its floor, those of
    the most stressed output neurons return first: stress is the mean over a neuron's alive inputs
    (published notebook).
    """
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, layer in enumerate(networks.circuit):
            order = draw.uniform("regrowth_order", layer.shape, layer=layer.name)
            weight = draw.normal("regrowth_weight", layer.shape, layer=layer.name)
            for run in twins:
                boost = float(context.effects.regrowth[run])
                load = float(networks.aggregate[run, position])
                share = float(regrowth_share(boost, load, constants))
                alive = networks.connections(run)[position].alive
                need, jitter = _guide(networks, context, run, position, constants)
                back = _revive(alive, need, order, jitter, share)
                values = networks.layers[position].weight[run].view(-1)
                values[back] = constants.regrowth_sd * weight.view(-1)[back]


def text(
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
    """As the text's form, but a great load costs hardly more than a middling one."""
    _regrow(networks, context, constants, draws, saturating)


def dividing_penalty(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the text's form, but the load divides the strength."""
    _regrow(networks, context, constants, draws, dividing)


def _guide(
    networks: Networks, context: CycleContext, run: int, position: int, constants: Constants
) -> tuple[Tensor, float]:
    """What each output neuron needs, and the weight of chance: all by chance where none guides."""
    state = networks.layers[position]
    if context.effects.guidance[run] > constants.guidance_level:
        layer = networks.connections(run)[position]
        need = state.stress.new_empty(state.layer.units)
        kernels(need).mean_alive(layer.stress, layer.alive, kernels(need).native(need))
        if float(need.max()) >= constants.guidance_gradient:
            return need, constants.regrowth_jitter
    return state.stress.new_zeros(state.layer.units), 1.0


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
                    text_regrowth_share(
                        float(context.effects.regrowth[run]),
                        context.clearance(run),
                        float(networks.aggregate[run, position]),
                        constants,
                        penalty,
                    )
                )
                state = networks.connections(run)[position]
                # the text's stress is a neuron's: the same for all weights into it
                need = _relative_stress(networks.layers[position].stress[run, :, 0])
                back = _revive(state.alive, need, order, constants.regrowth_jitter, share)
                values = networks.layers[position].weight[run].view(-1)
                values[back] = constants.regrowth_sd * weight.view(-1)[back]
                back = _revive(state.bias_alive, need, bias_order, constants.regrowth_jitter, share)
                networks.layers[position].bias[run][back] = 0.0


def _relative_stress(stress: Tensor) -> Tensor:
    """Stress of each output neuron relative to the layer's greatest: (units,)."""
    greatest = stress.max()
    return stress / greatest if greatest > 0 else torch.zeros_like(stress)


def _revive(alive: Any, need: Tensor, order: Tensor, jitter: float, share: float) -> Tensor:
    """Bring back a share of the dead; give their flat positions."""
    loops = kernels(alive)
    dead = order.numel() - loops.count(alive)
    return loops.revive(alive, need, order, jitter, min(dead, floor(share * dead)))
