"""Tables on disk: CSV to look at, JSON to compute with, the same bytes every time.

CSV carries six significant digits, which is more than any estimate here supports and lets two
files be compared by eye; JSON carries every digit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from synaprune.errors import InputError
from synaprune.results.files import write_atomically
from synaprune.results.folder import refused

#: Significant digits of a number in CSV.
CSV_FORMAT = "%.6g"


def write_tables(
    folder: str | PathLike[str],
    tables: Mapping[str, pd.DataFrame],
    large: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
) -> None:
    """Write tables and summary into ``folder/tables``.

    Parameters
    ----------
    folder
        Created where it does not exist.
    tables
        Frames by file name without ending.
    large
        The same, written as CSV alone.
    summary
        Written as ``summary.json``.

    Raises
    ------
    InputError
        They cannot be written, or a file stands where a folder is needed.
    RunError
        The disk is full.
    """
    target = Path(folder) / "tables"
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, table in {**large, **tables}.items():
            _put(target / f"{name}.csv", csv_text(table))
        for name, table in tables.items():
            _put(target / f"{name}.json", json_text(_records(table)))
        _put(target / "summary.json", json_text(summary))
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{target}: a file stands where a folder is needed") from None
    except OSError as error:
        raise refused(target, error) from error


def csv_text(table: pd.DataFrame) -> str:
    """Write a frame as CSV: six significant digits, nothing for a missing value."""
    return str(table.to_csv(index=False, float_format=CSV_FORMAT, lineterminator="\n"))


def json_text(value: Any) -> str:
    """Write plain values as JSON; not-a-number does not occur in them."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn rows into plain values, missing ones into null."""
    plain = table.astype(object).where(table.notna(), None)
    return [
        {str(key): _plain(value) for key, value in row.items()}
        for row in plain.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _put(path: Path, text: str) -> None:
    write_atomically(path, text.encode())
