"""A whole study: planned, computed block by block, kept in a run folder."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from synaprune.engine.block import THREADS
from synaprune.engine.plan import plan
from synaprune.engine.pool import Finished, Job, compute
from synaprune.engine.progress import Listener, Progress, counters
from synaprune.engine.randomness import RANDOMNESS_VERSION
from synaprune.errors import InputError
from synaprune.model.constants import NUMERICS_VERSION
from synaprune.model.cycle import choose_mechanisms
from synaprune.results import folder as place
from synaprune.results.blocks import ENDING
from synaprune.results.manifest import Manifest, cpu_model, software_versions
from synaprune.results.run import Run
from synaprune.study import ResolvedStudy, Study


def run(
    study: Study,
    out: str | os.PathLike[str] | None = None,
    *,
    overwrite: bool = False,
    workers: int | None = None,
    on_progress: Listener | None = None,
) -> Run:
    """Simulate a study and keep the results in a folder.

    Parameters
    ----------
    study
        From `load_study`, or made in Python.
    out
        The run folder; by default a new ``runs/<date>-<name>-<hash>``.
    overwrite
        Replace a run that stands there.
    workers
        Processes; by default one a processor core. 1 computes in this process. The results do
        not depend on it.
    on_progress
        Called now and then with a `Progress`.

    Returns
    -------
    Run
        The results.

    Raises
    ------
    InputError
        The folder or the device cannot be used; nothing is written then.

    Examples
    --------
    >>> import synaprune
    >>> study = synaprune.Study(name="first", profiles=["als_standard"], patients=2, seed=1,
    ...                         arms={"untreated": [], "riluzole": "riluzole_continuous"})
    >>> results = synaprune.run(study, "runs/first")  # doctest: +SKIP
    """
    resolved = study.resolve()
    folder = Path(out) if out is not None else place.new_place(study.name, resolved.sha256())
    processes = _processes(workers)
    _check_device(resolved.device)
    place.check_free(folder, overwrite=overwrite)
    mechanisms = choose_mechanisms(resolved.mechanisms)
    blocks = plan(resolved)
    place.make(folder, study.to_yaml(), resolved.to_yaml())
    manifest = _manifest(resolved, len(blocks))
    manifest.write(folder)
    all_cycles = sum(resolved.cycles for _ in blocks)

    with counters(len(blocks)) as shared:

        def tell() -> None:
            if on_progress is not None:
                done = len(manifest.blocks)
                on_progress(Progress(shared.total(), all_cycles, done, len(blocks)))

        def keep(finished: Finished) -> None:
            manifest.blocks[finished.name] = finished.sha256
            manifest.write(folder)
            tell()

        files = folder / place.BLOCKS
        jobs = (
            Job(resolved, block, mechanisms, files / (block.name + ENDING), shared)
            for block in blocks
        )
        tell()
        compute(jobs, min(processes, len(blocks)), keep, tell)
    return Run(folder)


def _processes(workers: int | None) -> int:
    if workers is None:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (
            os.cpu_count() or 1)  # fmt: skip
    if workers < 1:
        raise InputError(f"workers: must be at least 1 (got {workers})")
    return workers


def _check_device(device: str) -> None:
    if device == "cuda" and not torch.cuda.is_available():
        raise InputError("device: cuda was asked for, but torch finds no CUDA device; use cpu")


def _manifest(study: ResolvedStudy, blocks: int) -> Manifest:
    return Manifest(
        name=study.name,
        seed=study.seed,
        preset=study.preset,
        precision=study.precision,
        device=study.device,
        study_sha256=study.sha256(),
        numerics_version=NUMERICS_VERSION,
        randomness_version=RANDOMNESS_VERSION,
        threads=THREADS,
        planned_blocks=blocks,
        versions=software_versions(),
        cpu_model=cpu_model(),
    )
