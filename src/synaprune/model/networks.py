"""The state of many networks of one circuit, stacked on a leading axis of runs.

A run is one patient under one arm. Runs of the same patient are twins: they share every random
draw, so that arms differ only by what the drugs do. Small numbers (aggregate, noise) are kept on
the host in float64; tensors live on the run's device in its precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synaprune.model.circuit import Circuit, Layer
from synaprune.model.kernels import kernels
from synaprune.model.products import Product, products
from synaprune.model.products.dense import Scratch
from synaprune.model.signals import Memory

#: Memory alignment of each run's tensors in bytes: matrix products of one run must not depend on
#: its place in the block, and linear-algebra libraries choose kernels by alignment.
ALIGNMENT = 64


@dataclass(frozen=True, slots=True)
class LayerState:
    """One layer of every run.

    Attributes
    ----------
    layer
        Its description.
    weight, alive
        Connections and whether they exist: (runs, units, inputs), float and bool. A pruned
        weight is exactly 0 after every step.
    bias, bias_alive
        The same for biases: (runs, units).
    stress
        Smoothed gradient magnitude of each weight, pruned ones included: (runs, units, inputs).
    gradient
        Gradient of the loss at the last retraining step, likewise: (runs, units, inputs).
    """

    layer: Layer
    weight: Tensor
    alive: Tensor
    bias: Tensor
    bias_alive: Tensor
    stress: Tensor
    gradient: Tensor


class Connections(NamedTuple):
    """One layer of one run, as kernels take it; entries as in `LayerState`."""

    weight: Any
    alive: Any
    bias: Any
    bias_alive: Any
    stress: Any
    gradient: Any


@dataclass(slots=True)
class Networks:
    """Runs that are computed together: all arms of one patient or more.

    Attributes
    ----------
    circuit
        The circuit that every run shares.
    layers
        Tensors by layer, in the order of the circuit.
    aggregate
        Toxic aggregate load A, at least 0: (runs, layers), float64.
    noise
        Standard deviation of the activation noise: (runs, layers), float64.
    twins
        Runs of each patient that are being computed, in the order of the patients' draws. Runs
        that do not differ yet from one of them wait.
    half
        Whether dense products run in bfloat16.
    noise_first
        Whether noise is added before the rectifier, from the next pass on.
    """

    circuit: Circuit
    layers: tuple[LayerState, ...]
    aggregate: NDArray[np.float64]
    noise: NDArray[np.float64]
    twins: list[list[int]]
    half: bool = False
    noise_first: bool = False
    _products: dict[int, list[Product]] = field(default_factory=dict)
    _scratch: Scratch = field(default_factory=Scratch)
    _memory: dict[tuple[int, bool, bool], Memory] = field(default_factory=dict)
    _connections: dict[int, list[Connections]] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out of a copy what shares memory with this one."""
        kept = {name: getattr(self, name) for name in self.__slots__}
        return kept | {"_products": {}, "_scratch": Scratch(), "_memory": {}, "_connections": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over a copied state."""
        for name, value in state.items():
            setattr(self, name, value)

    @classmethod
    def of_patients(
        cls, circuit: Circuit, parameters: Sequence[Sequence[Tensor]], arms: int
    ) -> Networks:
        """Stack one copy of every patient's healthy network for each arm.

        Parameters
        ----------
        circuit
            The circuit.
        parameters
            For each patient, weight and bias of each layer in turn.
        arms
            Runs of each patient.
        """
        runs = len(parameters) * arms
        dtype, device = parameters[0][0].dtype, parameters[0][0].device
        layers = []
        for position, layer in enumerate(circuit):
            weight, stress, gradient = (
                _aligned((runs, *layer.shape), dtype, device) for _ in range(3)
            )
            bias = _aligned((runs, layer.units), dtype, device)
            for patient, tensors in enumerate(parameters):
                weight[patient * arms : (patient + 1) * arms] = tensors[2 * position]
                bias[patient * arms : (patient + 1) * arms] = tensors[2 * position + 1]
            layers.append(
                LayerState(
                    layer=layer,
                    weight=weight,
                    alive=torch.ones(weight.shape, dtype=torch.bool, device=device),
                    bias=bias,
                    bias_alive=torch.ones(bias.shape, dtype=torch.bool, device=device),
                    stress=stress,
                    gradient=gradient,
                )
            )
        shape = runs, len(circuit)
        twins = [list(range(p * arms, (p + 1) * arms)) for p in range(len(parameters))]
        return cls(circuit, tuple(layers), np.zeros(shape), np.zeros(shape), twins)

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.aggregate)

    @property
    def active(self) -> list[int]:
        """Runs that are being computed."""
        return [run for twins in self.twins for run in twins]

    def alive_count(self, run: int, position: int) -> int:
        """Connections alive in one layer of one run."""
        alive = self.connections(run)[position].alive
        return kernels(alive).count(alive)

    def sparsity(self, run: int, position: int) -> float:
        """Share of the connections of one layer of one run that are pruned."""
        connections = self.layers[position].layer.connections
        return 1.0 - self.alive_count(run, position) / connections

    def connections(self, run: int) -> list[Connections]:
        """Each layer of one run as kernels take it; the same memory as in `layers`."""
        if run not in self._connections:
            self._connections[run] = [
                Connections(*(
                    kernels(tensor).native(tensor[run])
                    for tensor in (state.weight, state.alive, state.bias, state.bias_alive,
                                   state.stress, state.gradient)
                ))
                for state in self.layers
            ]  # fmt: skip
        return self._connections[run]

    def memory(self, samples: int) -> Memory:
        """Memory for passes of so many points; one pass at a time."""
        key = samples, self.half, self.noise_first
        if key not in self._memory:
            like = self.layers[0].weight
            self._memory[key] = Memory(
                self.circuit, samples, like, half=self.half, noise_first=self.noise_first
            )
        return self._memory[key]

    def products(self, run: int) -> list[Product]:
        """Products with the weights of each layer of one run.

        Their form follows from the masks as `apply_masks` last saw them.
        """
        if run not in self._products:
            self._products[run] = products(
                [state.weight[run] for state in self.layers],
                [state.alive[run] for state in self.layers],
                self.circuit.together, half=self.half, scratch=self._scratch,
            )  # fmt: skip
        return self._products[run]

    def apply_masks(self) -> None:
        """Set every pruned weight and bias of the active runs to zero."""
        self._products.clear()
        loops = kernels(self.layers[0].weight)
        for run in self.active:
            for layer in self.connections(run):
                loops.clear(layer.weight, layer.alive)
                loops.clear(layer.bias, layer.bias_alive)

    def copy_run(self, source: int, target: int) -> None:
        """Make one run the exact copy of another."""
        for state in self.layers:
            for tensor in (state.weight, state.alive, state.bias, state.bias_alive, state.stress,
                           state.gradient):  # fmt: skip
                tensor[target] = tensor[source]
        self.aggregate[target] = self.aggregate[source]
        self.noise[target] = self.noise[source]


def _aligned(shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Allocate a stack of zeros whose runs all start on an aligned address."""
    size = int(np.prod(shape[1:]))
    step = ALIGNMENT // dtype.itemsize
    padded = -(-size // step) * step
    storage = torch.zeros((shape[0], padded), dtype=dtype, device=device)
    return storage[:, :size].view(shape)
