"""The circuit at one cycle: what the picture shows, as numbers, medians over patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synaprune.figures.material import Material


@dataclass(frozen=True, slots=True)
class LayerState:
    """One layer.

    Attributes
    ----------
    sparsity
        Share of the incoming connections that is pruned, 0 to 1.
    aggregate
        Aggregate load.
    noise
        Standard deviation of the noise on the activation.
    """

    sparsity: float
    aggregate: float
    noise: float


def circuit_state(material: Material, profile: str, arm: str, cycle: int) -> dict[str, LayerState]:
    """Give the median state of every layer.

    Parameters
    ----------
    material
        The run.
    profile, arm, cycle
        Where and when.
    """

    def median(layer: str, quantity: str) -> float:
        return float(np.median(material.layer_course(profile, arm, layer, quantity)[:, cycle]))

    return {
        layer: LayerState(
            sparsity=median(layer, "sparsity_percent") / 100,
            aggregate=median(layer, "aggregate"),
            noise=median(layer, "noise"),
        )
        for layer in material.layer_names
    }


@dataclass(frozen=True, slots=True)
class Scene:
    """What the circuit figure compares.

    Attributes
    ----------
    profile
        Which profile.
    arms
        One circuit each: the reference first, where there is one.
    cycle
        When.
    """

    profile: str
    arms: tuple[str, ...]
    cycle: int


def telling_scene(material: Material, profile: str | None = None) -> Scene:
    """Choose what to show: the arms that end furthest apart, when they are furthest apart.

    Beside the reference stands the arm that loses fewest connections; the cycle is the one at
    which their median sparsity differs most. A single arm is shown at the final cycle.

    Parameters
    ----------
    material
        The run.
    profile
        Which profile; the first by default.
    """
    profile = profile or next(iter(material.profiles))
    sparsity: Mapping[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {
        arm: np.median(material.course(profile, arm, "total_sparsity_percent"), axis=0)
        for arm in material.arms
    }
    first = material.reference or next(iter(material.arms))
    others = [arm for arm in material.arms if arm != first]
    if not others:
        return Scene(profile, (first,), material.last)
    best = min(others, key=lambda arm: sparsity[arm].mean())
    apart = np.abs(sparsity[first] - sparsity[best])
    return Scene(profile, (first, best), int(apart.argmax()))
