"""`synaprune app`: the explorer in the browser."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import rich_click as click

from synaprune.app import DEFAULT_PORT
from synaprune.errors import InputError


@click.command()
@click.option("--runs", type=click.Path(path_type=Path), default=Path("runs"), show_default=True,
              help="Folder of the runs that it shows and makes.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True,
              help="Port on this machine; 0 takes a free one.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Do not open the page.")
@click.option("--study", type=click.Path(path_type=Path),
              help="Study file that the page starts with; its circuit and drugs hold for "
              "everything that is asked.")  # fmt: skip
def app(runs: Path, port: int, no_browser: bool, study: Path | None) -> None:
    """Explore in the browser: ask, watch, see what came out. Serves this machine alone.

    It has no login: on a shared machine, every other user can open it while it runs, and see and
    start what you can.
    """
    if find_spec("shiny") is None:
        raise InputError("app: needs Shiny for Python; install it with: pip install synaprune[app]")
    from synaprune.app.serving import serve
    from synaprune.study import load_study

    serve(runs, port=port, browser=not no_browser, study=load_study(study) if study else None)
