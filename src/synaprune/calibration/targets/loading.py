"""Where targets come from: the paper, or a user's file of the same columns.

The paper's own are the cells of Table 3 and the sizes that its text states, which stand as data
beside this module.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from math import inf, isfinite
from pathlib import Path

from synaprune.calibration.targets.readable import READABLE
from synaprune.calibration.targets.target import TABLE3, Target
from synaprune.calibration.targets.when import parse_when
from synaprune.errors import InputError, nearest
from synaprune.paper.cells import REPEATING
from synaprune.paper.published import published_table3
from synaprune.paper.tolerance import tolerance

__all__ = ["TABLE3", "Target", "load_targets", "paper_targets", "parse_targets"]

#: Columns of a file of targets, in any order.
COLUMNS = (
    "name",
    "profile",
    "treatment",
    "minus",
    "readout",
    "when",
    "low",
    "high",
    "tolerance",
    "weight",
    "source",
    "minus_profile",
    "minus_readout",
)

#: Columns that a file may leave out; a cell of any other must be filled, except one of low, high.
OPTIONAL = ("minus", "minus_profile", "minus_readout", "weight", "source")

#: Weight of a cell of Table 3 that repeats no other, and of a target that gives none.
CELL_WEIGHT = 1.0


@lru_cache(maxsize=1)
def paper_targets() -> tuple[Target, ...]:
    """What the paper publishes: the cells of Table 3, and the sizes that its text states.

    A cell that repeats another (the ALSFRS-R proxy is 0.48 times the accuracy, motor integrity
    the sparsity of the motor layers again) has weight 0. All other cells have weight 1, sizes the
    weight that the file names.

    Returns
    -------
    tuple of Target
        130 cells, then the sizes.

    Examples
    --------
    >>> sum(target.is_cell for target in paper_targets())
    130
    """
    text = files(__package__).joinpath("data", "paper_claims.csv").read_text(encoding="utf-8")
    return (*_cells(), *parse_targets(text, "paper_claims.csv"))


def load_targets(path: str | os.PathLike[str]) -> tuple[Target, ...]:
    """Read a file of targets.

    Parameters
    ----------
    path
        A CSV file with the columns `COLUMNS`; lines that start with ``#`` are comments. One of
        low and high may be empty, which leaves that side open.

    Raises
    ------
    InputError
        One line: the file, the line, the column, what is allowed and what was given.
    """
    place = Path(path)
    try:
        text = place.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{place}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: must be UTF-8 text") from error
    return parse_targets(text, str(place))


def parse_targets(text: str, file: str) -> tuple[Target, ...]:
    """Read targets from the text of a CSV file; see `load_targets`.

    Parameters
    ----------
    text
        The file's content.
    file
        How errors call it.
    """
    rows = _rows(text)
    number, header = next(rows, (1, []))
    _check_header(header, f"{file}:{number}")
    found: dict[str, Target] = {}
    for number, cells in rows:
        where = f"{file}:{number}"
        if len(cells) != len(header):
            raise InputError(f"{where}: must have {len(header)} cells (got {len(cells)})")
        target = _Row(where, dict(zip(header, map(str.strip, cells), strict=True))).target()
        if target.name in found:
            raise InputError(f"{where}: name: {target.name!r} stands twice")
        found[target.name] = target
    if not found:
        raise InputError(f"{file}: has no targets")
    return tuple(found.values())


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows with the line each stands on, without comments and empty lines."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, next(csv.reader(io.StringIO(line)))


def _check_header(header: Sequence[str], where: str) -> None:
    for column in header:
        if column not in COLUMNS:
            raise InputError(f"{where}: unknown column {column!r}; {nearest(column, COLUMNS)}")
        if header.count(column) > 1:
            raise InputError(f"{where}: column {column} stands twice")
    for column in COLUMNS:
        if column not in header and column not in OPTIONAL:
            raise InputError(f"{where}: no column {column}")


class _Row:
    """One row of a file, turned into a target with every mistake named."""

    def __init__(self, where: str, cells: Mapping[str, str]) -> None:
        self._where = where
        self._cells = cells

    def target(self) -> Target:
        """Build the target."""
        low, high = self._number("low", -inf), self._number("high", inf)
        if not (isfinite(low) or isfinite(high)):
            raise InputError(f"{self._where}: low and high: one of them is required")
        if low > high:
            raise InputError(f"{self._where}: low: must not be above high (got {low:g})")
        return Target(
            name=self._text("name"),
            profile=self._text("profile"),
            treatment=self._text("treatment"),
            minus=self._cells.get("minus", ""),
            readout=self._readout("readout"),
            when=self._when(),
            low=low,
            high=high,
            tolerance=self._number("tolerance", None, above=True),
            weight=self._number("weight", CELL_WEIGHT),
            source=self._cells.get("source", ""),
            minus_profile=self._cells.get("minus_profile", ""),
            minus_readout=(
                self._readout("minus_readout") if self._cells.get("minus_readout") else ""
            ),
        )

    def _text(self, column: str) -> str:
        if not self._cells[column]:
            raise InputError(f"{self._where}: {column}: is required")
        return self._cells[column]

    def _readout(self, column: str) -> str:
        readout = self._text(column)
        if readout not in READABLE:
            rule = f"unknown readout {readout!r}; {nearest(readout, READABLE)}"
            raise InputError(f"{self._where}: {column}: {rule}")
        return readout

    def _when(self) -> str:
        try:
            parse_when(self._text("when"))
        except InputError as error:
            said = str(error).removeprefix(f"{self._where}: when: ")
            raise InputError(f"{self._where}: when: {said}") from None
        return self._cells["when"]

    def _number(self, column: str, empty: float | None, *, above: bool = False) -> float:
        """Read a number; weights and tolerances are not negative, a tolerance is above 0."""
        text = self._cells.get(column, "")
        if not text and empty is not None:
            return empty
        signed = column in ("low", "high")
        try:
            value = float(text)
        except ValueError:
            value = inf
        if not isfinite(value) or (value < 0 and not signed) or (value == 0 and above):
            rule = "a finite number" + ("" if signed else " above 0" if above else " of at least 0")
            raise InputError(f"{self._where}: {column}: must be {rule} (got {text!r})")
        return value


def _cells() -> Iterator[Target]:
    rows = published_table3().itertuples(index=False, name=None)
    for profile, treatment, readout, value in rows:
        yield Target(
            name=f"{profile}.{treatment}.{readout}",
            profile=profile,
            treatment=treatment,
            minus="",
            readout=readout,
            when="final",
            low=float(value),
            high=float(value),
            tolerance=tolerance(readout, value),
            weight=0.0 if readout in REPEATING else CELL_WEIGHT,
            source=TABLE3,
        )
