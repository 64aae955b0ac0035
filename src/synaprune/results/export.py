"""A run as CSV, for everything that does not read Parquet."""

from __future__ import annotations

from pathlib import Path

from synaprune.results.files import write_atomically
from synaprune.results.folder import refused
from synaprune.results.run import Run


def export_csv(run: Run, folder: Path) -> list[Path]:
    """Write ``readouts.csv``, ``layers.csv`` and ``patients.csv``.

    Parameters
    ----------
    run
        The run.
    folder
        Where to; made if need be. Files of these names are replaced.

    Returns
    -------
    list of pathlib.Path
        The files, whose numbers read back to exactly what the run holds.
    """
    tables = {
        "readouts": run.to_frame(),
        "layers": run.to_frame("layers"),
        "patients": run.patients(),
    }
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in tables.items():
            path = folder / f"{name}.csv"
            write_atomically(path, frame.to_csv(index=False, lineterminator="\n").encode())
            written.append(path)
    except OSError as error:
        raise refused(folder, error) from error
    return written
