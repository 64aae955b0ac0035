"""`synaprune run`: simulate a study."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from synaprune.cli.options import RunOptions, run_options


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
@run_options
def run(study: Path, options: RunOptions) -> None:
    """Simulate a study file."""
    from rich.console import Console

    from synaprune.cli.campaign import campaign
    from synaprune.cli.ending import show_ending
    from synaprune.study import load_study

    asked = load_study(study)
    what = f"Simulating {asked.name}"
    campaign(asked, what, options, lambda results: show_ending(results, Console()))
