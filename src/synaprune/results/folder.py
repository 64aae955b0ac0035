"""A run folder: where it may stand, and what is in it.

::

    study.yaml        the study as it was given
    resolved.yaml     every default filled in
    manifest.json     versions, seed, hashes, which blocks are finished
    blocks/           one Parquet file a block
    tables/, csv/     what commands derive from the blocks
"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

from synaprune.errors import InputError
from synaprune.results import manifest
from synaprune.results.files import write_atomically

STUDY = "study.yaml"
RESOLVED = "resolved.yaml"
BLOCKS = "blocks"
TABLES = "tables"
CSV = "csv"

#: Folder of runs that were not given a place.
RUNS = "runs"


def check_free(folder: Path, *, overwrite: bool) -> None:
    """Refuse a place where a run cannot stand, without touching it.

    Parameters
    ----------
    folder
        The run folder to be.
    overwrite
        Whether an earlier run there may be replaced.

    Raises
    ------
    InputError
        Something else stands there, an earlier run does and may not be replaced, or nothing can
        be written there.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; give a folder")
    try:
        used = folder.exists() and any(folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from error
    if used and not (folder / manifest.NAME).is_file():
        raise InputError(f"{folder}: is not empty and not a run; give an empty or a new folder")
    if used and not overwrite:
        raise InputError(f"{folder}: holds a run already; give another folder or --overwrite")
    standing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not standing.is_dir():
        raise InputError(f"{folder}: cannot be made, {standing} is a file")
    if not os.access(standing, os.W_OK | os.X_OK):
        raise InputError(f"{folder}: cannot be written, no permission in {standing}")


def make(folder: Path, study: str, resolved: str) -> None:
    """Make a run folder, in place of an earlier run.

    Parameters
    ----------
    folder
        A place that `check_free` allowed.
    study, resolved
        The study as given and as resolved, YAML.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (BLOCKS, TABLES, CSV):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in (manifest.NAME, STUDY, RESOLVED):
            (folder / name).unlink(missing_ok=True)
        (folder / BLOCKS).mkdir()
        write_atomically(folder / STUDY, study.encode())
        write_atomically(folder / RESOLVED, resolved.encode())
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror})") from error


def new_place(name: str, study_sha256: str, parent: Path | None = None) -> Path:
    """Find a free folder ``runs/<date>-<name>-<hash>``, numbered where that is taken."""
    stem = f"{date.today().isoformat()}-{name}-{study_sha256[:8]}"
    place = (parent or Path(RUNS)) / stem
    number = 2
    while place.exists():
        place = place.with_name(f"{stem}-{number}")
        number += 1
    return place
