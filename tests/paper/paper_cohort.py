"""Made-up cohorts that agree with the paper in every claim, for tests to spoil one by one.

Courses are straight lines between a few anchor cycles; final values are those of Table 3 where
the table has the scenario. Patients differ by a shift that all arms share, so twins differ by the
same amount in every patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper.published import published_table3
from synaprune.paper.scenarios import ALS_PROFILES, PROFILES, TREATMENTS

CYCLES = np.arange(30)
LAYERS = (
    "prefrontal_limbic",
    "upper_motor",
    "lower_motor",
    "neuromuscular_junction",
    "bulbar",
    "respiratory",
    "fine_motor",
    "output",
)
FLARE_CYCLES = (6, 9, 10, 13)
SHIFT = {"weakness_score": 0.01, "bulbar_score": 0.01, "fine_motor_score": 0.01}

Anchors = dict[int, float]

ALS_ACCURACY: Anchors = {0: 95.8, 5: 95.0, 6: 80, 7: 79, 8: 78, 9: 60.5, 10: 36.5, 12: 36.5,
                         13: 24.5, 28: 24.5}  # fmt: skip
RILUZOLE_ACCURACY = ALS_ACCURACY | {6: 94.7, 7: 94.5, 8: 88}
ALS: dict[str, Anchors] = {
    "accuracy_percent": ALS_ACCURACY,
    "alsfrs_r_proxy": {cycle: value * 0.48 for cycle, value in ALS_ACCURACY.items()},
    "total_sparsity_percent": {0: 6, 5: 51, 10: 80, 20: 96},
    "depression_score": {0: 4, 3: 20, 5: 25, 7: 28},
    "weakness_score": {0: 0.25, 5: 2.0, 20: 3.8},
    "bulbar_score": {0: 0.25, 5: 2.0, 20: 3.8},
    "fine_motor_score": {0: 0.25, 5: 2.0, 20: 3.8},
    "nfl_proxy": {0: 71, 10: 72},
    "respiratory_risk_percent": {0: 6, 5: 51, 13: 88, 14: 91},
    "motor_integrity_percent": {0: 95, 6: 55, 20: 4},
    "cognitive_score": {0: 27, 20: 0, 29: 0},
}
MDD: dict[str, Anchors] = {
    name: {0: value}
    for name, value in {
        "accuracy_percent": 95.8, "alsfrs_r_proxy": 46, "total_sparsity_percent": 1,
        "depression_score": 1, "weakness_score": 0, "bulbar_score": 0, "fine_motor_score": 0,
        "nfl_proxy": 71, "respiratory_risk_percent": 0, "motor_integrity_percent": 100,
    }.items()
} | {"cognitive_score": {0: 28, 29: 11}}  # fmt: skip
CONTROL = MDD | {"cognitive_score": {0: 28, 29: 27}}

#: Anchors of one scenario that differ from its profile's.
SPECIAL: dict[tuple[str, str], dict[str, Anchors]] = {
    ("als_bulbar", "untreated"): {
        "bulbar_score": {0: 0.3, 5: 2.6},
        "respiratory_risk_percent": {0: 8, 5: 62, 10: 88, 11: 91},
    },
    ("als_bulbar", "ketamine_every_5"): {"respiratory_risk_percent": {0: 8, 12: 88, 13: 91}},
    ("als_bulbar", "ketamine_maintenance"): {
        "alsfrs_r_proxy": {0: 46, 29: 14.0},
        "respiratory_risk_percent": {0: 8, 29: 92},
        "motor_integrity_percent": {0: 95, 29: 9},
    },
    ("als_limb", "untreated"): {
        "weakness_score": {0: 0.3, 5: 2.4},
        "fine_motor_score": {0: 0.3, 5: 2.5},
        "respiratory_risk_percent": {0: 6, 15: 88, 16: 91},
    },
    ("als_limb", "ketamine_maintenance"): {
        "alsfrs_r_proxy": {0: 46, 29: 13.5},
        "respiratory_risk_percent": {0: 6, 29: 86},
        "motor_integrity_percent": {0: 95, 29: 13},
    },
    ("als_mdd", "untreated"): {"nfl_proxy": {0: 71, 10: 95}},
    ("als_mdd", "ketamine_maintenance"): {"alsfrs_r_proxy": {0: 46, 29: 13.9}},
    ("als_standard", "ketamine_every_5"): {
        "nfl_proxy": {0: 71, 5: 62, 14: 62},
        "respiratory_risk_percent": {0: 6, 16: 88, 17: 91},
    },
    ("als_standard", "ketamine_maintenance"): {
        "nfl_proxy": {0: 71, 5: 55, 14: 55},
        "motor_integrity_percent": {0: 95, 6: 60, 29: 13.5},
    },
    ("als_standard", "ketamine_early"): {"motor_integrity_percent": {0: 95, 6: 75, 10: 60, 29: 4}},
    ("als_standard", "ketamine_late"): {"accuracy_percent": ALS_ACCURACY | {15: 32, 28: 32}},
    ("als_standard", "riluzole_continuous"): {
        "accuracy_percent": RILUZOLE_ACCURACY,
        "alsfrs_r_proxy": {cycle: value * 0.48 for cycle, value in RILUZOLE_ACCURACY.items()},
    },
    ("mdd", "ketamine_every_5"): {"cognitive_score": {0: 28, 29: 18}},
}  # fmt: skip


def _finals() -> dict[tuple[str, str], dict[str, float]]:
    finals: dict[tuple[str, str], dict[str, float]] = {}
    for profile, treatment, readout, value in published_table3().itertuples(index=False):
        finals.setdefault((profile, treatment), {})[readout] = value
    return finals


@dataclass
class Cohort:
    """The three frames of a run, to be changed by a test."""

    readouts: pd.DataFrame
    layers: pd.DataFrame
    patients: pd.DataFrame

    def set(
        self, profile: str, arm: str, readout: str, cycles: slice | int, value: float
    ) -> Cohort:
        """Overwrite a readout of a scenario at some cycles (last included), in every patient."""
        first, last = (cycles, cycles) if isinstance(cycles, int) else (cycles.start, cycles.stop)
        frame = self.readouts
        rows = (frame.profile == profile) & (frame.arm == arm) & frame.cycle.between(first, last)
        assert rows.any()
        self.readouts = frame.assign(**{readout: frame[readout].where(~rows, value)})
        return self

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return self.readouts, self.layers, self.patients


def cohort(n: int = 3) -> Cohort:
    """Give a fresh cohort in which every claim holds numerically."""
    return Cohort(*(frame.copy() for frame in _cohort(n)))


@lru_cache(maxsize=8)
def _cohort(n: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    finals = _finals()
    readouts = pd.concat(
        _scenario(profile, arm, finals, n) for profile in PROFILES for arm in TREATMENTS
    )
    readouts = readouts.reset_index(drop=True)
    patients = pd.DataFrame(
        {"patient": np.arange(n), "pretrain_accuracy_percent": 95.5 + 0.1 * np.arange(n)}
    )
    return readouts, _layers(readouts), patients


def _scenario(
    profile: str, arm: str, finals: dict[tuple[str, str], dict[str, float]], n: int
) -> pd.DataFrame:
    base = ALS if profile in ALS_PROFILES else MDD if profile == "mdd" else CONTROL
    anchors = base | SPECIAL.get((profile, arm), {})
    final = finals.get((profile, arm)) or finals[profile, "untreated"]
    courses = {name: _course(anchors[name], final.get(name)) for name in anchors}
    courses["spasticity_score"] = courses["weakness_score"]
    courses["overall_disability_percent"] = courses["total_sparsity_percent"]
    courses["fatigue_score"] = courses["respiratory_risk_percent"] / 10
    courses["excitotoxicity_load"] = np.full(30, 1.0)
    people = []
    for patient in range(n):
        shift = patient - (n - 1) / 2
        rows = {name: courses[name] + shift * SHIFT.get(name, 0.05) for name in READOUT_NAMES}
        keys = {"profile": profile, "arm": arm, "patient": patient, "cycle": CYCLES}
        people.append(pd.DataFrame(keys | {"month": 1.5 * CYCLES} | rows))
    return pd.concat(people)


def _course(anchors: Anchors, final: float | None) -> np.ndarray:
    points = anchors if final is None or 29 in anchors else anchors | {29: final}
    cycles = sorted(points)
    return np.interp(CYCLES, cycles, [points[cycle] for cycle in cycles])


def _layers(readouts: pd.DataFrame) -> pd.DataFrame:
    sparsity = {
        "prefrontal_limbic": readouts.depression_score * 100 / 48,
        "upper_motor": readouts.spasticity_score * 25,
        "lower_motor": readouts.weakness_score * 25,
        "neuromuscular_junction": readouts.fatigue_score * 10,
        "bulbar": readouts.bulbar_score * 25,
        "respiratory": (readouts.respiratory_risk_percent - 4 * readouts.fatigue_score) / 0.6,
        "fine_motor": readouts.fine_motor_score * 25,
        "output": readouts.total_sparsity_percent,
    }
    keys = readouts[["profile", "arm", "patient", "cycle", "month"]]
    flare = keys.profile.isin(ALS_PROFILES) & keys.cycle.isin(FLARE_CYCLES)
    parts = [
        keys.assign(layer=layer, sparsity_percent=sparsity[layer], aggregate=0.1, noise=0.1,
                    flare=flare & (layer == "upper_motor"))
        for layer in LAYERS
    ]  # fmt: skip
    return pd.concat(parts).reset_index(drop=True)
