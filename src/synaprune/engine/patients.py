"""Who the patients of a block are: their healthy networks, and how ill each will be.

A patient's data, initial weights and factors come from named streams that know neither profile
nor arm, so the same patient can be followed through every profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaprune.engine.cache import cached
from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.context import Disease
from synaprune.model.pretraining import Pretrained, pretrain
from synaprune.study import ResolvedProfile

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Patient:
    """One virtual patient.

    Attributes
    ----------
    streams
        The patient's draws before the disease.
    pretrained
        The healthy network and the task.
    base_rate_factor, vulnerability_factor
        What the profile's values are multiplied with, by layer: (layers,).
    """

    streams: Streams
    pretrained: Pretrained
    base_rate_factor: Float
    vulnerability_factor: Float


def make_patient(
    circuit: Circuit, constants: Constants, streams: Streams, *, half: bool, wait: bool
) -> Patient | None:
    """Draw a patient's factors and pretrain the healthy network, or find it in the cache.

    Parameters
    ----------
    circuit, constants, streams
        What the patient depends on.
    half
        Whether it is pretrained in bfloat16.
    wait
        Whether to wait for another process that is pretraining it.

    Returns
    -------
    Patient or None
        None where another process is pretraining it and `wait` is false.
    """
    pretrained = cached(
        circuit, constants, streams, lambda: pretrain(circuit, constants, streams, half=half),
        half=half, wait=wait,
    )  # fmt: skip
    if pretrained is None:
        return None
    return Patient(
        streams=streams,
        pretrained=pretrained,
        base_rate_factor=base_rate_factors(circuit, constants, streams),
        vulnerability_factor=_factors(
            "vulnerability_factor", circuit, constants.vulnerability_heterogeneity, streams
        ),
    )


def disease(profile: ResolvedProfile, patients: Sequence[Patient], circuit: Circuit,
            arms: int) -> Disease:  # fmt: skip
    """Rates and vulnerabilities of every run: the profile's values times the patient's factors.

    The published notebook varies base rates alone; the text says 'vulnerability modifiers'.
    """
    names = [layer.name for layer in circuit]
    base_rate = np.array([profile.base_rate[name] for name in names])
    vulnerability = np.array([profile.vulnerability[name] for name in names])
    rates = np.stack([base_rate * patient.base_rate_factor for patient in patients])
    weak = np.stack([vulnerability * patient.vulnerability_factor for patient in patients])
    return Disease(
        base_rate=np.repeat(rates, arms, axis=0),
        vulnerability=np.repeat(weak, arms, axis=0),
        clearance=np.full(len(patients) * arms, profile.clearance),
    )


def base_rate_factors(circuit: Circuit, constants: Constants, streams: Streams) -> Float:
    """Draw a factor on each layer's base rate, around 1 (Disease Profiles and Scenarios)."""
    return _factors("base_rate_factor", circuit, constants.heterogeneity, streams)


def _factors(purpose: str, circuit: Circuit, half_width: float, streams: Streams) -> Float:
    unit = [float(streams.uniform(purpose, (1,), layer=layer.name)) for layer in circuit]
    return 1.0 - half_width + 2.0 * half_width * np.array(unit)
