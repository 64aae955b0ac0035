"""`synaprune export`: a run as CSV."""

from __future__ import annotations

from pathlib import Path

import rich_click as click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where to; by default FOLDER/csv.")
def export(folder: Path, out: Path | None) -> None:
    """Write the tables of a run folder as CSV."""
    from synaprune.results.export import export_csv
    from synaprune.results.folder import CSV
    from synaprune.results.run import load_run

    for path in export_csv(load_run(folder), out or folder / CSV):
        click.echo(path)
