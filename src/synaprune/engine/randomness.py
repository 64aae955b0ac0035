"""Named random streams: every number is found by its name, never by the order of calls.

A name is (study seed, patient, purpose, cycle, step, layer). Its BLAKE2b hash is the 128-bit name
of a stream of a counter-based generator (Philox 4x32-10), so any stream can be produced alone, in
any process, in any order. Neither the profile nor the arm is in the name: a patient is the same
person in every profile, and the arms of a patient are counterfactual twins. What is drawn about
trials and resamples, not about patients, is named as well: see `generator`. No other module makes
random numbers.

Seeds are hashed whole. (torch's own CPU generator uses the low 32 bits of a seed, so two seeds
that differ above them would give the same patients.)
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synaprune.engine import philox, philox_device

#: Raised whenever a name gives other numbers.
RANDOMNESS_VERSION = 1


def generator(*name: int) -> np.random.Generator:
    """Draws that no patient sees: points of a search, resamples of an interval.

    Parameters
    ----------
    name
        A seed, and what tells the stream from others of that seed: whole numbers, at least 0.

    Examples
    --------
    >>> bool(generator(1, 7).random() == generator(1, 7).random() != generator(1, 8).random())
    True
    """
    return np.random.default_rng(list(name))


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
        count, key = prod(shape), self._key(purpose, layer, step)
        if self.device == "cpu":
            numbers = torch.from_numpy(philox.normals(key, count))
        else:
            numbers = philox_device.normals(key, count, self.device)
        return numbers.view(shape).to(self.dtype)

    def uniform(
        self, purpose: str, shape: tuple[int, ...], *, layer: str = "", step: int = 0
    ) -> Tensor:
        """Draw U[0, 1) numbers, multiples of 2^-24."""
        count, key = prod(shape), self._key(purpose, layer, step)
        if self.device == "cpu":
            numbers = torch.from_numpy(philox.uniforms(key, count))
        else:
            numbers = philox_device.uniforms(key, count, self.device)
        return numbers.view(shape).to(self.dtype)

    def series(self, purpose: str, start: int, count: int) -> NDArray[np.float64]:
        """Take U[0, 1) numbers of one endless row of the patient, whatever the cycle.

        Examples
        --------
        >>> row = Streams(seed=1, patient=0).series("demo", 0, 9)
        >>> bool((Streams(seed=1, patient=0, cycle=5).series("demo", 6, 3) == row[6:]).all())
        True
        """
        return philox.series(Streams(self.seed, self.patient)._key(purpose, "", 0), start, count)

    def integers(self, purpose: str, shape: tuple[int, ...], high: int, *, step: int = 0) -> Tensor:
        """Draw int64 numbers on 0 to high - 1; their bias is below high / 2^32."""
        words = philox.words(self._key(purpose, "", step), prod(shape)).reshape(-1)
        numbers = (words[: prod(shape)].astype(np.uint64) * np.uint64(high)) >> np.uint64(32)
        return torch.from_numpy(numbers.astype(np.int64).reshape(shape)).to(self.device)

    def _key(self, purpose: str, layer: str, step: int) -> philox.Words:
        when = "-" if self.cycle is None else self.cycle
        name = f"{self.seed}|{self.patient}|{purpose}|{when}|{step}|{layer}"
        digest = blake2b(name.encode(), digest_size=16).digest()
        return np.frombuffer(digest, dtype="<u4")
