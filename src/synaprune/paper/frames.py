"""The frames of a run, checked once at the door.

Everything behind this point works on complete rectangles, patients by cycles, and need not ask
again whether a scenario, a patient or a cycle is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from synaprune.errors import InputError
from synaprune.paper.scenarios import CYCLES, Scenario

Grid = Mapping[str, NDArray[Any]]


def check_columns(
    frame: pd.DataFrame,
    name: str,
    *,
    integers: Sequence[str] = (),
    numbers: Sequence[str] = (),
    flags: Sequence[str] = (),
    names: Sequence[str] = (),
) -> None:
    """Refuse a frame that lacks a column, has another type, or a value that is not finite.

    Parameters
    ----------
    frame, name
        The frame, and what to call it in an error.
    integers, numbers, flags, names
        Columns of whole numbers, of numbers, of true or false, and of text.

    Raises
    ------
    InputError
        The first column that cannot be used.
    """
    for column in (*names, *integers, *numbers, *flags):
        if column not in frame.columns:
            has = ", ".join(map(str, frame.columns))
            raise InputError(f"{name}: no column {column}; its columns: {has}")
    for columns, kind in ((integers, "whole numbers"), (numbers, "numbers"), (flags, "booleans")):
        for column in columns:
            if not _is_kind(frame[column], kind):
                raise InputError(f"{name}: {column} must hold {kind} (got {frame[column].dtype})")
    for column in (*names, *integers, *flags):
        if frame[column].isna().any():
            raise InputError(f"{name}: {column} must not be missing (row {_row(frame[column])})")
    for column in numbers:
        values = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
        if not np.isfinite(values).all():
            row = int(np.flatnonzero(~np.isfinite(values))[0])
            where = ", ".join(f"{key} {frame[key].iloc[row]}" for key in (*names, *integers))
            raise InputError(
                f"{name}: {column} must be a finite number (got {values[row]}) at {where}"
            )


def _is_kind(column: pd.Series[Any], kind: str) -> bool:
    if kind == "booleans":
        return bool(types.is_bool_dtype(column))
    if kind == "whole numbers":
        return bool(types.is_integer_dtype(column))
    return bool(types.is_numeric_dtype(column) and not types.is_bool_dtype(column))


def _row(column: pd.Series[Any]) -> int:
    return int(np.flatnonzero(column.isna().to_numpy())[0])


def check_scenarios(frame: pd.DataFrame, name: str, required: Sequence[Scenario]) -> None:
    """Refuse a run that lacks a scenario the paper is compared in.

    Raises
    ------
    InputError
        Names the first missing scenario and how many more are missing.
    """
    present = set(frame[["profile", "arm"]].drop_duplicates().itertuples(index=False, name=None))
    missing = [scenario for scenario in required if scenario not in present]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise InputError(
            f"{name}: no run of profile {missing[0].profile} with arm {missing[0].treatment}"
            f"{more}; the comparison with the paper needs {len(required)} scenarios"
        )


def scenario_rows(frame: pd.DataFrame, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """Keep the rows of some scenarios."""
    profiles, treatments = zip(*scenarios, strict=True)
    near = frame[frame["profile"].isin(profiles) & frame["arm"].isin(treatments)]
    index = pd.MultiIndex.from_arrays([near["profile"].astype(str), near["arm"].astype(str)])
    return near[index.isin(list(scenarios))]


def flat(frame: pd.DataFrame, columns: Sequence[str]) -> Grid:
    """Give columns as arrays, with patient and cycle; numbers become float64."""
    values = {name: frame[name].to_numpy() for name in columns}
    keys = {key: frame[key].to_numpy(dtype=np.int64) for key in ("patient", "cycle")}
    return keys | {
        name: array if array.dtype == np.bool_ else array.astype(np.float64, copy=False)
        for name, array in values.items()
    }


def grid(columns: Grid, rows: NDArray[np.intp], where: str, patients: NDArray[np.int64]) -> Grid:
    """Arrange the rows of one scenario (and layer) as patients by cycles.

    Parameters
    ----------
    columns
        Of `flat`.
    rows
        Positions of the rows.
    where
        What to call these rows in an error.
    patients
        The patients expected, sorted.

    Returns
    -------
    mapping of str to array
        Arrays of shape (patients, `CYCLES`).

    Raises
    ------
    InputError
        A patient or a cycle is missing, appears twice, or was not expected.
    """
    patient, cycle = columns["patient"][rows], columns["cycle"][rows]
    order = np.lexsort((cycle, patient))
    found = np.column_stack([patient, cycle])[order]
    expected = np.column_stack(
        [np.repeat(patients, CYCLES), np.tile(np.arange(CYCLES), len(patients))]
    )
    if not np.array_equal(found, expected):
        raise InputError(f"{where}: {_difference(found, expected)}")
    shape = (len(patients), CYCLES)
    return {name: values[rows[order]].reshape(shape) for name, values in columns.items()}


def _difference(found: NDArray[Any], expected: NDArray[Any]) -> str:
    """Say what keeps the rows from being the complete rectangle."""
    have = [(int(patient), int(cycle)) for patient, cycle in found]
    want = {(int(patient), int(cycle)) for patient, cycle in expected}
    need = f"the comparison needs every patient once at every cycle from 0 to {CYCLES - 1}"
    if missing := sorted(want - set(have)):
        patient, cycle = missing[0]
        return f"patient {patient} has no cycle {cycle}; {need}"
    if strange := sorted(set(have) - want):
        patient, cycle = strange[0]
        return f"patient {patient}, cycle {cycle} has no counterpart elsewhere; {need}"
    patient, cycle = next(key for key, after in pairwise(have) if key == after)
    return f"patient {patient}, cycle {cycle} appears more than once; {need}"
