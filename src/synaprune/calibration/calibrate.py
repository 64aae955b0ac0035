"""A whole calibration: its folder, its search, its best values."""

from __future__ import annotations

from pathlib import Path

from synaprune.calibration.search.asked import Asked
from synaprune.calibration.search.evaluations import Evaluations
from synaprune.calibration.search.record import BEST, begin, check_place, clear
from synaprune.calibration.search.search import Listener, Search, stages_of
from synaprune.calibration.search.side_by_side import running
from synaprune.calibration.search.standing import provenance
from synaprune.calibration.search.trial import Evaluation
from synaprune.engine.pool import chosen, cores
from synaprune.results.files import write_atomically
from synaprune.results.folder import refused
from synaprune.results.lock import claimed

#: More blocks than this are never ready at a time, so more processes would find nothing to do.
_BLOCKS = 1024


def calibrate(
    asked: Asked,
    folder: Path,
    *,
    resume: bool = False,
    overwrite: bool = False,
    workers: int | None = None,
    listener: Listener | None = None,
) -> Evaluation:
    """Search for values that meet targets, and keep everything in a folder.

    However this ends, finished batches are kept, and `resume` goes on to the same bytes as if
    nothing had happened.

    Parameters
    ----------
    asked
        What to do.
    folder
        Where.
    resume
        Go on with the same calibration that stands there, or begin it.
    overwrite
        Replace a calibration that stands there.
    workers
        Processes; by default one a processor core. The result does not depend on it.
    listener
        Told after every batch of trials.

    Returns
    -------
    Evaluation
        The best trial, which ``best.yaml`` holds as a preset.

    Raises
    ------
    InputError
        What was asked does not fit together, or something else stands in the folder.
    RunError
        The disk was full.
    """
    asked.check()
    stages_of(asked)
    check_place(folder, resume=resume, overwrite=overwrite)
    record = Evaluations(folder, asked.space, asked.targets)
    count = workers or cores()
    with chosen(workers, None, _BLOCKS) as pool, running(count) as run:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with claimed(folder, shared=False):
                if overwrite:
                    clear(folder)
                begin(folder, asked)
                record.open()
                found = Search(asked, record, pool, run, listener).run()
                candidate = asked.space.apply(asked.preset, found.point)
                setting = asked.setting
                said = provenance(found, setting.patients, setting.seed, len(record.all))
                text = candidate.to_yaml("Values of a calibration", said)
                write_atomically(folder / BEST, text.encode())
        except OSError as error:
            raise refused(folder, error) from error
    return found
