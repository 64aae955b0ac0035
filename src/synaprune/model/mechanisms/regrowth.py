"""Step 6, regrowth: a drug brings connections back where stress is greatest.

Reads drug effects, aggregate, clearance, stress and masks; writes weights, biases and their masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import torch
from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import LayerState, Networks
from synaprune.model.selection import smallest


def regrowth(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Restore a share of the dead connections and biases while a drug promotes it.

    Connections of the most stressed output neurons return first (Pruning and Toxicity
    Mechanisms), with small random weights; biases return at zero. Share, size and tie-break are
    silent.
    """
    for twins, draw in zip(networks.twins, draws, strict=True):
        growing = [run for run in twins if context.effects.regrowth[run] > 0]
        if not growing:
            continue
        for position, state in enumerate(networks.layers):
            layer = state.layer
            order = draw.uniform("regrowth_order", layer.shape, layer=layer.name)
            bias_order = draw.uniform("bias_regrowth_order", (layer.units,), layer=layer.name)
            weight = draw.normal("regrowth_weight", layer.shape, layer=layer.name)
            for run in growing:
                share = regrowth_share(networks, context, constants, run, position)
                need = _relative_stress(state, run)
                jitter = constants.regrowth_jitter
                back = _chosen(state.alive[run], need[:, None] + jitter * order, share)
                state.weight[run].view(-1)[back] = constants.regrowth_sd * weight.view(-1)[back]
                state.alive[run].view(-1)[back] = True
                back = _chosen(state.bias_alive[run], need + jitter * bias_order, share)
                state.bias[run][back] = 0.0
                state.bias_alive[run][back] = True


def regrowth_share(
    networks: Networks, context: CycleContext, constants: Constants, run: int, position: int
) -> float:
    """Share of the dead that return in this cycle.

    Where autophagy is impaired the aggregate takes from the strength (Pruning and Toxicity
    Mechanisms: penalties). Subtracting is silent; a dividing penalty cannot separate doses every
    five cycles from maintenance. Impaired means that the clearance in force is low.
    """
    strength = float(context.effects.regrowth[run])
    if context.clearance(run) < constants.impaired_clearance:
        strength -= constants.regrowth_penalty * float(networks.aggregate[run, position])
    return constants.regrowth_share * max(0.0, strength)


def _relative_stress(state: LayerState, run: int) -> Tensor:
    """Stress of each output neuron relative to the layer's greatest: (units,)."""
    stress = state.stress[run]
    greatest = stress.max()
    return stress / greatest if greatest > 0 else torch.zeros_like(stress)


def _chosen(alive: Tensor, need: Tensor, share: float) -> Tensor:
    """Flat positions of the dead with the greatest need."""
    dead = torch.nonzero(~alive.view(-1)).flatten()
    count = min(len(dead), floor(share * len(dead)))
    return dead[smallest(-need.reshape(-1)[dead], count)]
