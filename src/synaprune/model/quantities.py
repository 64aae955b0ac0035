"""What a run reports, by name: the readouts of Table 1 and two quantities beside them.

Names, ranges and meanings stand here without any arithmetic (which is in `readouts`), so that
tables, figures and claims can speak of a readout without loading the model.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Readout:
    """One reported quantity.

    Attributes
    ----------
    name
        Column name in results.
    title
        Name in words.
    maximum
        Upper end of its range, or None where it has none. The lower end is 0.
    unit
        Unit in words.
    definition
        How it follows from the circuit (Table 1).
    """

    name: str
    title: str
    maximum: float | None
    unit: str
    definition: str


READOUTS: tuple[Readout, ...] = (
    Readout("accuracy_percent", "Accuracy", 100, "%", "test points classified correctly"),
    Readout("total_sparsity_percent", "Total sparsity", 100, "%", "weights pruned, all layers"),
    Readout("depression_score", "Depression", 48, "points", "prefrontal-limbic sparsity × 48"),
    Readout("spasticity_score", "Spasticity", 4, "points", "upper motor sparsity × 4"),
    Readout("weakness_score", "Weakness", 4, "points", "lower motor sparsity × 4"),
    Readout("fatigue_score", "Fatigue", 10, "points", "neuromuscular junction sparsity × 10"),
    Readout("bulbar_score", "Bulbar", 4, "points", "bulbar sparsity × 4"),
    Readout("respiratory_risk_percent", "Respiratory risk", 100, "%",
            "60 % respiratory + 40 % neuromuscular junction sparsity"),
    Readout("fine_motor_score", "Fine motor", 4, "points", "fine-motor sparsity × 4"),
    Readout("alsfrs_r_proxy", "ALSFRS-R proxy", 48, "points", "accuracy × 48 / 100"),
    Readout("nfl_proxy", "NfL proxy", None, "arbitrary units",
            "sum over layers of the sd of alive weights × 100"),
    Readout("overall_disability_percent", "Overall disability", 100, "%", "total sparsity"),
    Readout("cognitive_score", "Cognition", 30, "points",
            "(1 - prefrontal sparsity) × 30 - aggregate × 10 - weight sd × 5, in 0 to 30"),
    Readout("motor_integrity_percent", "Motor integrity", 100, "%",
            "weights alive over the six motor layers"),
    Readout("excitotoxicity_load", "Excitotoxicity load", None, "activation sd",
            "sum of the noise of the six motor layers"),
)  # fmt: skip

#: Column names of the readouts, in the order of results.
READOUT_NAMES: tuple[str, ...] = tuple(readout.name for readout in READOUTS)

#: Quantities reported for every layer.
LAYER_QUANTITIES: tuple[str, ...] = ("sparsity_percent", "aggregate", "noise", "flare")
