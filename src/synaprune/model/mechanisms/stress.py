"""Step 9, stress: which neurons the surviving circuit struggles with.

Reads the last step's gradient; writes stress.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks


def stress(
    networks: Networks,
    context: CycleContext,  # noqa: ARG001 - every mechanism has this signature
    constants: Constants,
    draws: Sequence[Draws],  # noqa: ARG001
) -> None:
    """Follow the gradient magnitude by an exponential moving average, factor 0.1 in the paper."""
    smoothing = constants.stress_smoothing
    for run in networks.active:
        for _, _, _, _, smoothed, gradient in networks.connections(run):
            smoothed *= 1.0 - smoothing
            smoothed += smoothing * gradient
