"""A whole study: planned, computed block by block, kept in a run folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import torch

from synaprune.engine.block import THREADS
from synaprune.engine.fingerprint import fingerprints
from synaprune.engine.plan import Plan, plan
from synaprune.engine.pool import Pool, chosen
from synaprune.engine.progress import Listener, Progress
from synaprune.engine.randomness import RANDOMNESS_VERSION
from synaprune.engine.work import Failed, Job, file_name
from synaprune.errors import InputError, RunError
from synaprune.model.constants import NUMERICS_VERSION
from synaprune.model.cycle import choose_mechanisms
from synaprune.model.products import SPARSE_VERSION
from synaprune.results.folder import is_begun, new_place
from synaprune.results.ledger import Ledger
from synaprune.results.manifest import Manifest, cpu_model, read_manifest, software_versions
from synaprune.results.opening import Asked, opened
from synaprune.results.run import Run
from synaprune.results.sameness import check_same
from synaprune.results.shards import Shard
from synaprune.study import ResolvedStudy, Study


def run(
    study: Study | ResolvedStudy,
    out: str | os.PathLike[str] | None = None,
    *,
    overwrite: bool = False,
    resume: bool = False,
    workers: int | None = None,
    shard: str | None = None,
    dask: str | None = None,
    on_progress: Listener | None = None,
) -> Run:
    """Simulate a study and keep the results in a folder.

    However this ends, the blocks that are done are kept, and `resume` goes on to the same bytes
    as if nothing had happened.

    Parameters
    ----------
    study
        From `load_study`, or made in Python. A study that is resolved already is computed as it
        is, and stands in the folder in that form.
    out
        The run folder; by default a new ``runs/<date>-<name>-<hash>``.
    overwrite
        Replace a run that stands there.
    resume
        Go on with the run that stands there: blocks that are done and undamaged are not computed
        again. A folder that is missing or empty is begun.
    workers
        Processes; by default one a processor core. 1 computes in this process. The results do
        not depend on it.
    shard
        ``I/N``: compute every N-th block only, from the I-th on. All N, computed anywhere into
        the same folder, make the run. Until then the run that is returned is partial.
    dask
        Address of a Dask scheduler, ``tcp://HOST:PORT``, whose workers compute the blocks.
    on_progress
        Called now and then with a `Progress`.

    Returns
    -------
    Run
        The results.

    Raises
    ------
    InputError
        The folder, the device or the cluster cannot be used, or another study stands there;
        nothing is written then.
    RunError
        Blocks failed, or the disk was full.

    Examples
    --------
    >>> import synaprune
    >>> study = synaprune.Study(name="first", profiles=["als_standard"], patients=2, seed=1,
    ...                         arms={"untreated": [], "riluzole": "riluzole_continuous"})
    >>> results = synaprune.run(study, "runs/first")  # doctest: +SKIP
    >>> results = synaprune.run(study, "runs/first", resume=True)  # doctest: +SKIP
    """
    share = Shard.parse(shard) if shard is not None else None
    _check_choices(out, overwrite=overwrite, resume=resume, shard=share)
    resolved = study if isinstance(study, ResolvedStudy) else study.resolve()
    folder = Path(out) if out is not None else new_place(study.name, resolved.sha256())
    if dask is None:
        _check_device(resolved.device)
    blocks = plan(resolved)
    mine = len(blocks) if share is None else share.count(len(blocks))
    asked = Asked(
        _manifest(resolved, len(blocks)), study.to_yaml(), resolved.to_yaml(),
        _Files(blocks), overwrite=overwrite, resume=resume, shard=share,
    )  # fmt: skip
    mechanisms = choose_mechanisms(resolved.mechanisms)
    with chosen(workers, dask, mine) as pool, opened(folder, asked) as ledger:
        jobs = (
            Job(resolved, block, mechanisms)
            for block in blocks
            if (share is None or share.holds(block.number)) and file_name(block) not in ledger
        )
        _compute(jobs, pool, ledger, _teller(resolved.cycles, mine, pool, ledger, on_progress))
    return Run(folder, partial=share is not None)


def goes_on(study: ResolvedStudy, out: str | os.PathLike[str]) -> bool:
    """Whether `run` with resume could go on in a folder: by the same study and the same versions.

    Parameters
    ----------
    study
        What is to be computed.
    out
        The run folder. Where no run stands yet, one can be begun.
    """
    folder = Path(out)
    if not is_begun(folder):
        return True
    here = _manifest(study, len(plan(study)))
    try:
        check_same(folder, read_manifest(folder), here, study.to_yaml())
    except InputError:
        return False
    return True


class _Files:
    """Names of the files of a plan, made one at a time."""

    def __init__(self, blocks: Plan) -> None:
        self._blocks = blocks

    def __iter__(self) -> Iterator[str]:
        return map(file_name, self._blocks)


def _compute(jobs: Iterable[Job], pool: Pool, ledger: Ledger, tell: Callable[[str], None]) -> None:
    """Compute jobs and keep their blocks; say at the end which failed."""
    tell("")
    for note in ledger.notes:
        tell(note)
    failures = []
    with closing(pool.outcomes(jobs, tell)) as outcomes:
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                failures.append(outcome.line)
                tell(f"failed: {outcome.line}")
            else:
                ledger.keep(outcome.name, outcome.content, outcome.sha256)
                tell("")
    if failures:
        planned = ledger.manifest.planned_blocks
        raise RunError(f"{len(failures)} of {planned} blocks failed", sorted(failures))


def _teller(
    cycles: int, blocks: int, pool: Pool, ledger: Ledger, listener: Listener | None
) -> Callable[[str], None]:
    """Give the function that tells how far the run is, with a note or an empty one."""
    furthest = 0

    def tell(note: str) -> None:
        nonlocal furthest
        if listener is None:
            return
        done = ledger.done
        # a block that is computed again must not turn the display back
        furthest = min(max(furthest, done * cycles + pool.under_way()), blocks * cycles)
        listener(Progress(furthest, blocks * cycles, done, blocks, note))

    return tell


def _check_choices(out: object, *, overwrite: bool, resume: bool, shard: Shard | None) -> None:
    if overwrite and resume:
        raise InputError("resume and overwrite exclude each other")
    if overwrite and shard is not None:
        raise InputError("shard and overwrite exclude each other: shards share a folder")
    if resume and out is None:
        raise InputError("resume: needs out, the folder of the run to go on with")
    if shard is not None and out is None:
        raise InputError("shard: needs out, the folder that all shards share")


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
        sparse_version=SPARSE_VERSION,
        threads=THREADS,
        planned_blocks=blocks,
        versions=software_versions(),
        mechanisms=fingerprints(study.mechanisms),
        cpu_model=cpu_model(),
    )
