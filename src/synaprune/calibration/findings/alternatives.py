"""Calibrations with different forms of the mechanisms, held against the same fresh patients.

What every one of them shows on fresh patients stands in its verification. Where those are the same
people under the same circumstances nothing needs to be computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from synaprune.calibration.findings.folder import STRUCTURE, TABLES, Findings
from synaprune.calibration.findings.structure import Alternative, compare_structures
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.values import values_sha256
from synaprune.calibration.targets.observed import observable, observe
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError
from synaprune.figures.material import resolved_document
from synaprune.paper.writing import csv_text
from synaprune.results.files import write_atomically
from synaprune.results.sameness import first_difference

#: How the calibration that shows the comparison is called in it.
MINE = "this calibration"

#: What verifications must share: all that their values do not decide.
_SHARED = ("numerics_version", "patients", "seed", "cycles", "precision", "arms", "drugs",
           "circuit")  # fmt: skip


def others(
    given: Sequence[str], place: Path, targets: tuple[Target, ...], study: Mapping[str, Any]
) -> dict[str, Findings]:
    """Read the calibrations with which one is to be compared.

    Parameters
    ----------
    given
        ``NAME=FOLDER`` of each.
    place, targets
        Folder and targets of the calibration that shows the comparison.
    study
        Document of its verification.

    Raises
    ------
    InputError
        Not written so, a name twice, no calibration or the same one, other targets, or no
        verification on the same patients.
    """
    found: dict[str, Findings] = {}
    for one in given:
        name, _, folder = one.partition("=")
        if not (name and folder):
            raise InputError(f"compare: must be NAME=FOLDER (got {one!r})")
        if name in (MINE, *found):
            raise InputError(f"compare: the name {name!r} is taken; give another")
        if Path(folder).resolve() == place.resolve():
            raise InputError(f"compare: {name} is the calibration itself ({folder})")
        found[name] = Findings.read(folder)
        _check(found[name], targets, study)
    return found


def write_structure(folder: str | Path, compared: Mapping[str, Findings]) -> None:
    """Compare calibrations of different forms, and write the folder's ``tables/structure.csv``.

    Parameters
    ----------
    folder
        The calibration that shows the comparison, verified; it is one of the alternatives.
    compared
        The other ones, from `others`.

    Raises
    ------
    InputError
        The folder holds no verified calibration, or its verification shows no target.
    """
    mine = Findings.read(folder)
    targets = observable(mine.targets, mine.courses)
    if mine.run is None or not any(target.weight > 0 for target in targets):
        raise InputError(f"{folder}: no verification that shows a target")
    table = compare_structures(
        [_alternative(name, one, targets) for name, one in {MINE: mine, **compared}.items()],
        targets, seed=mine.run.manifest.seed,
    ).assign(values_sha256=values_sha256(mine.preset))  # fmt: skip
    (mine.folder / TABLES).mkdir(exist_ok=True)
    write_atomically(mine.folder / TABLES / f"{STRUCTURE}.csv", csv_text(table).encode())


def _check(findings: Findings, targets: tuple[Target, ...], study: Mapping[str, Any]) -> None:
    if findings.targets != targets:
        raise InputError(f"{findings.folder}: was calibrated to other targets")
    if findings.run is None:
        raise InputError(f"{findings.folder}: no finished verification of its best values")
    there, here = (
        {key: one[key] for key in _SHARED}
        for one in (resolved_document(findings.run.folder), study)
    )
    differs = first_difference(there, here)
    if differs:
        raise InputError(f"{findings.folder}: was verified otherwise: {differs}")


def _alternative(name: str, findings: Findings, targets: Sequence[Target]) -> Alternative:
    return Alternative(
        name=name,
        parameters=sum("choices" not in entry for entry in findings.parameters.values()),
        numbers=np.array([observe(target, findings.courses) for target in targets]),
        forms=Candidate(findings.preset).departures,
    )
