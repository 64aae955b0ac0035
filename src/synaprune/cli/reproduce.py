"""`synaprune reproduce`: rerun the paper, and set its published network among the patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from synaprune.cli.options import RunOptions, run_options

if TYPE_CHECKING:
    from synaprune.results.run import Run

#: Patients of each scenario. Bands and verdicts are provisional below 16.
PATIENTS = 8


@click.command()
@click.option("--patients", type=click.IntRange(1, 10_000_000), default=PATIENTS,
              show_default=True, help="Virtual patients of each scenario.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True,
              help="Seed of the study.")  # fmt: skip
@run_options
def reproduce(patients: int, seed: int, options: RunOptions) -> None:
    """Rerun the paper: 42 scenarios; set its published network among the patients."""
    from synaprune.cli.campaign import campaign
    from synaprune.study import paper_study

    what = f"42 scenarios x {patients} patients"
    campaign(paper_study(patients, seed), what, options, _compare)


def _compare(run: Run) -> None:
    """Compare a run, write tables, figures and report into it, show them."""
    from rich.console import Console

    from synaprune.cli.comparison import show
    from synaprune.cli.ending import show_place
    from synaprune.figures import draw
    from synaprune.paper import compare
    from synaprune.report import write_report
    from synaprune.results.export import export_csv
    from synaprune.results.folder import CSV, FIGURES

    comparison = compare(run.to_frame(), run.to_frame("layers"), run.patients())
    comparison.write(run.folder)
    export_csv(run, run.folder / CSV)
    draw(run, run.folder / FIGURES)
    page = write_report(run)
    console = Console()
    show(comparison, console)
    show_place(run, console)
    console.print(f"Report:  {page.as_posix()} (open it in a browser)", highlight=False,
                  soft_wrap=True, markup=False)  # fmt: skip
