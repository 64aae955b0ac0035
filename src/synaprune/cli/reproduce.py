"""`synaprune reproduce`: rerun the paper and hold it against every published number."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from synaprune.cli.options import run_options

#: Patients of each scenario. Verdicts are provisional below 16.
PATIENTS = 8


@click.command()
@click.option("--patients", type=click.IntRange(1, 10_000_000), default=PATIENTS,
              show_default=True, help="Virtual patients of each scenario.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True,
              help="Seed of the study.")  # fmt: skip
@run_options
def reproduce(
    patients: int, seed: int, out: Path | None, overwrite: bool, workers: int | None
) -> None:
    """Rerun the paper: 42 scenarios, every published number and claim."""
    from rich.console import Console

    from synaprune.cli.comparison import show
    from synaprune.cli.ending import show_place
    from synaprune.cli.progress import shown
    from synaprune.engine import simulate
    from synaprune.paper import compare
    from synaprune.results.export import export_csv
    from synaprune.results.folder import CSV
    from synaprune.study import paper_study

    with shown(f"42 scenarios x {patients} patients") as listener:
        run = simulate.run(
            paper_study(patients, seed), out,
            overwrite=overwrite, workers=workers, on_progress=listener,
        )  # fmt: skip
    comparison = compare(run.to_frame(), run.to_frame("layers"), run.patients())
    comparison.write(run.folder)
    export_csv(run, run.folder / CSV)
    console = Console()
    show(comparison, console)
    show_place(run, console)
