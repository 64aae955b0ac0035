"""The folder of a calibration with made-up trials, written without computing anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path

import pandas as pd

from made_up_run import made_up_paper_run
from synaprune.calibration.search import record
from synaprune.calibration.search.asked import Asked
from synaprune.calibration.search.evaluations import Evaluations
from synaprune.calibration.search.trial import Evaluation
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import paper_setting
from synaprune.calibration.space.space import Space, paper_space
from synaprune.calibration.space.values import values_sha256
from synaprune.calibration.targets.loading import paper_targets
from synaprune.calibration.targets.loss import loss
from synaprune.calibration.targets.observed import Fit, residual
from synaprune.calibration.targets.target import Target
from synaprune.study import library

TRIALS = {"counts": 16, "networks": 24}
TITLE = "Values of a calibration"
PROVENANCE = "Found in made-up trials."
PRESET = library.presets()["from_text"]


def asked(**changes: object) -> Asked:
    """The paper's targets and space, for four patients of seed 1."""
    whole = Asked(PRESET, paper_space(), paper_targets(), paper_setting(4, 1), 1, 16, 24)
    return replace(whole, **changes)


def middle(target: Target) -> float:
    ends = [end for end in (target.low, target.high) if isfinite(end)]
    return sum(ends) / len(ends)


def fit(target: Target, off: float) -> Fit:
    """Miss a target's middle by some tolerances; the band is two tolerances wide."""
    value = middle(target) + off * target.tolerance
    return Fit(
        target, value, value - target.tolerance, value + target.tolerance, residual(target, value)
    )


def evaluation(
    number: int, stage: str, start: Mapping[str, object], space: Space, targets: tuple[Target, ...]
) -> Evaluation:
    """The preset first; then other values, every fifth stopped and one failed.

    A trial is off by 2.5 tolerances everywhere, later ones by less, the last by half of one.
    """
    place = number - (0 if stage == "counts" else TRIALS["counts"])
    last = place == TRIALS[stage] - 1
    point = dict(start)
    if place and not last:
        for order, parameter in enumerate(space.parameters):
            point[parameter.name] = parameter.value(((order + 1) * (number + 3) * 0.137) % 1.0)
    off = 0.5 if last else 2.5 - 1.9 * place / TRIALS[stage]
    status = "failed" if place == 7 else "stopped" if place % 5 == 4 else "complete"
    fits = tuple(fit(target, off) for target in targets) if status == "complete" else ()
    value = loss(fits) if fits else float("nan") if status == "failed" else 9.0
    why = "" if status == "complete" else f"made to be {status}"
    return Evaluation(number, stage, point, value, status, why, fits)


def made_up_calibration(folder: Path, question: Asked | None = None) -> Path:
    """Write a finished calibration; the best values are the preset's."""
    question = question or asked()
    folder.mkdir(parents=True, exist_ok=True)
    record.begin(folder, question)
    kept = Evaluations(folder, question.space, question.targets)
    kept.open()
    start = question.space.start(question.preset)
    number = 0
    for stage, count in TRIALS.items():
        numbers = range(number, number + count)
        kept.keep([evaluation(n, stage, start, question.space, question.targets) for n in numbers])
        number += count
    (folder / record.BEST).write_text(Candidate(question.preset).to_yaml(TITLE, PROVENANCE))
    return folder


def verified(folder: Path, patients: int = 5) -> Path:
    """Add a made-up run on fresh patients."""
    made_up_paper_run(folder / record.VERIFICATION, patients, preset="from_text")
    return folder


def examined(folder: Path, **changes: object) -> Path:
    """Add made-up tables of sensitivity and structure."""
    tables = folder / "tables"
    tables.mkdir(exist_ok=True)
    SCREENING.to_csv(tables / "sensitivity.csv", index=False)
    RANGES.to_csv(tables / "ranges.csv", index=False)
    POINTS.to_csv(tables / "range_points.csv", index=False)
    structure = STRUCTURE.assign(values_sha256=values_sha256(PRESET))
    structure.to_csv(tables / "structure.csv", index=False)
    known = {
        "values_sha256": values_sha256(PRESET), "sampler": "SALib.sample.morris", "salib": "1.6",
        "seed": 3, "patients_seed": 1, "patients_counted": 32, "patients_networks": 4,
        "counting_trajectories": 40, "network_trajectories": 2, "slices": 2, "values": 5,
        "effort": 24, "passes": 2,
    }  # fmt: skip
    (tables / "sensitivity.json").write_text(json.dumps(known | changes))
    return folder


def _effect(by: str, name: str, size: float, *, above: bool) -> dict[str, object]:
    return {"output": "loss", "name": name, "mu": -size, "mu_star": size, "lower": 0.8 * size,
            "upper": 1.2 * size, "sigma": 0.5 * size, "trajectories": 40, "floor": 0.1,
            "above": above, "by": by}  # fmt: skip


SCREENING = pd.DataFrame(
    [
        _effect("counting", "pruning_slope", 2.0, above=True),
        _effect("counting", "sparsity_wall", 0.05, above=False),
        _effect("counting", "corruption_sd", 0.0, above=False),
        _effect("counting", "other_patients", 0.1, above=False),
        _effect("networks", "flare_threshold", 3.0, above=True),
        _effect("networks", "other_patients", 0.4, above=False),
    ]
)


def _range(name: str, method: str, verdict: str, low: float, high: float) -> dict[str, object]:
    parameter = paper_space().by_name[name]
    return {"name": name, "stage": parameter.stage, "method": method,
            "scale": parameter.scale, "trials": 9, "allowed": 0.02, "best": (low * high) ** 0.5,
            "loss": 0.1, "low": low, "high": high, "verdict": verdict,
            "searched_low": parameter.low, "searched_high": parameter.high}  # fmt: skip


RANGES = pd.DataFrame(
    [
        _range("pruning_slope", "search", "identified", 0.08, 0.15),
        _range("sparsity_wall", "search", "free", 0.945, 0.968),
        _range("flare_threshold", "slice", "bounded below", 0.4, 0.6),
        _range("flare_probability", "trials", "bounded above", 0.08, 0.5),
        _range("corruption_sd", "trials", "too few trials", float("nan"), float("nan")),
    ]
)

POINTS = pd.DataFrame(
    [
        {"name": row["name"], "method": row["method"], "value": value, "loss": 0.1 + 0.03 * step**2,
         "trials": 3}
        for row in RANGES.to_dict(orient="records")
        for step, value in ((-1, row["searched_low"]), (0, row["best"]), (1, row["searched_high"]))
    ]
)  # fmt: skip

STRUCTURE = pd.DataFrame(
    [
        {"name": "this calibration", "forms": "text", "parameters": 58, "departures": 0,
         "loss": 0.31, "lower": 0.25, "upper": 0.4, "within": 120, "targets": 169, "worse_by": 0.0,
         "worse_lower": 0.0, "worse_upper": 0.0, "as_good": True, "patients": 16,
         "simplest": True},
        {"name": "saturating", "forms": "regrowth=saturating", "parameters": 58, "departures": 1,
         "loss": 0.4, "lower": 0.3, "upper": 0.5, "within": 110, "targets": 169, "worse_by": 0.09,
         "worse_lower": 0.02, "worse_upper": 0.2, "as_good": False, "patients": 16,
         "simplest": False},
    ]
)  # fmt: skip
