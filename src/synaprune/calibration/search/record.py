"""The folder of a calibration: what was asked, so that only the same is gone on with.

::

    calibration.json   everything asked for, versions, hashes, methods of search
    start.yaml         the preset that the search starts from, unless that is a built-in one
    evaluations/       what every trial tried and showed
    best.yaml          the best values, as a preset
    verification/      a run of the paper's scenarios with them, on fresh patients
    tables/, figures/, report.html   what is derived from these

The file holds nothing about who ran it, when or where.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from synaprune.calibration.search.asked import Asked
from synaprune.calibration.search.evaluations import FOLDER
from synaprune.calibration.search.search import BATCH, proposer_of, trials_of
from synaprune.calibration.space.space import COUNTS, NETWORKS
from synaprune.engine.block import THREADS
from synaprune.engine.randomness import RANDOMNESS_VERSION
from synaprune.errors import InputError
from synaprune.model.constants import NUMERICS_VERSION
from synaprune.model.products import SPARSE_VERSION
from synaprune.results.files import UNFINISHED, write_atomically
from synaprune.results.folder import FIGURES, REPORT, TABLES
from synaprune.results.manifest import software_versions
from synaprune.study import library
from synaprune.study.yaml_text import to_yaml

NAME = "calibration.json"
START = "start.yaml"
BEST = "best.yaml"
VERIFICATION = "verification"

#: Raised whenever a calibration is laid out or carried out differently.
FORMAT = 1

#: How a difference is called, by the key of the document.
_WORDS = {
    "preset": "preset or forms",
    "space": "space",
    "targets": "targets",
    "setting": "circuit, patients, seed or treatments",
    "counted_patients": "number of counted patients",
    "search_seed": "seed",
    "counts_trials": "number of counts trials",
    "refinement": "refinement",
    "numerics": "numerics of this version",
    "format": "format",
}

#: May differ: more trials can be asked for, and a library may have been updated.
_FREE = ("trials", "versions", "methods", "sha256")


def document(asked: Asked) -> dict[str, Any]:
    """Everything that a calibration depends on, as plain values of JSON."""
    body = asked.document()
    start = asked.space.start(asked.preset)
    return {
        "format": FORMAT,
        "numerics": {
            "numerics": NUMERICS_VERSION,
            "randomness": RANDOMNESS_VERSION,
            "sparse": SPARSE_VERSION,
            "threads": THREADS,
        },
        "versions": {
            **software_versions(),
            **{name: version(name) for name in ("cmaes", "optuna", "scipy")},
        },
        "methods": {
            "batch": BATCH,
            **{
                stage: proposer_of(asked, stage, start).name
                for stage in (COUNTS, NETWORKS)
                if trials_of(asked, stage)
            },
        },
        "sha256": {name: _hash(body[name]) for name in ("preset", "space", "targets", "setting")},
        **body,
    }


def begin(folder: Path, asked: Asked) -> None:
    """Write what was asked, or check that the same stands there.

    Raises
    ------
    InputError
        Another calibration stands there.
    """
    wanted = _plain(document(asked))
    path = folder / NAME
    if path.is_file():
        there = read(folder)
        for key, words in _WORDS.items():
            if there.get(key) != wanted[key]:
                raise InputError(f"{folder}: the calibration there has another {words}; "
                                 "give another folder, or --overwrite")  # fmt: skip
        if there.get("trials", 0) > wanted["trials"]:
            raise InputError(f"{folder}: the calibration there has {there['trials']} trials; "
                             f"ask for at least as many (got {wanted['trials']})")  # fmt: skip
    text = json.dumps(wanted, indent=2, sort_keys=True, allow_nan=False) + "\n"
    write_atomically(path, text.encode())
    if built_in(wanted["preset"]) is None:
        write_atomically(folder / START, to_yaml(wanted["preset"]).encode())


def built_in(preset: Mapping[str, Any]) -> str | None:
    """Name of the built-in preset with the same values, whatever the forms; None where none has.

    Parameters
    ----------
    preset
        As ``calibration.json`` holds it.
    """
    wanted = _formless(preset)
    presets = library.presets().items()
    return next((n for n, known in presets if _formless(_plain(known.as_given())) == wanted), None)


def _formless(preset: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in preset.items() if key != "mechanisms"}


def read(folder: Path) -> Mapping[str, Any]:
    """Read what was asked.

    Raises
    ------
    InputError
        There is no calibration, or its file is damaged.
    """
    path = folder / NAME
    try:
        found: Mapping[str, Any] = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{folder}: no calibration there (no readable {NAME})") from error
    except ValueError as error:
        raise InputError(f"{path}: damaged; begin the calibration anew") from error
    return found


def check_place(folder: Path, *, resume: bool, overwrite: bool) -> None:
    """Refuse a folder in which the calibration must not be done; touch nothing.

    Raises
    ------
    InputError
        One line.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise InputError(f"{folder}: is a file; give a folder")
        there = folder.is_dir() and any(
            not path.name.endswith(UNFINISHED) for path in folder.iterdir()
        )
    except OSError as error:
        raise InputError(f"{folder}: cannot be used ({error.strerror})") from error
    if not there:
        return
    if not (folder / NAME).is_file():
        raise InputError(f"{folder}: is not empty and no calibration; give an empty or new folder")
    if not (resume or overwrite):
        raise InputError(f"{folder}: holds a calibration already; give another folder, "
                         "--resume or --overwrite")  # fmt: skip


def clear(folder: Path) -> None:
    """Remove a calibration: its claim to the folder last, so that what is left is one to remove."""
    for name in (TABLES, FIGURES, VERIFICATION, "sensitivity", FOLDER):
        if (folder / name).is_dir():
            shutil.rmtree(folder / name)
    for name in (REPORT, BEST, START, NAME):
        (folder / name).unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    """The same values as JSON reads them back."""
    return json.loads(json.dumps(value))


def _hash(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(canonical.encode()).hexdigest()
