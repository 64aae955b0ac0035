"""One patient's plain network before the disease: circuit, data and pretraining.

Written the way a laboratory would write it for one network: torch modules, autograd and Adam.
It imports nothing of the package, so that agreement with the package is evidence for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Protocol, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from plain_draws import Draws

#: What feeds each layer, in the order of the forward pass; empty for the task input.
FED_BY: dict[str, tuple[str, ...]] = {
    "prefrontal_limbic": (),
    "upper_motor": ("prefrontal_limbic",),
    "lower_motor": ("upper_motor",),
    "neuromuscular_junction": ("lower_motor",),
    "bulbar": ("neuromuscular_junction",),
    "respiratory": ("neuromuscular_junction",),
    "fine_motor": ("neuromuscular_junction",),
    "output": ("bulbar", "respiratory", "fine_motor"),
}

#: Units of the task input: a point in the plane.
INPUTS = 2

#: Signs of the cluster centres of limb, bulbar, respiratory and fine motor.
CENTRES = ((1, 1), (1, -1), (-1, 1), (-1, -1))


class Noise(Protocol):
    """Draws the standard normal noise of one layer's activation."""

    def __call__(self, shape: Sequence[int], /, *, layer: str) -> Tensor:
        """Draw standard normal numbers."""
        ...


class Layer(nn.Linear):
    """A linear map with masks, and what a disease adds to it.

    Attributes
    ----------
    weight_mask, bias_mask
        1 where a connection is alive, 0 where it is pruned.
    stress
        Smoothed gradient magnitude, one number an output neuron.
    aggregate
        Load of aggregated protein.
    noise
        Standard deviation of the activation noise now.
    flare
        Whether the layer flares in this cycle.
    """

    weight_mask: Tensor
    bias_mask: Tensor
    stress: Tensor

    def __init__(self, inputs: int, units: int, dtype: torch.dtype) -> None:
        super().__init__(inputs, units, dtype=dtype)
        self.register_buffer("weight_mask", torch.ones(units, inputs, dtype=dtype))
        self.register_buffer("bias_mask", torch.ones(units, dtype=dtype))
        self.register_buffer("stress", torch.zeros(units, dtype=dtype))
        self.aggregate = 0.0
        self.noise = 0.0
        self.flare = False

    def reset_parameters(self) -> None:
        """Start from zero: initial values are named draws, never the global generator's."""
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)

    @property
    def connections(self) -> int:
        """Weights of the layer, pruned ones included."""
        return self.weight.numel()

    @property
    def alive(self) -> int:
        """Weights that are not pruned."""
        return int(torch.count_nonzero(self.weight_mask))

    @property
    def sparsity(self) -> float:
        """Share of the weights that is pruned."""
        return (self.connections - self.alive) / self.connections


class Network(nn.Module):
    """The eight layers.

    Parameters
    ----------
    sizes
        Units by layer name, all eight.
    dtype
        Precision of weights and activations.

    Raises
    ------
    ValueError
        Other layer names than those of the circuit.
    """

    def __init__(self, sizes: Mapping[str, int], dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.noise_first = False
        if sizes.keys() != FED_BY.keys():
            raise ValueError(f"sizes: needs exactly the layers {', '.join(FED_BY)}")
        self.layers = nn.ModuleDict(
            {
                name: Layer(sum(sizes[source] for source in sources) or INPUTS, sizes[name], dtype)
                for name, sources in FED_BY.items()
            }
        )

    def __getitem__(self, name: str) -> Layer:
        return cast(Layer, self.layers[name])

    def named(self) -> Iterator[tuple[str, Layer]]:
        """Yield name and layer in the order of the forward pass."""
        for name in FED_BY:
            yield name, self[name]

    def set_noise(self, sd: float) -> None:
        """Give all eight layers the same activation noise."""
        for _, layer in self.named():
            layer.noise = sd

    def forward(self, points: Tensor, normal: Noise) -> Tensor:
        """Compute noisy logits; the hidden layers are rectified, before their noise or after."""
        active: dict[str, Tensor] = {}
        for name, sources in FED_BY.items():
            layer = self[name]
            parts = [active[source] for source in sources] or [points]
            value = layer(parts[0] if len(parts) == 1 else torch.cat(parts, dim=1))
            if name != "output" and not self.noise_first:
                value = value.relu_()
            if layer.noise > 0:
                value = torch.add(value, normal(value.shape, layer=name), alpha=layer.noise)
            if name != "output" and self.noise_first:
                value = value.relu_()
            active[name] = value
        return active["output"]


@dataclass(frozen=True)
class Task:
    """Points and class numbers, for training and held out."""

    train_points: Tensor
    train_classes: Tensor
    test_points: Tensor
    test_classes: Tensor


@dataclass(frozen=True)
class Pretrained:
    """A healthy network, its data, and its accuracy on the held-out points."""

    network: Network
    task: Task
    accuracy_percent: float


def make_task(draws: Draws, constants: Mapping[str, float], dtype: torch.dtype) -> Task:
    """Draw the four clusters and split them (Network Architecture)."""
    samples = int(constants["samples"])
    classes = torch.arange(samples) * len(CENTRES) // samples
    centres = torch.tensor(CENTRES, dtype=dtype) * constants["cluster_distance"]
    spread = constants["cluster_sd"] * draws.normal("cluster", (samples, INPUTS))
    points = centres[classes] + spread
    order = torch.argsort(draws.uniform("split", (samples,)), stable=True)
    held_out = round(constants["test_share"] * samples)
    test, train = order[:held_out], order[held_out:]
    return Task(points[train], classes[train], points[test], classes[test])


def factors(
    draws: Draws, layers: Sequence[str], constants: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """Draw what sets one patient apart (Disease Profiles and Scenarios: 0.85 to 1.15).

    Parameters
    ----------
    draws
        The patient's random numbers.
    layers
        Names of the layers.
    constants
        ``heterogeneity`` is the half-width of a factor.

    Returns
    -------
    base_rate, vulnerability : dict of str to float
        Factors by layer, to multiply the profile's numbers with.
    """
    half = constants["heterogeneity"]

    def by_layer(purpose: str) -> dict[str, float]:
        return {
            name: 1 - half + 2 * half * float(draws.uniform(purpose, (1,), layer=name))
            for name in layers
        }

    return by_layer("base_rate_factor"), by_layer("vulnerability_factor")


@torch.no_grad()
def initialise(network: Network, draws: Draws) -> None:
    """Draw weights and biases uniform within 1 / sqrt(inputs), as a torch linear layer does."""
    for name, layer in network.named():
        bound = sqrt(layer.in_features)
        weight = draws.uniform("initial_weight", layer.weight.shape, layer=name)
        bias = draws.uniform("initial_bias", layer.bias.shape, layer=name)
        layer.weight.copy_((2 * weight - 1) / bound)
        layer.bias.copy_((2 * bias - 1) / bound)


@torch.no_grad()
def accuracy(network: Network, task: Task, normal: Noise) -> float:
    """Percent of the held-out points put into their class, noise on."""
    guesses = network(task.test_points, normal).argmax(dim=1)
    return 100 * int((guesses == task.test_classes).sum()) / len(guesses)


def pretrain(
    draws: Draws,
    sizes: Mapping[str, int],
    constants: Mapping[str, float],
    dtype: torch.dtype = torch.float32,
) -> Pretrained:
    """Train a healthy network: full batches, Adam, base noise (Simulation Procedure).

    Parameters
    ----------
    draws
        The patient's random numbers.
    sizes
        Units by layer name, all eight.
    constants
        The model's constants by name.
    dtype
        Precision; that of the draws.

    Returns
    -------
    Pretrained
        Network, data and accuracy; `simulate` leaves them as they are.
    """
    task = make_task(draws, constants, dtype)
    network = Network(sizes, dtype)
    initialise(network, draws)
    network.set_noise(constants["noise_base"])
    optimiser = torch.optim.Adam(
        network.parameters(),
        lr=constants["pretraining_learning_rate"],
        betas=(constants["adam_beta1"], constants["adam_beta2"]),
        eps=constants["adam_epsilon"],
    )
    for epoch in range(int(constants["pretraining_epochs"])):
        noise = partial(draws.normal, "pretraining_noise", step=epoch)
        optimiser.zero_grad()
        loss = F.cross_entropy(network(task.train_points, noise), task.train_classes)
        torch.autograd.backward(loss)
        optimiser.step()
    optimiser.zero_grad()
    healthy = accuracy(network, task, partial(draws.normal, "pretraining_evaluation"))
    return Pretrained(network, task, healthy)
