"""`synaprune demo`: one patient, three arms, half a minute."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from synaprune.cli.options import run_options


@click.command()
@run_options
def demo(out: Path | None, overwrite: bool, workers: int | None) -> None:
    """Follow one ALS patient under three arms (under 30 seconds, offline)."""
    from rich.console import Console

    from synaprune.cli.ending import show_ending
    from synaprune.cli.progress import shown
    from synaprune.engine import simulate
    from synaprune.study import demo_study

    with shown("One patient, three arms") as listener:
        results = simulate.run(
            demo_study(), out, overwrite=overwrite, workers=workers, on_progress=listener
        )
    show_ending(results, Console())
