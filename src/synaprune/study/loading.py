"""The door for study files."""

from __future__ import annotations

import os

from synaprune.study.study import Study
from synaprune.study.yaml_source import read_file


def load_study(path: str | os.PathLike[str]) -> Study:
    """Read a study file.

    Parameters
    ----------
    path
        A YAML 1.2 file.

    Returns
    -------
    Study
        Checked as a whole.

    Raises
    ------
    InputError
        One line: the file as given, the line, the key, what is allowed and what was given.
    """
    return read_file(path).build(Study)
