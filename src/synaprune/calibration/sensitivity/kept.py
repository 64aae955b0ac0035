"""Results of long computations, kept one by one so that a kill loses only the one under way.

A result is found again only under the same question: the question's hash is part of the name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from synaprune.errors import InputError, RunError
from synaprune.results.files import digest, write_atomically

#: Where the results of a sensitivity analysis are kept, within the folder of a calibration.
KEPT = "sensitivity"

#: Letters of a question's hash in a file name.
_LETTERS = 16


class Kept:
    """A folder of results.

    Parameters
    ----------
    folder
        Made if need be.
    question
        Plain values of JSON: everything that decides what the results are.
    """

    def __init__(self, folder: Path, question: Mapping[str, Any]) -> None:
        canonical = json.dumps(question, sort_keys=True, separators=(",", ":"))
        self.folder = folder
        self._hash = digest(canonical.encode())[:_LETTERS]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunError(f"{folder}: cannot be made ({error.strerror})") from error

    def get(self, number: int, compute: Callable[[], Any]) -> Any:
        """Give a result, computed unless it is kept.

        Parameters
        ----------
        number
            Which of the question's results.
        compute
            Gives plain values of JSON; NaN is allowed.

        Raises
        ------
        InputError
            A kept file is damaged.
        RunError
            The disk does not take the result.
        """
        path = self.folder / f"{self._hash}-{number:06d}.json"
        if path.exists():
            try:
                return json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise InputError(f"{path}: damaged; remove it to compute it again") from error
        result = compute()
        try:
            write_atomically(path, (json.dumps(result) + "\n").encode())
        except OSError as error:
            raise RunError(f"{path}: cannot be written ({error.strerror})") from error
        return result
