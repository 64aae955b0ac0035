"""The record of a search: what each trial tried and how it met each target.

The record is the truth from which a search goes on and from which everything that is shown is
drawn. A finished batch is two files, complete or absent: ``fits-NNNNN.parquet`` and then
``trials-NNNNN.parquet``, whose presence says that the batch is done. Nothing in them tells when
or where they were computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from synaprune.calibration.search.trial import COMPLETE, Evaluation
from synaprune.calibration.space.space import Space
from synaprune.calibration.targets.observed import Fit
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError
from synaprune.results.blocks import block_bytes
from synaprune.results.files import remove_unfinished, write_atomically

#: Folder of the record within that of a calibration.
FOLDER = "evaluations"

#: Columns of the trials beside the parameters.
TRIAL_COLUMNS = ("number", "stage", "loss", "status", "why")

#: Columns of the fits.
FIT_COLUMNS = ("number", "target", "estimate", "lower", "upper", "residual")

_BATCH = re.compile(r"trials-(\d{5})\.parquet")


class Evaluations:
    """Keeps evaluations batch by batch.

    Parameters
    ----------
    folder
        Of the calibration.
    space, targets
        What the columns and rows speak of.
    """

    def __init__(self, folder: Path, space: Space, targets: Sequence[Target]) -> None:
        self.folder = folder / FOLDER
        self._space = space
        self._targets = {target.name: target for target in targets}
        self._kept: list[Evaluation] = []
        self.batches = 0

    def open(self) -> None:
        """Read what is there, and remove what a writer that was killed left.

        Raises
        ------
        InputError
            A file is damaged, or a batch is missing between others.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(self.folder)
        for number in range(_count(self.folder)):
            self._kept += self._batch(number)
            self.batches += 1

    @property
    def all(self) -> tuple[Evaluation, ...]:
        """Every evaluation, in the order of the trials."""
        return tuple(self._kept)

    def of_stage(self, stage: str) -> tuple[Evaluation, ...]:
        """The evaluations of one stage."""
        return tuple(entry for entry in self._kept if entry.stage == stage)

    def keep(self, batch: Sequence[Evaluation]) -> None:
        """Write a finished batch."""
        fits = pa.Table.from_pylist(
            [row for entry in batch for row in _fit_rows(entry)], schema=_FIT_SCHEMA
        )
        trials = pa.Table.from_pylist([_trial_row(entry) for entry in batch], self._schema())
        write_atomically(self.folder / f"fits-{self.batches:05d}.parquet", block_bytes(fits))
        write_atomically(self.folder / f"trials-{self.batches:05d}.parquet", block_bytes(trials))
        self._kept += batch
        self.batches += 1

    def _schema(self) -> pa.Schema:
        kinds = {"number": pa.int64(), "loss": pa.float64()}
        columns = [(name, kinds.get(name, pa.string())) for name in TRIAL_COLUMNS]
        points = [
            (parameter.name, pa.string() if parameter.choices else pa.float64())
            for parameter in self._space.parameters
        ]
        return pa.schema([*columns, *points])

    def _batch(self, number: int) -> list[Evaluation]:
        trials = _read(self.folder / f"trials-{number:05d}.parquet").to_pylist()
        rows = _read(self.folder / f"fits-{number:05d}.parquet").to_pylist()
        fits: dict[int, list[Fit]] = {}
        for row in rows:
            values = (row[name] for name in FIT_COLUMNS[2:])
            fits.setdefault(row["number"], []).append(Fit(self._targets[row["target"]], *values))
        names = [parameter.name for parameter in self._space.parameters]
        return [
            Evaluation(
                number=row["number"],
                stage=row["stage"],
                point={name: row[name] for name in names},
                loss=row["loss"],
                status=row["status"],
                why=row["why"],
                fits=tuple(fits.get(row["number"], ())),
            )
            for row in trials
        ]


def best(evaluations: Iterable[Evaluation], stage: str | None = None) -> Evaluation | None:
    """The complete evaluation that meets most targets, by weight; of equals, the lowest loss.

    The loss leads a search; what it is for is the number of targets within their tolerance.
    """
    complete = [
        entry for entry in evaluations if entry.status == COMPLETE and stage in (None, entry.stage)
    ]
    return min(complete, key=lambda entry: (-met(entry), entry.loss, entry.number), default=None)


def met(entry: Evaluation) -> float:
    """Weight of the targets that an evaluation meets within their tolerance."""
    return sum(fit.target.weight for fit in entry.fits if abs(fit.residual) <= 1.0)


def read_evaluations(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the record of a calibration as two frames, for tables and figures.

    Parameters
    ----------
    folder
        Of the calibration.

    Returns
    -------
    tuple of pandas.DataFrame
        Trials: number, stage, loss, status, why and a column a parameter. Fits: number, target,
        estimate, lower, upper, residual.

    Raises
    ------
    InputError
        There is no record, or it is damaged.
    """
    place = folder / FOLDER
    count = _count(place)
    if not count:
        raise InputError(f"{folder}: no calibration with a finished batch of trials")
    frames = [
        pa.concat_tables(
            [_read(place / f"{kind}-{number:05d}.parquet") for number in range(count)]
        ).to_pandas()
        for kind in ("trials", "fits")
    ]
    return frames[0], frames[1]


def _count(folder: Path) -> int:
    """Number of finished batches."""
    found = sorted(
        int(match[1])
        for path in (folder.iterdir() if folder.is_dir() else ())
        if (match := _BATCH.fullmatch(path.name))
    )
    for place, number in enumerate(found):
        if place != number:
            raise InputError(f"{folder}: trials-{place:05d}.parquet is missing")
    return len(found)


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path}: cannot be read; begin the calibration anew") from error


_FIT_SCHEMA = pa.schema(
    [
        ("number", pa.int64()),
        ("target", pa.string()),
        *((name, pa.float64()) for name in FIT_COLUMNS[2:]),
    ]
)


def _trial_row(entry: Evaluation) -> Mapping[str, object]:
    return {
        "number": entry.number,
        "stage": entry.stage,
        "loss": entry.loss if np.isfinite(entry.loss) else float("nan"),
        "status": entry.status,
        "why": entry.why,
        **entry.point,
    }


def _fit_rows(entry: Evaluation) -> Iterable[Mapping[str, object]]:
    for fit in entry.fits:
        yield {
            "number": entry.number,
            "target": fit.target.name,
            "estimate": fit.estimate,
            "lower": fit.lower,
            "upper": fit.upper,
            "residual": fit.residual,
        }
