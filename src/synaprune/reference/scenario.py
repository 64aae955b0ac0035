"""What the reference needs to know, as plain numbers: circuit, constants, profile, drugs, doses.

No value stands here but the wiring of the circuit; sizes are free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Layer:
    """One linear map and the units that it feeds.

    Attributes
    ----------
    name
        Its name in results.
    fed_by
        The layers whose concatenated activation it reads; none for the task input.
    group
        limbic, motor or readout.
    """

    name: str
    fed_by: tuple[str, ...]
    group: Literal["limbic", "motor", "readout"]


#: The circuit in the order of the forward pass (Network Architecture).
LAYERS = (
    Layer("prefrontal_limbic", (), "limbic"),
    Layer("upper_motor", ("prefrontal_limbic",), "motor"),
    Layer("lower_motor", ("upper_motor",), "motor"),
    Layer("neuromuscular_junction", ("lower_motor",), "motor"),
    Layer("bulbar", ("neuromuscular_junction",), "motor"),
    Layer("respiratory", ("neuromuscular_junction",), "motor"),
    Layer("fine_motor", ("neuromuscular_junction",), "motor"),
    Layer("output", ("bulbar", "respiratory", "fine_motor"), "readout"),
)

#: Coordinates of a point of the task (Network Architecture).
INPUTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """The constants of one profile that the reference reads; units as in `synaprune constants`."""

    months_per_cycle: float
    samples: int
    test_share: float
    cluster_distance: float
    cluster_sd: float
    pretraining_steps: int
    pretraining_batch: int
    pretraining_learning_rate: float
    adam_beta1: float
    adam_beta2: float
    adam_epsilon: float
    heterogeneity: float
    drug_level_floor: float
    flare_threshold: float
    flare_probability: float
    flare_pruning: float
    pruning_slope: float
    weak_share: float
    toxicity_amplification: float
    toxicity_threshold: float
    rate_cap: float
    aggregate_gain: float
    corruption_radius: int
    corruption_magnitude: float
    regrowth_base: float
    regrowth_penalty: float
    regrowth_sd: float
    regrowth_jitter: float
    guidance_level: float
    guidance_gradient: float
    noise_base: float
    noise_slope: float
    noise_sparsity_gain: float
    retraining_steps: int
    retraining_batch: int
    retraining_learning_rate: float
    stress_smoothing: float
    respiratory_weight: float
    junction_weight: float
    cognitive_aggregate: float
    cognitive_instability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """What a drug does at its full level.

    Attributes
    ----------
    half_life
        In cycles.
    noise_reduction, pruning_reduction
        Shares of noise and pruning that it takes away.
    regrowth
        Share of the dead that it adds to regrowth.
    learning_rate_gain, clearance_gain
        What it adds to the factor of either; 1 doubles it.
    """

    half_life: float
    noise_reduction: float = 0.0
    pruning_reduction: float = 0.0
    regrowth: float = 0.0
    learning_rate_gain: float = 0.0
    clearance_gain: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One profile under one treatment.

    Attributes
    ----------
    units
        Units by layer.
    constants
        Of the profile.
    base_rate
        Share of the alive connections pruned a cycle, by layer.
    vulnerability
        Factor on the noise, by layer; the output layer, which has no noise, may be left out.
    clearance
        Share of the aggregate cleared a cycle.
    drugs
        By name.
    doses
        Cycles with a dose, by drug; empty for an untreated course.
    cycles
        Length of the course.
    """

    units: Mapping[str, int]
    constants: Constants
    base_rate: Mapping[str, float]
    vulnerability: Mapping[str, float]
    clearance: float
    drugs: Mapping[str, Drug]
    doses: Mapping[str, Sequence[int]]
    cycles: int

    def shape(self, layer: Layer) -> tuple[int, int]:
        """Shape of a layer's weights: (units, inputs)."""
        return self.units[layer.name], sum(self.units[name] for name in layer.fed_by) or INPUTS
