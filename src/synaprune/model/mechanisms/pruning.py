"""Step 3, pruning: weak connections go first, some go by chance (Pruning and Toxicity Mechanisms).

Reads weights, masks, aggregate, flares and drug effects; writes weights, biases, their masks,
aggregate, and ``context.newly_pruned``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

from torch import Tensor

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.mechanisms.rates import pruning_rate
from synaprune.model.networks import Networks


def pruning(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """Prune a share of the alive connections and biases of every layer, and raise the aggregate.

    A layer at or above the sparsity wall keeps what it has (silent: the value). Biases go by the
    layer's rate and the same rule, and count neither in sparsity nor in the aggregate.
    """
    _remove(networks, context, constants, draws, biases=True)


def sparing_biases(
    networks: Networks, context: CycleContext, constants: Constants, draws: Sequence[Draws]
) -> None:
    """As the paper's form, but no bias is pruned."""
    _remove(networks, context, constants, draws, biases=False)


def _remove(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    *,
    biases: bool,
) -> None:
    for twins, draw in zip(networks.twins, draws, strict=True):
        for position, layer in enumerate(networks.circuit):
            keys = draw.uniform("pruning", layer.shape, layer=layer.name)
            bias_keys = draw.uniform("bias_pruning", (layer.units,), layer=layer.name)
            for run in twins:
                rate = _rate(networks, context, constants, run, position)
                state = networks.connections(run)[position]
                pruned = _prune(state.weight, state.alive, keys, rate, constants)
                if biases:
                    _prune(state.bias, state.bias_alive, bias_keys, rate, constants)
                if pruned is not None:
                    context.newly_pruned[run, position] = pruned.view(layer.shape)
                    share = kernels(pruned).count(pruned) / layer.connections
                    networks.aggregate[run, position] += constants.aggregate_gain * share


def _rate(
    networks: Networks, context: CycleContext, constants: Constants, run: int, position: int
) -> float:
    """Share of the alive connections of a layer that go."""
    return float(
        pruning_rate(
            float(context.disease.base_rate[run, position]),
            context.cycle,
            float(networks.aggregate[run, position]),
            bool(context.flare[run, position]),
            float(context.effects.pruning[run]),
            constants,
        )
    )


def _prune(
    values: Any, alive: Any, keys: Tensor, rate: float, constants: Constants
) -> Tensor | None:
    """Prune one tensor of one run in place; mark what went, flat; None where nothing did."""
    loops = kernels(values)
    survivors = loops.count(alive)
    at_wall = 1.0 - survivors / keys.numel() >= constants.sparsity_wall
    count = 0 if at_wall else floor(rate * survivors)
    if not count:
        return None
    weak = floor(constants.weak_share * count)
    return loops.prune(values, alive, keys, weak, count - weak)
