"""`synaprune demo`: one patient, three arms, half a minute."""

from __future__ import annotations

import rich_click as click

from synaprune.cli.options import RunOptions, run_options


@click.command()
@run_options
def demo(options: RunOptions) -> None:
    """Follow one ALS patient under three arms (under 30 seconds, offline)."""
    from rich.console import Console

    from synaprune.cli.campaign import campaign
    from synaprune.cli.ending import show_ending
    from synaprune.study import demo_study

    what = "One patient, three arms"
    campaign(demo_study(), what, options, lambda results: show_ending(results, Console()))
