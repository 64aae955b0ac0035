"""`synaprune run`: simulate a study."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from synaprune.cli.options import run_options


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
@run_options
def run(study: Path, out: Path | None, overwrite: bool, workers: int | None) -> None:
    """Simulate a study file."""
    from rich.console import Console

    from synaprune.cli.ending import show_ending
    from synaprune.cli.progress import shown
    from synaprune.study import load_study

    asked = load_study(study)
    from synaprune.engine import simulate

    with shown(f"Simulating {asked.name}") as listener:
        results = simulate.run(
            asked, out, overwrite=overwrite, workers=workers, on_progress=listener
        )
    show_ending(results, Console())
