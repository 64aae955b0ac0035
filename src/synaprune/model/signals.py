"""Memory that passes through one circuit write into, again and again.

Fetching fresh memory for every activation costs as much as some of the products, and so does
finding the same array anew at every step. Layers that are read together (the three streams) lie
next to each other, so nothing is copied to join or split them. Everything is (units, samples).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from synaprune.model.circuit import Circuit
from synaprune.model.kernels import kernels

_NOTHING = torch.empty((0, 0), dtype=torch.bfloat16)


class Signal:
    """An activation or a slope, in the run's precision and, where a product wants it, in bfloat16.

    Parameters
    ----------
    single
        (units, samples).
    half
        The same in bfloat16, or nothing of it: (0, 0).
    whole
        What it is some units of.

    Attributes
    ----------
    single, half
        The tensors.
    values, bits
        What the kernels of the device take for them.
    rounded
        Whether a product left its result in `half`, and `single` is not yet filled.
    """

    __slots__ = ("_whole", "bits", "half", "rounded", "single", "values")

    def __init__(self, single: Tensor, half: Tensor, whole: Signal | None = None) -> None:
        loops = kernels(single)
        self.single, self.half = single, half
        self.values: Any = loops.native(single)
        self.bits: Any = loops.native(half)
        self.rounded = False
        self._whole = whole

    @property
    def whole(self) -> Signal:
        """The signal that this is some units of, or this one."""
        return self._whole or self

    def fill(self) -> None:
        """Make sure that `single` holds the numbers."""
        if self.rounded:
            self.single.copy_(self.half)
            self.rounded = False

    def rows(self, start: int, stop: int) -> Signal:
        """Some units of it, in the same memory."""
        return Signal(self.single[start:stop], self.half[start:stop], self)


class Slope(Signal):
    """The slope of the loss at a layer's sums.

    Attributes
    ----------
    sums
        Over the samples, which is the slope at the biases: (units,).
    live
        How many units are listed in `units`, and how many rows of `single` are filled.
    units
        Which units the rows belong to: all, or those that were not silent in every sample.
    """

    __slots__ = ("live", "sums", "units")

    def __init__(self, single: Tensor, half: Tensor, whole: Signal | None = None) -> None:
        super().__init__(single, half, whole)
        loops = kernels(single)
        self.live = len(single)
        self.sums: Any = loops.native(single.new_zeros(self.live))
        self.units: Any = loops.native(torch.arange(self.live, device=single.device))


class Memory:
    """What one pass forward and back through a circuit needs.

    Parameters
    ----------
    circuit
        The circuit.
    samples
        Points that pass at a time.
    like
        A tensor of the run's precision on its device.
    half
        Whether products may want bfloat16.
    noise_first
        Whether noise is added before the rectifier.

    Attributes
    ----------
    half, noise_first
        See above.
    given, heard, slope
        Of each layer: its activation; which units were not silent, bool; the slope at its sums.
    received
        What each layer receives; the first entry is set to the points.
    sent
        Where each layer sends the slope back to; None for the first layer.
    parts
        The slopes that `sent` consists of.
    adds
        Whether another layer has sent there before.
    readers
        Positions of the layers that read each layer.
    """

    def __init__(
        self,
        circuit: Circuit,
        samples: int,
        like: Tensor,
        *,
        half: bool = False,
        noise_first: bool = False,
    ) -> None:
        self._like, self.half, self._samples = like, half, samples
        self.noise_first = noise_first
        layers = circuit.layers
        where = {layer.name: position for position, layer in enumerate(layers)}
        self.given = [self._signal(layer.units) for layer in layers]
        self.slope = [Slope(*self._pair(layer.units)) for layer in layers]
        self.heard: list[Any] = [
            kernels(like).native(torch.zeros_like(given.single, dtype=torch.bool))
            for given in self.given
        ]
        self.received: list[Signal] = [self.given[0]] * len(layers)
        self.sent: list[Signal | None] = [None] * len(layers)
        self.parts: list[list[Slope]] = [[] for _ in layers]
        for position, layer in enumerate(layers):
            self._connect(position, [where[name] for name in layer.fed_by])
        self.readers = [[p for p, layer in enumerate(layers) if name in layer.fed_by]
                        for name in where]  # fmt: skip
        self.adds = [
            any(max(self.readers[where[name]]) > position for name in layer.fed_by)
            for position, layer in enumerate(layers)
        ]

    def receive(self, points: Tensor) -> None:
        """Set the points that pass next: (inputs, samples)."""
        self.received[0] = Signal(points, points.to(torch.bfloat16) if self.half else _NOTHING)

    def _pair(self, units: int) -> tuple[Tensor, Tensor]:
        single = self._like.new_empty((units, self._samples))
        shape = single.shape if self.half else (0, 0)
        return single, single.new_empty(shape, dtype=torch.bfloat16)

    def _signal(self, units: int) -> Signal:
        return Signal(*self._pair(units))

    def _connect(self, position: int, feeders: list[int]) -> None:
        """Let a layer read from its feeders and send back to them."""
        if not feeders:
            return
        if len(feeders) == 1:
            self.received[position] = self.given[feeders[0]]
            self.sent[position] = self.slope[feeders[0]]
        else:
            sizes = [len(self.given[feeder].single) for feeder in feeders]
            received, sent = self._signal(sum(sizes)), self._signal(sum(sizes))
            start = 0
            for feeder, size in zip(feeders, sizes, strict=True):
                self.given[feeder] = received.rows(start, start + size)
                part = sent.rows(start, start + size)
                self.slope[feeder] = Slope(part.single, part.half, sent)
                start += size
            self.received[position], self.sent[position] = received, sent
        self.parts[position] = [self.slope[feeder] for feeder in feeders]
