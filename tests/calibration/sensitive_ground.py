"""A ground whose truth is known: targets made by following counts at known values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from small_calibration import rough_preset

from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.sensitivity.ground import Ground
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.places import parse_path
from synaprune.calibration.space.setting import Setting, setting_of
from synaprune.calibration.space.space import Parameter, Space
from synaprune.calibration.targets.observed import observe
from synaprune.calibration.targets.target import Target, scenarios_of
from synaprune.study.library.preset import Preset
from tiny import tiny_study

READOUTS = ("total_sparsity_percent", "weakness_score", "depression_score")


def number(name: str, path: str, low: float, high: float, stage: str) -> Parameter:
    return Parameter(name, parse_path(path), low, high, "log", None, (), stage)


SPACE = Space(
    (
        number("regrowth_share", "constants.regrowth_share", 0.04, 0.5, "counts"),
        number("pruning_slope", "constants.pruning_slope", 0.03, 0.3, "counts"),
        number("corruption_sd", "constants.corruption_sd", 0.05, 0.2, "networks"),
        number("rates", "als_standard.base_rate.{upper_motor,lower_motor}", 0.02, 0.2, "solved"),
    )
)


def setting() -> Setting:
    return replace(setting_of(tiny_study(), patients=4, seed=5), counted_patients=32)


def blank(treatment: str, readout: str, when: str) -> Target:
    return Target(
        f"{treatment}.{readout}.{when}", "als_standard", treatment, "", readout, when, 0.0, 0.0,
        1.0 if readout != "weakness_score" else 0.05, 1.0, "made up",
    )  # fmt: skip


def truth() -> Preset:
    """Rough values with solved rates that are one number for both layers."""
    return SPACE.apply(rough_preset(), {"rates": 0.07}).preset


def ground(preset: Preset | None = None) -> Ground:
    """Targets that the truth meets exactly; best values are the truth unless others are given."""
    wanted = [
        blank(treatment, readout, when)
        for treatment in ("untreated", "ketamine_maintenance")
        for readout in READOUTS
        for when in ("cycle 5", "cycle 15", "final")
    ]
    courses = Counter.of(setting()).courses(Candidate(truth()), scenarios_of(wanted))
    targets = []
    for target in wanted:
        value = float(np.median(observe(target, courses)))
        targets.append(_at(target, value))
    return Ground(SPACE, preset or truth(), tuple(targets), setting(), seed=3)


def _at(target: Target, value: float) -> Target:
    return Target(
        target.name, target.profile, target.treatment, "", target.readout, target.when, value,
        value, target.tolerance, target.weight, target.source,
    )  # fmt: skip
