"""`synaprune report`: a run as one page."""

from __future__ import annotations

from pathlib import Path

import rich_click as click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path),
              help="The file; by default RUN/report.html.")  # fmt: skip
def report(run: Path, out: Path | None) -> None:
    """Write a run as one self-contained HTML page, for reading and printing."""
    from synaprune.report import write_report
    from synaprune.results.run import load_run

    click.echo(write_report(load_run(run), out))
