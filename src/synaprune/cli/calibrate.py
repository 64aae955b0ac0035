"""`synaprune calibrate`: search for values of what the paper's text leaves open."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from synaprune.calibration.space import BASE_PRESET
from synaprune.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from synaprune.calibration.findings.folder import Findings
    from synaprune.calibration.search.asked import Asked
    from synaprune.calibration.search.search import Told
    from synaprune.calibration.space.candidate import Candidate

#: A line of progress after so many seconds, and at the ends of stages.
_LINE_EVERY_SECONDS = 10.0

_STAGES = {"counts": "connections counted", "networks": "with networks"}


@click.command()
@click.option("--targets", type=click.Path(path_type=Path),
              help="CSV of targets; by default Table 3 and the sizes that the paper's text "
              "states.")  # fmt: skip
@click.option("--space", type=click.Path(path_type=Path),
              help="YAML of the parameters with their bounds; by default all that the paper's "
              "text leaves open.")  # fmt: skip
@click.option("--preset", default=BASE_PRESET, show_default=True, metavar="NAME|FILE",
              help="Preset with which the search begins, its forms and treatments.")  # fmt: skip
@click.option("--form", "forms", multiple=True, metavar="MECHANISM=FORM",
              help="Calibrate this form of a mechanism; can be repeated.")  # fmt: skip
@click.option("--counts-trials", type=click.IntRange(0, 1_000_000), default=40, show_default=True,
              help="Trials without networks, some seconds each.")  # fmt: skip
@click.option("--refine", type=click.IntRange(0, 1_000_000), default=200, show_default=True,
              help="Generations that refine the best of these, some seconds each.")  # fmt: skip
@click.option("--trials", type=click.IntRange(0, 1_000_000), default=120, show_default=True,
              help="Trials with networks.")  # fmt: skip
@click.option("--patients", type=click.IntRange(4, 10_000), default=4, show_default=True,
              help="Virtual patients of a trial with networks.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True,
              help="Seed of the patients and of the search.")  # fmt: skip
@click.option("--verify-patients", type=click.IntRange(0, 1_000_000), default=32,
              show_default=True, help="Fresh patients on which the best values are verified; 0 "
              "leaves that out.")  # fmt: skip
@click.option("--verify-seed", type=click.IntRange(0, 2**63 - 1), default=2, show_default=True,
              help="Seed of the fresh patients; not that of the search.")  # fmt: skip
@click.option("--compare", multiple=True, metavar="NAME=FOLDER",
              help="Compare with another calibration, verified on the same fresh patients; can be "
              "repeated.")  # fmt: skip
@click.option("--sensitivity", is_flag=True,
              help="Then find what the targets tell of each constant: a screening, and ranges that "
              "fit as well (minutes, without networks).")  # fmt: skip
@click.option("--trajectories", type=click.IntRange(0, 10_000), default=0, show_default=True,
              help="With --sensitivity: trajectories of a screening with networks too, a trial for "
              "each constant and one more.")  # fmt: skip
@click.option("--slices", type=click.IntRange(0, 20), default=0, show_default=True,
              help="With --sensitivity: values on each side of every constant that only networks "
              "show, all else held: a trial for each.")  # fmt: skip
@click.option("--study", type=click.Path(path_type=Path),
              help="Study file whose circuit, course, constants, drugs and arms hold.")  # fmt: skip
@click.option("--workers", type=click.IntRange(min=1),
              help="Processes; by default one a core. Results do not depend on it.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True,
              help="Folder of the calibration.")  # fmt: skip
@click.option("--resume", is_flag=True,
              help="Go on with the calibration that stands there, or begin it.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace a calibration that stands there.")
def calibrate(
    targets: Path | None,
    space: Path | None,
    preset: str,
    forms: tuple[str, ...],
    counts_trials: int,
    refine: int,
    trials: int,
    patients: int,
    seed: int,
    verify_patients: int,
    verify_seed: int,
    compare: tuple[str, ...],
    sensitivity: bool,
    trajectories: int,
    slices: int,
    study: Path | None,
    workers: int | None,
    out: Path,
    resume: bool,
    overwrite: bool,
) -> None:
    """Search for what the paper's text leaves open: constants and rates that meet its numbers."""
    if resume and overwrite:
        raise InputError("--resume and --overwrite exclude each other")
    if compare and not verify_patients:
        raise InputError("--compare needs the verification: give --verify-patients")
    if (trajectories or slices) and not sensitivity:
        raise InputError("--trajectories and --slices are of the sensitivity: give --sensitivity")
    from rich.console import Console

    from synaprune.calibration.calibrate import calibrate as search
    from synaprune.calibration.findings.alternatives import others
    from synaprune.calibration.search.proposing import check_installed
    from synaprune.calibration.search.standing import in_words
    from synaprune.calibration.sensitivity.screening import check_trajectories
    from synaprune.calibration.verify import verification
    from synaprune.cli.campaign import ending_signals_interrupt, resumable

    check_installed()
    if trajectories:
        check_trajectories(trajectories)
    asked = _asked(
        targets, space, preset, forms, study, patients, seed, counts_trials, trials, refine
    )
    compared = {}
    if verify_patients:  # what these refuse is refused before the search, not after hours
        wanted = verification(asked.start, asked.setting, verify_patients, verify_seed)
        compared = others(compare, out, asked.targets, wanted.document())
    console = Console(stderr=True)
    with resumable(out), ending_signals_interrupt():
        found = search(
            asked, out, resume=resume, overwrite=overwrite, workers=workers,
            listener=_lines(console),
        )  # fmt: skip
        click.echo(f"Best: trial {found.number}, {in_words(found)}.")
        click.echo(f"Values: {(out / 'best.yaml').as_posix()}")
        candidate = asked.space.apply(asked.preset, found.point)
        if verify_patients:
            _verify(candidate, asked, out, verify_patients, verify_seed, workers)
        if sensitivity:
            _sensitivity(candidate, asked, out, trajectories, slices, workers)
        click.echo(f"Report: {_report(out, compared).as_posix()}")


def _asked(
    targets: Path | None,
    space: Path | None,
    preset: str,
    forms: tuple[str, ...],
    study: Path | None,
    patients: int,
    seed: int,
    counts_trials: int,
    trials: int,
    refine: int,
) -> Asked:
    """Put together what was asked on the command line."""
    from synaprune.calibration.search.asked import Asked, with_constants, with_forms
    from synaprune.calibration.space.candidate import named_preset
    from synaprune.calibration.space.setting import paper_setting, setting_of
    from synaprune.calibration.space.space import load_space, paper_space
    from synaprune.calibration.targets.loading import load_targets, paper_targets
    from synaprune.study import load_study

    given = load_study(study) if study else None
    start = with_constants(named_preset(preset), dict(given.constants) if given else {})
    begin = with_forms(start, forms)
    return Asked(
        preset=begin,
        space=load_space(space) if space else paper_space(),
        targets=load_targets(targets) if targets else paper_targets(),
        setting=(
            setting_of(given, patients, seed, begin)
            if given
            else paper_setting(patients, seed, begin)
        ),
        search_seed=seed,
        counts_trials=counts_trials,
        trials=trials,
        refinement=refine,
    )


def _verify(
    candidate: Candidate, asked: Asked, out: Path, patients: int, seed: int, workers: int | None
) -> None:
    """Run the best values on fresh patients and show what holds."""
    from rich.console import Console

    from synaprune.calibration.search.record import VERIFICATION
    from synaprune.calibration.verify import verification, verify
    from synaprune.cli.comparison import show
    from synaprune.cli.progress import shown

    study = verification(candidate, asked.setting, patients, seed)
    with shown(f"Verifying on {patients} fresh patients") as listener:
        run, comparison = verify(study, out / VERIFICATION, workers=workers, on_progress=listener)
    show(comparison, Console())
    click.echo(f"Verification: {run.folder.as_posix()}")


def _sensitivity(
    candidate: Candidate,
    asked: Asked,
    out: Path,
    trajectories: int,
    slices: int,
    workers: int | None,
) -> None:
    """Find what the targets tell of each constant."""
    from synaprune.calibration.sensitivity.analysis import Extent, write_sensitivity
    from synaprune.calibration.sensitivity.curves import Plan
    from synaprune.calibration.sensitivity.ground import Ground
    from synaprune.engine.pool import chosen, cores

    ground = Ground(asked.space, candidate.preset, asked.targets, asked.setting, asked.search_seed)
    with chosen(workers, None, len(asked.targets)) as pool:
        write_sensitivity(
            out, ground, pool,
            Extent(network_trajectories=trajectories, slices=slices,
                   curves=Plan(workers=workers or cores())),
            lambda note: click.echo(note, err=True),
        )  # fmt: skip


def _report(out: Path, compared: Mapping[str, Findings]) -> Path:
    """Write the page of the calibration, with what others show beside it."""
    from synaprune.calibration.findings.alternatives import write_structure
    from synaprune.calibration.report.page import write_report

    if compared:
        write_structure(out, compared)
    return write_report(out)


def _lines(console: Console) -> Callable[[Told], None]:
    """Give a listener that prints a line now and then: how far, how good, how long."""
    from synaprune.calibration.search.standing import in_words

    begun: dict[str, tuple[float, int]] = {}
    last = float("-inf")

    def say(told: Told) -> None:
        nonlocal last
        now = time.monotonic()
        start, found = begun.setdefault(told.stage, (now, told.trials))
        finished = told.trials >= told.of
        if told.best is None or (now - last < _LINE_EVERY_SECONDS and not finished):
            return
        last = now
        done = told.trials - found
        left = (now - start) / done * (told.of - told.trials) if done else 0.0
        pace = f"; {timedelta(seconds=round(left))} left" if left else ""
        console.print(
            f"{_STAGES[told.stage]}: trial {told.trials} of {told.of}; best so far trial "
            f"{told.best.number}: {in_words(told.best)}{pace}",
            highlight=False, markup=False, soft_wrap=True,
        )  # fmt: skip

    return say
