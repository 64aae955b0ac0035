"""What a calibration's folder holds, read once for tables, figures and the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any

import pandas as pd

from synaprune.calibration.findings.run_courses import courses_of_run
from synaprune.calibration.search import record
from synaprune.calibration.search.evaluations import read_evaluations
from synaprune.calibration.search.trial import COMPLETE
from synaprune.calibration.sensitivity.analysis import RECORD
from synaprune.calibration.space.candidate import load_preset
from synaprune.calibration.space.space import COUNTS, NETWORKS
from synaprune.calibration.space.values import has_values, values_sha256
from synaprune.calibration.targets.observed import Courses, fits, observable
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError
from synaprune.figures.material import resolved_document
from synaprune.figures.words import listed
from synaprune.paper.comparison import Comparison, compare
from synaprune.paper.frames import scenario_rows
from synaprune.paper.scenarios import CYCLES, REQUIRED
from synaprune.results.manifest import NAME as MANIFEST
from synaprune.results.run import Run
from synaprune.study.library.preset import Preset

#: Where tables stand, within the folder of a calibration.
TABLES = "tables"

#: The table of alternative forms.
STRUCTURE = "structure"

_ROW = ("name", "profile", "treatment", "minus", "minus_profile", "readout", "minus_readout",
        "when", "low", "high", "tolerance", "weight", "source")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Findings:
    """A calibration, arranged for showing.

    Attributes
    ----------
    folder
        Of the calibration.
    asked
        What was asked, as ``calibration.json`` holds it.
    trials
        number, stage, loss, status, why and a column a parameter.
    number
        Of the best trial.
    targets
        What was aimed at.
    fitted
        One row a target: the target, and how the best trial met it.
    preset
        The best values.
    run
        The verification on fresh patients, or None.
    """

    folder: Path
    asked: Mapping[str, Any]
    trials: pd.DataFrame
    number: int
    targets: tuple[Target, ...]
    fitted: pd.DataFrame
    preset: Preset
    run: Run | None

    @classmethod
    def read(cls, folder: str | Path) -> Findings:
        """Read a folder.

        Raises
        ------
        InputError
            No calibration, no finished trial, or a damaged file.
        """
        place = Path(folder)
        asked = record.read(place)
        trials, met = read_evaluations(place)
        done = trials[(trials["status"] == COMPLETE)]
        if done.empty:
            raise InputError(f"{place}: no trial of the calibration is complete")
        targets = tuple(_target(row) for row in asked["targets"])
        number = _best(done, met, targets)
        preset = load_preset(place / record.BEST)
        return cls(
            folder=place,
            asked=asked,
            trials=trials,
            number=number,
            targets=targets,
            fitted=_joined(targets, met[met["number"] == number].drop(columns="number")),
            preset=preset,
            run=_verification(place / record.VERIFICATION, preset),
        )

    @property
    def best(self) -> Mapping[str, Any]:
        """The best trial of the last stage: its row of `trials`."""
        row = self.trials[self.trials["number"] == self.number].iloc[0]
        return {str(key): value for key, value in row.items()}

    @property
    def parameters(self) -> Mapping[str, Mapping[str, Any]]:
        """The space, by parameter."""
        known: Mapping[str, Mapping[str, Any]] = self.asked["space"]["parameters"]
        return known

    def searched(self, *stages: str) -> list[str]:
        """Parameters of stages that are numbers, in the order of the space."""
        known = self.parameters
        return [
            str(name)
            for name in self.trials.columns
            if name in known and known[name]["stage"] in stages and "choices" not in known[name]
        ]

    def table(self, name: str) -> pd.DataFrame | None:
        """Read one of the calibration's own tables; None where it is not there.

        Tables of the sensitivity and of forms count only where they are of the present best
        values.

        Raises
        ------
        InputError
            The file is damaged.
        """
        path = self.folder / TABLES / f"{name}.csv"
        if not path.is_file():
            return None
        if name in ("sensitivity", "ranges", "range_points") and not self.sensitivity_record:
            return None
        try:
            found = pd.read_csv(path, keep_default_na=False, na_values=[""])
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: damaged; remove it and write it again") from error
        old = name == STRUCTURE and set(found["values_sha256"]) != {values_sha256(self.preset)}
        return None if old else found

    @cached_property
    def sensitivity_record(self) -> Mapping[str, Any]:
        """How the sensitivity was computed; empty where there is none of these values."""
        path = self.folder / TABLES / RECORD
        if not path.is_file():
            return {}
        try:
            found: Mapping[str, Any] = json.loads(path.read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: damaged; remove it and write it again") from error
        return found if found.get("values_sha256") == values_sha256(self.preset) else {}

    @cached_property
    def courses(self) -> Courses:
        """Courses of the fresh patients; nothing without a verification."""
        return courses_of_run(self.run) if self.run is not None else {}

    @cached_property
    def fresh(self) -> pd.DataFrame:
        """One row a target that the verification can show: the target, and how it is met."""
        there = observable(self.targets, self.courses)
        rows = [
            {"target": fit.target.name, "estimate": fit.estimate, "lower": fit.lower,
             "upper": fit.upper, "residual": fit.residual}
            for fit in fits(there, self.courses)
        ]  # fmt: skip
        return _joined(there, pd.DataFrame(rows, columns=["target", *_SHOWN]))

    @property
    def shown(self) -> pd.DataFrame:
        """Targets as met by fresh patients where they were verified, else by the search's own."""
        return self.fresh if self.run is not None and len(self.fresh) else self.fitted

    @cached_property
    def comparison(self) -> Comparison | None:
        """The verification beside the paper, where it has the paper's scenarios."""
        if self.run is None:
            return None
        readouts = self.run.to_frame()
        there = scenario_rows(readouts, REQUIRED)[["profile", "arm"]].drop_duplicates()
        if len(there) < len(REQUIRED) or readouts["cycle"].nunique() != CYCLES:
            return None
        return compare(readouts, self.run.to_frame("layers"), self.run.patients())

    @property
    def origin(self) -> str:
        """Trials, patients and seeds of the search, as every caption carries them."""
        counts = {stage: int((self.trials["stage"] == stage).sum()) for stage in (COUNTS, NETWORKS)}
        words = [
            f"{counts[stage]} trials {how}"
            for stage, how in ((COUNTS, "without networks"), (NETWORKS, "with networks"))
            if counts[stage]
        ]
        setting = self.asked["setting"]
        return (
            f"{listed(words)}; {setting['patients']} patients with networks and "
            f"{self.asked['counted_patients']} counted, seed {setting['seed']}; search seed "
            f"{self.asked['search_seed']}."
        )

    @property
    def fresh_origin(self) -> str:
        """Patients and seed that targets are shown on."""
        if self.run is None:
            return f"The patients of the search. {self.origin}"
        people = self.run.patients()["patient"].nunique()
        return f"{people} fresh patients, seed {self.run.manifest.seed}."


def _verification(folder: Path, preset: Preset) -> Run | None:
    """Open the run of these values on fresh patients, if there is one and it is complete."""
    if not (folder / MANIFEST).is_file():
        return None
    run = Run(folder, partial=True)
    same = run.manifest.complete and has_values(resolved_document(folder), preset)
    return run if same else None


_SHOWN = ("estimate", "lower", "upper", "residual")


def _best(done: pd.DataFrame, met: pd.DataFrame, targets: Sequence[Target]) -> int:
    """Number of the trial that the search calls its best; see `evaluations.best`."""
    weight = met["target"].map({target.name: target.weight for target in targets})
    count = weight.where(met["residual"].abs() <= 1.0, 0.0).groupby(met["number"]).sum()
    last = done[done["stage"] == done["stage"].iloc[-1]]
    last = last.assign(missed=-last["number"].map(count))
    return int(last.sort_values(["missed", "loss", "number"])["number"].iloc[0])


def _joined(targets: Sequence[Target], met: pd.DataFrame) -> pd.DataFrame:
    asked = pd.DataFrame([{name: getattr(t, name) for name in _ROW} for t in targets],
                         columns=list(_ROW))  # fmt: skip
    return asked.merge(met.rename(columns={"target": "name"}), on="name", how="inner")


def _target(row: Mapping[str, Any]) -> Target:
    low, high = row["low"], row["high"]
    return Target(**{**row, "low": -inf if low is None else low,
                     "high": inf if high is None else high})  # fmt: skip
