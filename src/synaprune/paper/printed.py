"""The numbers that the published notebook prints, and how many of them a replay prints as well.

The notebook (Ngo Cheung, same title as the paper, 2026) prints the course of thirteen scenarios and
the last cycle of all 42, each number rounded to one or two decimals. Two files hold such numbers:
`COURSES` and `FINALS`. They are compared as printed: a number agrees when it rounds to the same
digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.errors import InputError, nearest
from synaprune.paper.scenarios import UNTREATED

#: Files of printed numbers in a folder.
COURSES, FINALS = "published_courses.csv", "published_final.csv"


class Column(NamedTuple):
    """One printed column.

    Attributes
    ----------
    source
        Its name among the columns of a course.
    decimals
        How many are printed.
    structural
        Whether it follows from counts of connections and doses alone, not from weights.
    """

    source: str
    decimals: int
    structural: bool = True


_LAYERS = ("prefrontal_limbic", "upper_motor", "lower_motor", "neuromuscular_junction", "bulbar",
           "respiratory", "fine_motor")  # fmt: skip

_READOUTS = {
    name: Column(name, decimals, structural)
    for name, decimals, structural in (
        ("accuracy_percent", 1, False),
        ("total_sparsity_percent", 1, True),
        ("depression_score", 1, True),
        ("weakness_score", 2, True),
        ("bulbar_score", 2, True),
        ("fine_motor_score", 2, True),
        ("alsfrs_r_proxy", 1, False),
        ("nfl_proxy", 1, False),
        ("respiratory_risk_percent", 1, True),
        ("motor_integrity_percent", 1, True),
        ("cognitive_score", 1, False),
    )
}

#: Columns of `COURSES` after profile, treatment and cycle; a layer's name is its sparsity.
COURSE_COLUMNS: Mapping[str, Column] = {
    "month": Column("month", 1),
    "accuracy_percent": _READOUTS["accuracy_percent"],
    "total_sparsity_percent": _READOUTS["total_sparsity_percent"],
    **{name: Column(f"sparsity_percent/{name}", 1) for name in _LAYERS},
    **{
        name: _READOUTS[name]
        for name in ("depression_score", "weakness_score", "bulbar_score",
                     "respiratory_risk_percent", "alsfrs_r_proxy", "nfl_proxy", "cognitive_score")
    },
    "drug_level": Column("drug_level", 2),
    "flare": Column("flare", 0),
}  # fmt: skip

#: Columns of `FINALS` after profile and treatment.
FINAL_COLUMNS: Mapping[str, Column] = _READOUTS

#: Stands for the cycle of the numbers in `FINALS`.
FINAL = "final"

_KEYS = ["profile", "treatment", "cycle"]


@dataclass(frozen=True, slots=True)
class Printed:
    """Numbers of the form of the published ones, or those that a replay gives.

    Attributes
    ----------
    courses
        profile, treatment, cycle (from -1) and `COURSE_COLUMNS`.
    finals
        profile, treatment and `FINAL_COLUMNS`.
    """

    courses: pd.DataFrame
    finals: pd.DataFrame


def replayed(courses: Mapping[tuple[str, str], Mapping[str, NDArray[np.float64]]]) -> Printed:
    """Lay out courses in the form of the published numbers, unrounded.

    Parameters
    ----------
    courses
        By profile and treatment the columns of a course, from cycle -1 on.
    """
    rows, finals = [], []
    for (profile, treatment), columns in courses.items():
        keys = {"profile": profile, "treatment": treatment}
        values = {name: columns[column.source] for name, column in COURSE_COLUMNS.items()}
        rows.append(pd.DataFrame({**keys, "cycle": columns["cycle"], **values}))
        last = {name: columns[column.source][-1] for name, column in FINAL_COLUMNS.items()}
        finals.append(keys | last)
    return Printed(pd.concat(rows, ignore_index=True), pd.DataFrame(finals))


def read_printed(folder: Path, scenarios: Iterable[tuple[str, str]]) -> Printed:
    """Read printed numbers from the two files in a folder.

    Parameters
    ----------
    folder
        Where `COURSES` and `FINALS` are.
    scenarios
        Profiles and treatments, of which the files must print one at least.

    Raises
    ------
    InputError
        A file or column is missing, a value is no number, or no scenario is printed.
    """
    courses = _read(folder / COURSES, ["cycle", *COURSE_COLUMNS])
    finals = _read(folder / FINALS, list(FINAL_COLUMNS))
    whose = [frame[["profile", "treatment"]] for frame in (courses, finals)]
    if set(scenarios).isdisjoint(pd.concat(whose).itertuples(index=False, name=None)):
        raise InputError(f"{folder}: its files print none of the scenarios to replay")
    return Printed(courses, finals)


def _read(path: Path, numbers: list[str]) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise InputError(f"{path}: not a CSV file ({str(error).splitlines()[0]})") from error
    for name in ("profile", "treatment", *numbers):
        if name not in frame:
            raise InputError(f"{path}: no column {name!r}; {nearest(name, frame.columns)}")
    for name in numbers:
        frame[name] = _numbers(path, frame[name])
    keys = [name for name in _KEYS if name in frame]
    if len(twice := frame.index[frame.duplicated(keys)]):
        whose = ", ".join(map(str, frame.loc[twice[0], keys]))
        raise InputError(f"{path}:{twice[0] + 2}: a second row of {whose}")
    return frame


def _numbers(path: Path, words: pd.Series[str]) -> pd.Series[float]:
    values = pd.to_numeric(words, errors="coerce")
    rule, wrong = "a number", ~np.isfinite(values)
    if words.name == "cycle":
        rule, wrong = "a whole number", wrong | (values % 1 != 0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(f"{path}:{row + 2}: {words.name}: must be {rule} (got {words[row]!r})")
    return values


def compare_printed(printed: Printed, here: Printed) -> pd.DataFrame:
    """Compare digit by digit what is printed of the scenarios that were replayed.

    Parameters
    ----------
    printed
        The published numbers.
    here
        Those of a replay.

    Returns
    -------
    pandas.DataFrame
        One row a printed number: profile, treatment, cycle, column, decimals, structural,
        printed, here (unrounded), equal. Numbers in `FINALS` are rows of their own, whose cycle
        is `FINAL`.
    """
    last = [frame.assign(cycle=FINAL) for frame in (printed.finals, here.finals)]
    rows = [
        _rows(printed.courses, here.courses, COURSE_COLUMNS),
        _rows(last[0], last[1], FINAL_COLUMNS),
    ]
    return pd.concat(rows, ignore_index=True)


def _rows(printed: pd.DataFrame, here: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    both = printed.merge(here, on=_KEYS, suffixes=(" printed", " here"), validate="1:1")
    parts = []
    for name, column in columns.items():
        part = both[_KEYS].assign(
            column=name, decimals=column.decimals, structural=column.structural
        )
        part["printed"] = both[f"{name} printed"].astype(float)
        part["here"] = both[f"{name} here"].astype(float)
        rounded = [rounding(value, column.decimals) for value in part["here"]]
        part["equal"] = np.array(rounded) == part["printed"]
        parts.append(part)
    return pd.concat(parts).sort_index(kind="stable")


def guided_alone(digits: pd.DataFrame) -> bool:
    """Whether numbers differ under ketamine, and none that is untreated does.

    Only ketamine guides regrowth by the gradient, and such a choice amplifies rounding.

    Parameters
    ----------
    digits
        From `compare_printed`.
    """
    wrong = digits.loc[~digits["equal"], "treatment"]
    untreated = (digits["treatment"] == UNTREATED).any()
    guided = wrong.str.startswith("ketamine").any()
    return bool(untreated and guided and not (wrong == UNTREATED).any())


def rounding(value: float, decimals: int) -> float:
    """Round as printing does.

    Examples
    --------
    >>> rounding(95.75, 1), rounding(2.675, 2)
    (95.8, 2.67)
    """
    return float(f"{value:.{decimals}f}")
