"""The values that a calibration found, on patients that it never saw.

A search fits its own patients. What the values are worth shows in an ordinary run of the paper's
42 scenarios under another seed, compared with the paper as any run is.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting, paper_setting
from synaprune.engine import simulate
from synaprune.engine.progress import Progress
from synaprune.errors import InputError
from synaprune.paper.comparison import Comparison, compare
from synaprune.paper.scenarios import CYCLES, PROFILES, TREATMENTS
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
        The seed is that of the search, or the result could not be held against the paper.
    """
    if seed == setting.seed:
        raise InputError(f"verify-seed: must not be the seed of the search (got {seed}): "
                         "the values were fitted to its patients")  # fmt: skip
    _check_comparable(candidate, setting)
    fresh = Setting(**{**vars(setting), "patients": patients, "seed": seed})
    return candidate.study(PROFILES, TREATMENTS, fresh, name="verification")


def _check_comparable(candidate: Candidate, setting: Setting) -> None:
    """Refuse what lacks the paper's scenarios: it would be noticed only after the search."""
    paper = paper_setting(setting.patients, setting.seed, candidate.preset)
    known = [profile.name for profile in candidate.preset.profiles]
    lacks = [profile for profile in PROFILES if profile not in known]
    without = [treatment for treatment in TREATMENTS if treatment not in paper.arms]
    others = [t for t in TREATMENTS if setting.arms.get(t) != paper.arms.get(t)]
    if setting.cycles != CYCLES:
        why = f"courses of the paper have {CYCLES} cycles (got {setting.cycles})"
    elif lacks:
        why = f"the preset has no profile {lacks[0]}"
    elif without:
        why = f"the preset has no treatment {without[0]}"
    elif others:
        why = f"the study's own arm {others[0]} is not the paper's"
    else:
        return
    raise InputError(f"verify-patients: {why}; leave the verification out with --verify-patients 0")


def verify(
    study: ResolvedStudy,
    out: str | os.PathLike[str],
    *,
    workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[Run, Comparison]:
    """Run a verification and hold it against the paper.

    Parameters
    ----------
    study
        From `verification`.
    out
        The run folder; tables of the comparison are written into it. The same verification is
        gone on with. One of other values, patients or versions is replaced, for it verifies
        nothing any more.
    workers, on_progress
        As for any run.

    Raises
    ------
    InputError
        The folder cannot be used.
    RunError
        Blocks failed, or the disk was full.
    """
    resume = simulate.goes_on(study, out)
    run = simulate.run(
        study, out, resume=resume, overwrite=not resume, workers=workers, on_progress=on_progress
    )
    comparison = compare(run.to_frame(), run.to_frame("layers"), run.patients())
    comparison.write(run.folder)
    return run, comparison
