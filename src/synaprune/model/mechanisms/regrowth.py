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
from synaprune.model.kernels import kernels
from synaprune.model.networks import LayerState, Networks


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
                back = _revive(state.alive[run], need, order, share, constants)
                state.weight[run].view(-1)[back] = constants.regrowth_sd * weight.view(-1)[back]
                back = _revive(state.bias_alive[run], need, bias_order, share, constants)
                state.bias[run][back] = 0.0


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


def _revive(
    alive: Tensor, need: Tensor, order: Tensor, share: float, constants: Constants
) -> Tensor:
    """Bring back a share of the dead; give their flat positions."""
    loops = kernels(alive)
    dead = alive.numel() - loops.count(alive)
    number = min(dead, floor(share * dead))
    return loops.revive(alive, need, order, constants.regrowth_jitter, number)
