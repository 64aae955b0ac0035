"""`synaprune figures`: every figure that fits a run."""

from __future__ import annotations

from pathlib import Path

import rich_click as click


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where to; by default RUN/figures.")
@click.option("--format", "formats", multiple=True, metavar="FORMAT",
              help="svg, png, pdf or gif (moving); can be repeated. By default all.")  # fmt: skip
@click.option("--only", multiple=True, metavar="NAME",
              help="Draw only this figure, such as circuit; can be repeated.")  # fmt: skip
@click.option("--readout", "readouts", multiple=True, metavar="NAME",
              help="Draw this readout on its own as well; can be repeated.")  # fmt: skip
def figures(
    run: Path,
    out: Path | None,
    formats: tuple[str, ...],
    only: tuple[str, ...],
    readouts: tuple[str, ...],
) -> None:
    """Draw the figures of a run folder, each with its caption."""
    from synaprune.figures import FORMATS, draw
    from synaprune.results.folder import FIGURES
    from synaprune.results.run import load_run

    for figure in draw(
        load_run(run), out or run / FIGURES, formats or FORMATS, only=only, readouts=readouts
    ):
        click.echo(f"{figure.title}. {figure.caption}")
        for file in figure.files:
            click.echo(f"  {file}")
