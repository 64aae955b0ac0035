"""Step 5, clearance: autophagy removes a share of the aggregate (Pruning and Toxicity Mechanisms).

Reads the clearance in force; writes aggregate.
"""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks


def clearance(
    networks: Networks,
    context: CycleContext,
    constants: Constants,  # noqa: ARG001 - every mechanism has this signature
    draws: Sequence[Draws],  # noqa: ARG001
) -> None:
    """Clear the profile's share of the load of every layer, more under a drug that helps."""
    for run in networks.active:
        networks.aggregate[run] -= context.clearance(run) * networks.aggregate[run]
