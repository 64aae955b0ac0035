"""A calibration of seconds: a small circuit, one profile, two arms, and a truth to be found."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.search.asked import Asked, with_constants
from synaprune.calibration.search.trial import evaluated_courses
from synaprune.calibration.space.candidate import Candidate, load_preset
from synaprune.calibration.space.setting import Setting, setting_of
from synaprune.calibration.space.space import Space, paper_space
from synaprune.calibration.targets.target import Target
from synaprune.calibration.targets.when import parse_when
from synaprune.engine.here import Here
from synaprune.study import Study
from synaprune.study.library.preset import Preset
from tiny import TINY

CYCLES = 14
COUNTED = 32
CONSTANTS = {"samples": 200, "pretraining_steps": 30, "pretraining_learning_rate": 0.01,
             "retraining_batch": 32}  # fmt: skip
ARMS = ("untreated", "ketamine")
READ = (
    ("total_sparsity_percent", "cycle 5", 2.0),
    ("total_sparsity_percent", "final", 2.0),
    ("depression_score", "cycle 5", 1.0),
    ("depression_score", "final", 1.0),
    ("spasticity_score", "cycle 5", 0.1),
    ("weakness_score", "cycle 5", 0.1),
    ("fatigue_score", "cycle 5", 0.25),
    ("bulbar_score", "cycle 5", 0.1),
    ("respiratory_risk_percent", "cycle 5", 2.0),
    ("fine_motor_score", "cycle 5", 0.1),
    ("accuracy_percent", "mean 0-4", 4.0),
    ("accuracy_percent", "mean 5-9", 4.0),
    ("nfl_proxy", "mean 2-4", 4.0),
    ("nfl_proxy", "mean 5-7", 4.0),
    ("nfl_proxy", "final", 4.0),
)


def small_setting(seed: int, patients: int = 4) -> Setting:
    """Fourteen cycles of a tiny circuit, untreated and with ketamine."""
    study = Study(
        name="small",
        profiles=["als_standard"],
        arms={"untreated": [], "ketamine": [{"drug": "ketamine", "from": 3, "every": 3}]},
        patients=1,
        seed=1,
        cycles=CYCLES,
        circuit=TINY,
    )
    return replace(setting_of(study, patients, seed), counted_patients=COUNTED)


def small_preset() -> Preset:
    """Rough values for the small circuit."""
    return with_constants(rough_preset(), CONSTANTS)


@cache
def rough_preset() -> Preset:
    """The forms and treatments of from_text with values apart from those that were fitted."""
    return load_preset(Path(__file__).with_name("rough.yaml"))


def small_space(*names: str) -> Space:
    """Some parameters of the paper's space, and the rates of standard ALS, all of them solved."""
    rates = [
        replace(p, stage="solved")
        for p in paper_space().parameters
        if p.name.startswith("als_standard_rate")
    ]
    return Space((*(paper_space().by_name[name] for name in names), *rates))


def shown_by(candidate: Candidate, setting: Setting) -> tuple[Target, ...]:
    """Targets that a candidate meets: the medians of its own patients."""
    blank = [
        Target(f"{arm}.{readout}.{when}".replace(" ", "_"), "als_standard", arm, "", readout, when,
               0.0, 0.0, tolerance, 1.0, "made up")
        for arm in ARMS
        for readout, when, tolerance in READ
    ]  # fmt: skip
    counter = Counter.of(setting)
    courses = evaluated_courses(candidate, tuple(blank), counter, Here())
    targets = []
    for target in blank:
        (scenario,) = target.scenarios
        course = courses[scenario][target.readout]
        value = float(np.median(parse_when(target.when).read(course)))
        targets.append(Target(**{**vars(target), "low": value, "high": value}))
    return tuple(targets)


def small_asked(targets: tuple[Target, ...], space: Space, **changes: object) -> Asked:
    """A calibration of some trials from the small preset."""
    keys: dict[str, object] = {
        "preset": small_preset(),
        "space": space,
        "targets": targets,
        "setting": small_setting(seed=5),
        "search_seed": 5,
        "counts_trials": 8,
        "trials": 8,
    }
    return Asked(**(keys | changes))  # type: ignore[arg-type]
