"""The only home of the model's constants: name, unit, bounds, source, and the paper's values.

A constant that the paper's text gives carries its value here. A constant that the text leaves open
is *silent*: it has no value here, and a preset of the study library supplies one with its
provenance: the author's published notebook, or a calibration. A profile may set any constant.
A constant means something only beside the form of the mechanism that reads it; where two forms
read one constant differently, its source says how.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any

#: Raised whenever the same study gives other numbers; part of every study hash.
NUMERICS_VERSION = 4


def _given(value: float, unit: str, low: float, high: float, source: str, part: str) -> Any:
    """Declare a constant whose value the paper gives."""
    return field(
        default=value,
        metadata={"unit": unit, "low": low, "high": high, "source": source, "part": part},
    )


def _silent(unit: str, low: float, high: float, source: str, part: str) -> Any:
    """Declare a constant that the paper leaves open; a preset must supply it."""
    return field(
        metadata={"unit": unit, "low": low, "high": high, "source": f"silent: {source}",
                  "part": part}
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Every constant of the model that is one number for all layers of a profile.

    Attributes are documented by `declared`, which lists unit, bounds, source and the part of the
    model that reads each.

    Examples
    --------
    >>> [d.name for d in declared() if d.part == "stress"]
    ['stress_smoothing']
    """

    months_per_cycle: float = _given(1.5, "months", 0.01, 120, "Simulation Procedure", "time")

    samples: int = _given(2000, "points", 8, 1_000_000, "Network Architecture", "task")
    test_share: float = _given(0.2, "share of points", 0.01, 0.9, "Network Architecture", "task")
    cluster_distance: float = _given(
        1.0, "input units", 0, 100, "Network Architecture: centres at plus or minus one", "task"
    )
    cluster_sd: float = _silent(
        "input units", 0, 100, "best possible accuracy is Phi(1/sd)^2; 95 to 96 % needs 0.5", "task"
    )

    pretraining_steps: int = _given(
        50,
        "steps",
        0,
        100_000,
        "Simulation Procedure: 50 epochs; published notebook: 50 steps of one batch",
        "pretraining",
    )
    pretraining_batch: int = _silent(
        "points", 1, 1_000_000, "drawn without replacement; all points where fewer", "pretraining"
    )
    pretraining_noise: float = _silent("activation sd", 0, 10, "of every layer", "pretraining")
    pretraining_learning_rate: float = _given(
        0.001, "per step", 0, 1, "Simulation Procedure", "pretraining"
    )
    adam_beta1: float = _silent("1", 0, 0.9999999, "PyTorch's default", "pretraining")
    adam_beta2: float = _silent("1", 0, 0.9999999, "PyTorch's default", "pretraining")
    adam_epsilon: float = _silent("1", 1e-16, 1, "PyTorch's default", "pretraining")

    drug_level_floor: float = _given(
        0.05, "share of a dose", 0, 1, "Treatment Implementation: active above 0.05", "treatment"
    )

    noise_base: float = _given(0.05, "activation sd", 0, 10, "Excitotoxicity", "excitotoxicity")
    noise_slope: float = _given(
        0.008, "activation sd per cycle", 0, 10, "Excitotoxicity", "excitotoxicity"
    )
    noise_sparsity_gain: float = _given(3.0, "1", 0, 100, "Excitotoxicity", "excitotoxicity")

    flare_threshold: float = _silent(
        "sparsity", 0, 1, "Results mention a threshold, no value", "flares"
    )
    flare_probability: float = _silent(
        "per cycle", 0, 1, "Results mention a probability gate, no value", "flares"
    )
    flare_pruning: float = _silent("times the rate", 0, 100, "size of a flare", "flares")
    flare_corruption: float = _silent(
        "share of a weight", 0, 1, "text: acute toxic spread behind the stepwise drops", "flares"
    )

    weak_share: float = _given(
        0.7, "share of pruned", 0, 1, "Pruning and Toxicity Mechanisms", "pruning"
    )
    pruning_slope: float = _silent(
        "per cycle",
        0,
        10,
        "'increased linearly', no value; published: added to the base rate, text: times it",
        "pruning",
    )
    toxicity_amplification: float = _silent(
        "times the rate per load",
        0,
        100,
        "'amplified by local toxicity', no form or value; text: saturates with the load",
        "pruning",
    )
    toxicity_threshold: float = _silent(
        "aggregate load", 0, 1000, "published: load above which pruning is amplified", "pruning"
    )
    rate_cap: float = _silent(
        "share of alive per cycle", 0, 1, "largest rate, whatever amplifies it", "pruning"
    )
    sparsity_wall: float = _silent(
        "sparsity", 0, 1, "text: the 97 % wall of the Discussion; tested before pruning", "pruning"
    )
    aggregate_gain: float = _silent(
        "load per share pruned", 0, 1000, "'proportional to the fraction pruned'", "pruning"
    )

    corruption_radius: int = _given(
        5,
        "positions of the flattened weights",
        0,
        10_000,
        "Pruning and Toxicity Mechanisms",
        "corruption",
    )
    corruption_magnitude: float = _silent(
        "weight sd",
        0,
        10,
        "published: added to a weight at no load; grows as 1 + load",
        "corruption",
    )
    corruption_strength: float = _silent(
        "share of a weight", 0, 1, "text: 'scaled by the current aggregate load'", "corruption"
    )
    corruption_half_load: float = _silent(
        "aggregate load", 1e-9, 1000, "text: load at half the strength", "corruption"
    )
    corruption_sd: float = _silent(
        "weight sd", 0, 10, "text: spread a corrupted weight drifts to", "corruption"
    )

    regrowth_base: float = _silent(
        "share of dead per cycle", 0, 1, "published: returns without any drug", "regrowth"
    )
    regrowth_share: float = _silent(
        "share of dead per cycle", 0, 1, "text: 'boost at a strength of 0.6', no amount", "regrowth"
    )
    regrowth_penalty: float = _silent(
        "per load",
        0,
        1000,
        "'penalties on any subsequent regrowth'; published: of the share, text: of the strength",
        "regrowth",
    )
    impaired_clearance: float = _silent(
        "per cycle", 0, 1, "text: autophagy counts as impaired below it", "regrowth"
    )
    regrowth_sd: float = _silent("weight sd", 0, 10, "size of a new connection", "regrowth")
    regrowth_jitter: float = _silent(
        "gradient",
        0,
        10,
        "breaks ties among equally stressed neurons; text: relative to the greatest stress",
        "regrowth",
    )
    guidance_level: float = _silent(
        "share of a dose",
        0,
        1,
        "published: drug level above which stress guides regrowth",
        "regrowth",
    )
    guidance_gradient: float = _silent(
        "gradient",
        0,
        10,
        "published: greatest stress of a layer below which none guides",
        "regrowth",
    )

    retraining_steps: int = _given(
        3, "steps per cycle", 0, 1000, "Simulation Procedure", "retraining"
    )
    retraining_batch: int = _silent(
        "points",
        1,
        1_000_000,
        "published: drawn without replacement, text: with replacement",
        "retraining",
    )
    retraining_learning_rate: float = _silent(
        "per step", 0, 10, "'the current learning rate', no value", "retraining"
    )

    stress_smoothing: float = _given(
        0.1, "per cycle", 0, 1, "Pruning and Toxicity Mechanisms", "stress"
    )

    respiratory_weight: float = _given(0.6, "1", 0, 1, "Table 1", "readouts")
    junction_weight: float = _given(0.4, "1", 0, 1, "Table 1", "readouts")
    cognitive_aggregate: float = _given(10.0, "points per load", 0, 1000, "Table 1", "readouts")
    cognitive_instability: float = _given(
        5.0, "points per weight sd", 0, 1000, "Table 1; instability as in Figure 2", "readouts"
    )

    heterogeneity: float = _given(
        0.15,
        "half-width of a patient's factor",
        0,
        0.99,
        "Disease Profiles and Scenarios: 0.85 to 1.15; of the base rates",
        "patients",
    )
    vulnerability_heterogeneity: float = _silent(
        "half-width of a patient's factor", 0, 0.99, "of the vulnerabilities", "patients"
    )


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of one constant.

    Attributes
    ----------
    name, unit, source
        As declared; `source` is a section of the paper, or starts with ``silent:``.
    kind
        int or float.
    low, high
        Bounds, both allowed.
    part
        The part of the model that reads it.
    given
        The paper's value, or None where the paper is silent.
    """

    name: str
    kind: type[int] | type[float]
    unit: str
    low: float
    high: float
    source: str
    part: str
    given: float | None


def _declaration(entry: Field[Any]) -> Declaration:
    kind: type[int] | type[float] = int if entry.type == "int" else float
    given = None if entry.default is MISSING else entry.default
    return Declaration(name=entry.name, kind=kind, given=given, **entry.metadata)


def declared() -> tuple[Declaration, ...]:
    """List every constant with unit, bounds, source and the paper's value.

    Returns
    -------
    tuple of Declaration
        In the order of the model's steps.
    """
    return tuple(_declaration(entry) for entry in fields(Constants))
