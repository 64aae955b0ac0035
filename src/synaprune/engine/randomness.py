"""Named random streams: every number is found by its name, never by the order of calls.

A name is (study seed, patient, purpose, cycle, step, layer). Its BLAKE2b hash is the 128-bit key
of a counter-based generator (Philox 4x64-10), so any stream can be produced alone, in any process,
in any order. Neither the profile nor the arm is in the name: a patient is the same person in every
profile, and the arms of a patient are counterfactual twins. No other module draws random numbers.

Seeds are hashed whole. (torch's own CPU generator uses the low 32 bits of a seed, so two seeds
that differ above them would give the same patients.)
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import pi, prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

#: Raised whenever a name gives other numbers.
RANDOMNESS_VERSION = 1

_PAIRS = 8192  # pairs of normals made at a time: their work arrays stay in the first caches


@dataclass(frozen=True, slots=True)
class Streams:
    """The draws of one patient, before the disease (cycle None) or in one cycle.

    Attributes
    ----------
    seed
        The study's seed, 0 to 2^63 - 1.
    patient
        The patient's number, from 0.
    cycle
        The cycle, or None before the disease.
    dtype, device
        Of the tensors handed out. Numbers are made in float32 and widened.

    Examples
    --------
    >>> draws = Streams(seed=1, patient=0)
    >>> bool((draws.normal("demo", (3,)) == draws.normal("demo", (3,))).all())
    True
    """

    seed: int
    patient: int
    cycle: int | None = None
    dtype: torch.dtype = torch.float32
    device: str = "cpu"

    def at(self, cycle: int) -> Streams:
        """Draws of the same patient in a cycle."""
        return Streams(self.seed, self.patient, cycle, self.dtype, self.device)

    def normal(
        self, purpose: str, shape: tuple[int, ...], *, layer: str = "", step: int = 0
    ) -> Tensor:
        """Draw N(0, 1) numbers."""
        count = prod(shape)
        words = self._generator(purpose, layer, step).random_raw((count + 1) // 2)
        return self._tensor(_normals(words.view(np.uint32), count), shape)

    def uniform(
        self, purpose: str, shape: tuple[int, ...], *, layer: str = "", step: int = 0
    ) -> Tensor:
        """Draw U[0, 1) numbers, multiples of 2^-24."""
        count = prod(shape)
        words = self._generator(purpose, layer, step).random_raw((count + 1) // 2)
        bits = words.view(np.uint32)[:count] >> np.uint32(8)
        return self._tensor(bits.astype(np.float32) * np.float32(2.0**-24), shape)

    def integers(self, purpose: str, shape: tuple[int, ...], high: int, *, step: int = 0) -> Tensor:
        """Draw int64 numbers on 0 to high - 1; their bias is below high / 2^53."""
        words = self._generator(purpose, "", step).random_raw(prod(shape))
        unit = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
        numbers = np.floor(unit * high).astype(np.int64)
        return torch.from_numpy(numbers.reshape(shape)).to(self.device)

    def _generator(self, purpose: str, layer: str, step: int) -> np.random.Philox:
        when = "-" if self.cycle is None else self.cycle
        name = f"{self.seed}|{self.patient}|{purpose}|{when}|{step}|{layer}"
        key = blake2b(name.encode(), digest_size=16).digest()
        return np.random.Philox(key=np.frombuffer(key, dtype="<u8"))

    def _tensor(self, numbers: NDArray[np.float32], shape: tuple[int, ...]) -> Tensor:
        return torch.from_numpy(numbers).view(shape).to(dtype=self.dtype, device=self.device)


def _normals(words: NDArray[np.uint32], count: int) -> NDArray[np.float32]:
    """Turn uniform words into normals by the Box-Muller transform.

    The first half of the words gives radii, the second half angles. A number depends on its
    position alone, so a part of a stream can be made without the rest.
    """
    pairs = len(words) // 2
    out = np.empty(2 * pairs, dtype=np.float32)
    unit, turn = np.float32(2.0**-32), np.float32(2.0 * pi * 2.0**-32)
    for start in range(0, pairs, _PAIRS):
        stop = min(start + _PAIRS, pairs)
        radius = words[start:stop].astype(np.float32)
        radius += np.float32(1)
        radius *= unit
        np.log(radius, out=radius)
        radius *= np.float32(-2)
        np.sqrt(radius, out=radius)
        angle = words[pairs + start : pairs + stop].astype(np.float32)
        angle *= turn
        np.multiply(radius, np.cos(angle), out=out[start:stop])
        np.multiply(radius, np.sin(angle), out=out[pairs + start : pairs + stop])
    return out[:count]
