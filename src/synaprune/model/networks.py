"""The state of a block: many networks of one circuit, stacked on a leading axis of runs.

A run is one patient under one arm. Runs of the same patient are twins: they share every random
draw, so that arms differ only by what the drugs do. Small numbers (aggregate, noise) are kept on
the host in float64; tensors live on the run's device in its precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synaprune.model.circuit import Circuit, Layer

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
        Smoothed gradient magnitude of each output neuron: (runs, units).
    gradient
        Mean absolute gradient over the alive inputs of each neuron at the last retraining step:
        (runs, units).
    """

    layer: Layer
    weight: Tensor
    alive: Tensor
    bias: Tensor
    bias_alive: Tensor
    stress: Tensor
    gradient: Tensor


@dataclass(slots=True)
class Networks:
    """All runs of a block.

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
        Runs of each patient, in the order of the patients' draws.
    """

    circuit: Circuit
    layers: tuple[LayerState, ...]
    aggregate: NDArray[np.float64]
    noise: NDArray[np.float64]
    twins: tuple[range, ...]

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
            weight = _aligned((runs, *layer.shape), dtype, device)
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
                    stress=torch.zeros(bias.shape, dtype=dtype, device=device),
                    gradient=torch.zeros(bias.shape, dtype=dtype, device=device),
                )
            )
        shape = runs, len(circuit)
        twins = tuple(range(p * arms, (p + 1) * arms) for p in range(len(parameters)))
        return cls(circuit, tuple(layers), np.zeros(shape), np.zeros(shape), twins)

    @property
    def runs(self) -> int:
        """Number of runs in the block."""
        return len(self.aggregate)

    def alive_count(self, run: int, position: int) -> int:
        """Connections alive in one layer of one run."""
        return int(torch.count_nonzero(self.layers[position].alive[run]))

    def sparsity(self, run: int, position: int) -> float:
        """Share of the connections of one layer of one run that are pruned."""
        connections = self.layers[position].layer.connections
        return 1.0 - self.alive_count(run, position) / connections

    def parameters(self, run: int) -> list[Tensor]:
        """Weight and bias of each layer of one run in turn; views, not copies."""
        return [tensor for s in self.layers for tensor in (s.weight[run], s.bias[run])]

    def masks(self, run: int) -> list[Tensor]:
        """Masks of `parameters`, as numbers 0 and 1 in the run's precision."""
        return [
            mask.to(state.weight.dtype)
            for state in self.layers
            for mask in (state.alive[run], state.bias_alive[run])
        ]

    def apply_masks(self) -> None:
        """Set every pruned weight and bias to zero."""
        for state in self.layers:
            state.weight.mul_(state.alive)
            state.bias.mul_(state.bias_alive)


def _aligned(shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Allocate a stack whose runs all start on an aligned address."""
    size = int(np.prod(shape[1:]))
    step = ALIGNMENT // dtype.itemsize
    padded = -(-size // step) * step
    storage = torch.empty((shape[0], padded), dtype=dtype, device=device)
    return storage[:, :size].view(shape)
