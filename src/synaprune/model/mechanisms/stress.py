"""Step 9, stress: which neurons the surviving circuit struggles with.

Reads the last step's gradient; writes stress. Both are left as they are in a run whose stress
nobody reads any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.networks import Networks


def stress(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],  # noqa: ARG001 - every mechanism has this signature
) -> None:
    """Follow the gradient's magnitude of every weight, pruned ones included.

    An exponential moving average, factor 0.1 in the paper (Pruning and Toxicity Mechanisms); for
    each weight in the published notebook.
    """
    for run in filter(context.reads_stress, networks.active):
        for layer in networks.connections(run):
            kernels(layer.stress).smooth(layer.stress, layer.gradient, constants.stress_smoothing)


def text(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],  # noqa: ARG001
) -> None:
    """Follow each output neuron's mean over the inputs alive now (silent: of what)."""
    for run in filter(context.reads_stress, networks.active):
        for state, layer in zip(networks.layers, networks.connections(run), strict=True):
            mean = state.stress.new_empty(state.layer.units)
            loops = kernels(mean)
            loops.mean_alive(layer.gradient, layer.alive, loops.native(mean))
            state.stress[run] *= 1.0 - constants.stress_smoothing
            state.stress[run] += constants.stress_smoothing * mean[:, None]
