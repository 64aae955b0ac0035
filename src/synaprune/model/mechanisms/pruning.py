"""Step 3, pruning: weak connections go first, some go by chance (Pruning and Toxicity Mechanisms).

Reads weights, masks, aggregate, flares and drug effects; writes weights, biases, their masks,
aggregate, and ``context.newly_pruned``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, inf
from typing import Any

from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.mechanisms.rates import PruningRate, pruning_rate, text_pruning_rate
from synaprune.model.networks import Networks


def pruning(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Prune a share of the alive connections of every layer, and raise the aggregate.

    Biases are never pruned, and no layer is spared (published notebook).
    """
    _remove(networks, context, constants, draws, pruning_rate, biases=False)


def pruning_biases(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the published form, but biases go, too, by the layer's rate and the same rule."""
    _remove(networks, context, constants, draws, pruning_rate, biases=True)


def text(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Prune connections and biases by the rate made of the text alone.

    A layer at or above the sparsity wall keeps what it has (silent: the value). Biases go by the
    layer's rate and the same rule, and count neither in sparsity nor in the aggregate.
    """
    _remove(networks, context, constants, draws, text_pruning_rate, biases=True)


def sparing_biases(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the text's form, but no bias is pruned."""
    _remove(networks, context, constants, draws, text_pruning_rate, biases=False)


def _remove(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    rate_of: PruningRate,
    *,
    biases: bool,
) -> None:
    wall = constants.sparsity_wall if rate_of is text_pruning_rate else inf
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, layer in enumerate(networks.circuit):
            keys = draw.uniform("pruning", layer.shape, layer=layer.name)
            bias_keys = draw.uniform("bias_pruning", (layer.units,), layer=layer.name)
            for run in twins:
                rate = float(
                    rate_of(
                        float(context.disease.base_rate[run, position]),
                        context.cycle,
                        float(networks.aggregate[run, position]),
                        bool(context.flare[run, position]),
                        float(context.effects.pruning[run]),
                        constants,
                    )
                )
                state = networks.connections(run)[position]
                pruned = _prune(state.weight, state.alive, keys, rate, wall, constants)
                if biases:
                    _prune(state.bias, state.bias_alive, bias_keys, rate, wall, constants)
                if pruned is not None:
                    context.newly_pruned[run, position] = pruned.view(layer.shape)
                    gone = kernels(pruned).count(pruned)
                    load = constants.aggregate_gain * gone / layer.connections
                    networks.aggregate[run, position] += load


def _prune(
    values: Any, alive: Any, keys: Tensor, rate: float, wall: float, constants: Constants
) -> Tensor | None:
    """Prune one tensor of one run in place; mark what went, flat; None where nothing did."""
    loops = kernels(values)
    survivors = loops.count(alive)
    at_wall = 1.0 - survivors / keys.numel() >= wall
    count = 0 if at_wall else floor(rate * survivors)
    if not count:
        return None
    weak = floor(constants.weak_share * count)
    return loops.prune(values, alive, keys, weak, count - weak)
