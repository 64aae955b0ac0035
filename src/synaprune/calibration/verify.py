"""The values that a calibration found, on patients that it never saw.

A search fits its own patients. What the values are worth shows in an ordinary run of the paper's
42 scenarios under another seed, compared with the paper as any run is.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting
from synaprune.engine import simulate
from synaprune.engine.progress import Progress
from synaprune.errors import InputError
from synaprune.paper.comparison import Comparison, compare
from synaprune.paper.scenarios import PROFILES, TREATMENTS
from synaprune.results.run import Run
from synaprune.study import ResolvedStudy


def verification(candidate: Candidate, setting: Setting, patients: int, seed: int) -> ResolvedStudy:
    """The paper's study with a candidate's values, for fresh patients.

    Parameters
    ----------
    candidate
        The values.
    setting
        That of the search.
    patients, seed
        Of the verification.

    Raises
    ------
    InputError
        The seed is that of the search.
    """
    if seed == setting.seed:
        raise InputError(f"verify-seed: must not be the seed of the search (got {seed}): "
                         "the values were fitted to its patients")  # fmt: skip
    fresh = Setting(**{**vars(setting), "patients": patients, "seed": seed})
    return candidate.study(PROFILES, TREATMENTS, fresh, name="verification")


def verify(
    study: ResolvedStudy,
    out: str | os.PathLike[str],
    *,
    resume: bool = False,
    overwrite: bool = False,
    workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[Run, Comparison]:
    """Run a verification and hold it against the paper.

    Parameters
    ----------
    study
        From `verification`.
    out
        The run folder; tables of the comparison are written into it.
    resume, overwrite, workers, on_progress
        As for any run.

    Raises
    ------
    InputError
        The folder cannot be used.
    RunError
        Blocks failed, or the disk was full.
    """
    run = simulate.run(
        study, out, resume=resume, overwrite=overwrite, workers=workers, on_progress=on_progress
    )
    comparison = compare(run.to_frame(), run.to_frame("layers"), run.patients())
    comparison.write(run.folder)
    return run, comparison
