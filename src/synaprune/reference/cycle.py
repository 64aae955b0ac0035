"""One cycle of the disease, step by step in the order of the published notebook.

Each step takes the network, the scenario and the draws of the cycle, and changes the network.
Rates, aggregates and counts are float64 and multiplied in the order of the notebook, because a
count is a product cut off: 0.7 x 660 gives 461.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from synaprune.reference.draws import Draws, Task
from synaprune.reference.network import Network
from synaprune.reference.scenario import LAYERS, Scenario
from synaprune.reference.treatment import Effects, effects


def cycle(
    network: Network,
    scenario: Scenario,
    base_rate: dict[str, float],
    task: Task,
    now: int,
    draws: Draws,
) -> float:
    """Follow the network through one cycle (Simulation Procedure).

    Parameters
    ----------
    network
        As the last cycle left it; changed.
    scenario
        Profile and treatment.
    base_rate
        The profile's rate times the patient's factor, by layer.
    task
        The patient's points.
    now
        The cycle, from 0.
    draws
        Of this cycle.

    Returns
    -------
    float
        Accuracy on the test points under this cycle's noise, in percent.
    """
    drugs = effects(scenario, now)
    flares(network, scenario, draws)
    with torch.no_grad():
        gone = {}
        for name, rate in base_rate.items():
            rising = rate + scenario.constants.pruning_slope * now
            gone[name] = prune(network, scenario, name, rising * drugs.pruning, draws)
        for name, where in gone.items():
            corrupt(network, scenario, name, where, draws)
        clear(network, scenario, drugs)
        for name in base_rate:
            regrow(network, scenario, name, drugs, draws)
    network.mask()
    excite(network, scenario, now, drugs)
    retrain(network, scenario, task, drugs, draws)
    add_stress(network, scenario)
    return network.accuracy_percent(task, partial(_noise, network, draws, "evaluation_noise", 0))


def flares(network: Network, scenario: Scenario, draws: Draws) -> None:
    """Let each layer above the threshold flare by itself."""
    constants = scenario.constants
    prone = [network.sparsity(layer.name) > constants.flare_threshold for layer in LAYERS]
    flaring = draws.flares(prone, constants.flare_probability)
    network.flare = {layer.name: flare for layer, flare in zip(LAYERS, flaring, strict=True)}


def prune(network: Network, scenario: Scenario, name: str, rate: float, draws: Draws) -> Tensor:
    """Prune one layer: the weakest first, the rest at random; load its aggregate.

    Returns
    -------
    Tensor
        Positions of the weights that go.
    """
    constants = scenario.constants
    weight, alive, load = network.weight[name], network.alive[name], network.aggregate[name]
    if network.flare[name]:
        rate *= constants.flare_pruning
    if load > constants.toxicity_threshold:
        rate *= 1 + constants.toxicity_amplification * (load - constants.toxicity_threshold)
    count = int(min(constants.rate_cap, rate) * int(alive.sum()))
    weak = int(constants.weak_share * count)
    gone = [draws.weakest(weight.abs(), alive, weak)] if weak else []
    _set(alive, gone, value=False)
    if count > weak:
        gone.append(draws.random_pruning(name, alive, count - weak))
        _set(alive, gone[-1:], value=False)
    weight.masked_fill_(~alive, 0)
    network.aggregate[name] += constants.aggregate_gain * count / alive.numel()
    return torch.cat(gone) if gone else torch.empty(0, dtype=torch.int64)


def corrupt(network: Network, scenario: Scenario, name: str, gone: Tensor, draws: Draws) -> None:
    """Disturb the alive neighbours of what was pruned in this cycle."""
    constants = scenario.constants
    weight, alive = network.weight[name], network.alive[name]
    reach = torch.arange(-constants.corruption_radius, constants.corruption_radius + 1)
    near = torch.zeros(alive.numel(), dtype=torch.bool)
    near[(gone[:, None] + reach).clamp(0, alive.numel() - 1).flatten()] = True
    where = (near & alive.flatten()).nonzero().flatten()
    if len(where):
        size = constants.corruption_magnitude * (1 + network.aggregate[name])
        weight.view(-1)[where] += size * draws.corruption(name, _shape(weight), where)


def clear(network: Network, scenario: Scenario, drugs: Effects) -> None:
    """Clear a share of every aggregate (autophagy)."""
    share = min(1.0, scenario.clearance * drugs.clearance)
    for name in network.aggregate:
        network.aggregate[name] -= share * network.aggregate[name]


def regrow(network: Network, scenario: Scenario, name: str, drugs: Effects, draws: Draws) -> None:
    """Let dead connections of one layer return, in every arm and profile."""
    constants = scenario.constants
    weight, alive = network.weight[name], network.alive[name]
    dead = int((~alive).sum())
    share = (constants.regrowth_base + drugs.regrowth) * max(
        0.0, 1 - constants.regrowth_penalty * network.aggregate[name]
    )
    count = min(dead, int(share * dead))
    if not count:
        return
    score = (network.stress[name] * alive).sum(1) / alive.sum(1).clamp(min=1)
    if drugs.guidance > constants.guidance_level and score.max() >= constants.guidance_gradient:
        where = draws.guided_regrowth(name, alive, score, constants.regrowth_jitter, count)
    else:
        where = draws.random_regrowth(name, alive, count)
    _set(alive, [where], value=True)
    new = draws.new_weights(name, _shape(weight), where)
    weight.view(-1)[where] = constants.regrowth_sd * new


def excite(network: Network, scenario: Scenario, now: int, drugs: Effects) -> None:
    """Set the noise of every layer but the output (Excitotoxicity)."""
    constants = scenario.constants
    for layer in LAYERS[:-1]:
        network.noise[layer.name] = (
            (constants.noise_base + constants.noise_slope * now)
            * (1 + constants.noise_sparsity_gain * network.sparsity(layer.name))
            * scenario.vulnerability[layer.name]
            * max(0.0, drugs.noise)
        )


def retrain(network: Network, scenario: Scenario, task: Task, drugs: Effects, draws: Draws) -> None:
    """Take a few plain gradient steps under noise; the dead stay dead."""
    constants = scenario.constants
    rate = constants.retraining_learning_rate * drugs.learning_rate
    descent = torch.optim.SGD(network.parameters, lr=rate)
    for step in range(constants.retraining_steps):
        points = len(task.train_points)
        batch = draws.batch("batch", points, constants.retraining_batch, step)
        noise = partial(_noise, network, draws, "retraining_noise", step)
        descent.zero_grad()
        network.loss(task.train_points[batch], task.train_labels[batch], noise).backward()  # type: ignore[no-untyped-call]
        descent.step()
        network.mask()


def add_stress(network: Network, scenario: Scenario) -> None:
    """Average the magnitude of the last step's gradient, dead connections included."""
    share = scenario.constants.stress_smoothing
    for name, weight in network.weight.items():
        if weight.grad is not None:
            now = share * weight.grad.abs()
            network.stress[name] = (1 - share) * network.stress[name] + now


def _noise(
    network: Network, draws: Draws, purpose: str, step: int, layer: str, shape: tuple[int, int]
) -> Tensor:
    return draws.noise(purpose, layer, shape, step) * network.noise[layer]


def _set(alive: Tensor, where: list[Tensor], *, value: bool) -> None:
    for positions in where:
        alive.view(-1)[positions] = value


def _shape(weight: Tensor) -> tuple[int, int]:
    units, inputs = weight.shape
    return units, inputs
