"""A patient's course: pretrained once, then followed cycle by cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from synaprune.reference.cycle import cycle
from synaprune.reference.draws import Draws, Task
from synaprune.reference.network import Network
from synaprune.reference.readouts import healthy_readouts, layer_quantities, readouts
from synaprune.reference.scenario import LAYERS, Scenario
from synaprune.reference.treatment import levels


@dataclass(frozen=True, slots=True)
class Healthy:
    """A patient before the disease.

    Attributes
    ----------
    network
        The pretrained network.
    task
        The patient's points.
    accuracy_percent
        On the test points, without noise.
    draws
        What chance decides from here on.
    """

    network: Network
    task: Task
    accuracy_percent: float
    draws: Draws


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that a course shows.

    Attributes
    ----------
    readouts
        By name: (cycles,).
    layers
        sparsity_percent, aggregate, noise and flare of every layer: (cycles, layers).
    drug_level
        By drug of the treatment: (cycles,).
    healthy
        The readouts before the disease, by name.
    base_rate_factor
        The patient's factor on the base rate, by layer.
    month
        (cycles,).
    """

    readouts: dict[str, NDArray[np.float64]]
    layers: dict[str, NDArray[Any]]
    drug_level: dict[str, NDArray[np.float64]]
    healthy: dict[str, float]
    base_rate_factor: dict[str, float]
    month: NDArray[np.float64]

    def columns(self) -> dict[str, NDArray[Any]]:
        """Lay the course out as columns, the healthy network first: (cycles + 1,) each.

        Returns
        -------
        dict
            cycle (from -1), month, every readout, ``quantity/layer``, drug_level (the highest)
            and flare (of any layer).
        """
        cycles = len(self.month)
        nothing = np.zeros(cycles)
        level = np.max([nothing, *self.drug_level.values()], axis=0)
        columns = {"cycle": np.arange(-1, cycles), "month": _after(0.0, self.month)}
        columns |= {name: _after(self.healthy[name], row) for name, row in self.readouts.items()}
        for quantity, values in self.layers.items():
            for layer, row in zip(LAYERS, values.T, strict=True):
                columns[f"{quantity}/{layer.name}"] = _after(0, row)
        flare = _after(0, np.any(self.layers["flare"], axis=1, keepdims=True)[:, 0])
        return columns | {"drug_level": _after(0.0, level), "flare": flare}


def _after(healthy: float, row: NDArray[Any]) -> NDArray[Any]:
    return np.insert(row, 0, healthy)


def pretrain(scenario: Scenario, draws: Draws) -> Healthy:
    """Draw a patient's network and points, and train the network without noise.

    Parameters
    ----------
    scenario
        Its circuit and the constants of task and pretraining count, its disease does not.
    draws
        Fresh draws.
    """
    constants = scenario.constants
    network = Network(scenario, draws)
    task = draws.task(constants)
    descent = torch.optim.Adam(
        network.parameters,
        lr=constants.pretraining_learning_rate,
        betas=(constants.adam_beta1, constants.adam_beta2),
        eps=constants.adam_epsilon,
    )
    for step in range(constants.pretraining_steps):
        points = len(task.train_points)
        batch = draws.batch("pretraining_batch", points, constants.pretraining_batch, step)
        descent.zero_grad()
        network.loss(task.train_points[batch], task.train_labels[batch]).backward()  # type: ignore[no-untyped-call]
        descent.step()
    return Healthy(network, task, network.accuracy_percent(task), draws)


def follow(scenario: Scenario, healthy: Healthy) -> Course:
    """Follow a healthy patient through the disease; the patient can be followed again.

    Parameters
    ----------
    scenario
        Profile and treatment.
    healthy
        From `pretrain`, with the same circuit.
    """
    constants, network = scenario.constants, healthy.network.healthy_copy()
    draws = healthy.draws.copy()
    factor = draws.factors(constants.heterogeneity)
    base_rate = {name: scenario.base_rate[name] * factor[name] for name in factor}
    before = healthy_readouts(network, constants, healthy.accuracy_percent)
    rows, layers, drugs = [], [], []
    for now in range(scenario.cycles):
        accuracy = cycle(network, scenario, base_rate, healthy.task, now, draws.at(now))
        rows.append(readouts(network, constants, accuracy))
        layers.append(layer_quantities(network))
        drugs.append(levels(scenario, now))
    return Course(
        readouts={name: np.array([row[name] for row in rows]) for name in before},
        layers={
            name: np.array([row[name] for row in layers]) for name in layer_quantities(network)
        },
        drug_level={name: np.array([row[name] for row in drugs]) for name in scenario.doses},
        healthy=before,
        base_rate_factor=factor,
        month=np.arange(scenario.cycles, dtype=np.float64) * constants.months_per_cycle,
    )


def run(scenario: Scenario, draws: Draws) -> Course:
    """Pretrain a patient and follow the course.

    Parameters
    ----------
    scenario
        Profile and treatment.
    draws
        `PublishedDraws` or `NamedDraws`, fresh.
    """
    return follow(scenario, pretrain(scenario, draws))
