"""One cycle of the disease: the paper's ten steps, in its order (Simulation Procedure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from synaprune.model.constants import Constants
from synaprune.model.context import CycleContext
from synaprune.model.draws import Draws
from synaprune.model.networks import Networks
from synaprune.model.propagation import accuracy, draw_noise, forward
from synaprune.model.registry import MECHANISMS, resolve


class Mechanism(Protocol):
    """A part of a cycle.

    It reads and changes the networks and hands results to later steps through the context. It
    must treat each run by itself: what it does to one run may depend on that run, the constants
    and the patient's draws, never on the other runs of the block.
    """

    def __call__(
        self,
        networks: Networks,
        context: CycleContext,
        constants: Constants,
        draws: Sequence[Draws],
    ) -> None:
        """Act on all runs of a block; `draws` has one entry a patient, as `Networks.twins`."""
        ...


def choose_mechanisms(forms: Mapping[str, str]) -> dict[str, Mechanism | None]:
    """Find the mechanisms that a study names; None where one is off."""
    return {name: resolve(name, forms[name]) for name in MECHANISMS}


def run_cycle(
    networks: Networks,
    context: CycleContext,
    constants: Constants,
    draws: Sequence[Draws],
    mechanisms: Mapping[str, Mechanism | None],
) -> NDArray[np.float64]:
    """Advance every run by one cycle.

    Parameters
    ----------
    networks
        The state; changed in place.
    context
        The cycle, its drug effects (step 1) and room for what the steps hand on.
    constants
        The model's constants.
    draws
        The cycle's draws, one entry a patient.
    mechanisms
        By the names of `registry.MECHANISMS`.

    Returns
    -------
    numpy.ndarray
        Accuracy on the held-out points in percent: (runs,); 0 where a run waits.
    """

    def act(name: str) -> None:
        mechanism = mechanisms[name]
        if mechanism is not None:
            mechanism(networks, context, constants, draws)

    # step 1, treatment, is what context.effects holds
    act("flares")  # 2
    act("pruning")  # 3
    act("corruption")  # 4
    act("flare_corruption")
    act("clearance")  # 5
    act("regrowth")  # 6
    networks.apply_masks()  # 7
    act("excitotoxicity")
    act("retraining")  # 8
    act("stress")  # 9
    return evaluate(networks, context, draws)  # 10


def evaluate(
    networks: Networks, context: CycleContext, draws: Sequence[Draws]
) -> NDArray[np.float64]:
    """Accuracy of every run on its held-out points, under the current noise, in percent."""
    found = np.zeros(networks.runs)
    for twins, draw, task in zip(networks.twins, draws, context.tasks, strict=True):
        points = len(task.test_labels)
        noise = draw_noise(networks.circuit, draw, "evaluation_noise", points)
        for run in twins:
            logits = forward(
                networks.circuit,
                networks.products(run),
                [layer.bias for layer in networks.connections(run)],
                task.test_points,
                noise,
                networks.noise[run].tolist(),
                networks.memory(points),
            )
            found[run] = accuracy(logits, task.test_labels)
    return found
