"""Calibrations with different forms of the mechanisms, held against the same fresh patients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.findings.folder import TABLES, Findings
from synaprune.calibration.findings.structure import Alternative, compare_structures
from synaprune.calibration.search.trial import evaluated_courses
from synaprune.calibration.sensitivity.kept import Kept
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting
from synaprune.calibration.space.values import values_sha256
from synaprune.calibration.targets.observed import observe
from synaprune.calibration.targets.target import Target
from synaprune.engine.pool import Pool
from synaprune.errors import InputError
from synaprune.paper.writing import csv_text
from synaprune.results.files import write_atomically

#: Where what was computed is kept, within the folder of the calibration that shows it.
KEPT = "structure"


def write_structure(
    folder: str | Path,
    others: Mapping[str, str | Path],
    setting: Setting,
    pool: Pool,
    tell: Callable[[str], None] = lambda note: None,  # noqa: ARG005 - a listener that does nothing
) -> None:
    """Compare calibrations of different forms, and write the folder's ``tables/structure.csv``.

    Parameters
    ----------
    folder
        The calibration that shows the comparison; it is one of the alternatives.
    others
        Folders of the other calibrations, by short name.
    setting
        Fresh patients: a seed that no search had.
    pool
        Computes networks.
    tell
        Told before every alternative.

    Raises
    ------
    InputError
        A folder is no calibration, its targets are others, or its search had the same patients.
    RunError
        A block failed.
    """
    place = Path(folder)
    mine = Findings.read(place)
    found = {"this calibration": mine} | {n: Findings.read(f) for n, f in others.items()}
    alternatives = []
    for name, findings in found.items():
        _check(findings, mine.targets, setting)
        tell(f"comparing forms: {name}, {setting.patients} fresh patients")
        alternatives.append(_alternative(place, name, findings, setting, pool))
    table = compare_structures(alternatives, mine.targets, seed=setting.seed)
    (place / TABLES).mkdir(exist_ok=True)
    write_atomically(place / TABLES / "structure.csv", csv_text(table).encode())


def _check(findings: Findings, targets: tuple[Target, ...], setting: Setting) -> None:
    if findings.targets != targets:
        raise InputError(f"{findings.folder}: was calibrated to other targets")
    if findings.asked["setting"]["seed"] == setting.seed:
        raise InputError(
            f"{findings.folder}: was calibrated on the patients of seed {setting.seed}; "
            "give the comparison another seed"
        )


def _alternative(
    place: Path, name: str, findings: Findings, setting: Setting, pool: Pool
) -> Alternative:
    question = {
        "values": values_sha256(findings.preset),
        "targets": findings.asked["targets"],
        "setting": setting.document(),
    }
    numbers = Kept(place / KEPT, question).get(0, partial(_numbers, findings, setting, pool))
    return Alternative(
        name=name,
        parameters=sum("choices" not in entry for entry in findings.parameters.values()),
        numbers=np.array(numbers, dtype=np.float64),
        forms=dict(findings.preset.mechanisms),
    )


def _numbers(findings: Findings, setting: Setting, pool: Pool) -> list[list[float]]:
    """Give one number a target and patient; the same patients are counted and simulated."""
    counter = Counter(setting, setting.patients)
    courses = evaluated_courses(Candidate(findings.preset), findings.targets, counter, pool)
    return [observe(target, courses).tolist() for target in findings.targets]
