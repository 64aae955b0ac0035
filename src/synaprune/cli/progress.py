"""Showing how far a run is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

if TYPE_CHECKING:
    from synaprune.engine.progress import Listener
    from synaprune.engine.progress import Progress as Event

_LINE_EVERY_SECONDS = 20.0


@contextmanager
def shown(what: str) -> Iterator[Listener]:
    """Show progress on standard error while a run goes on.

    Parameters
    ----------
    what
        What is being computed, in a few words.

    Yields
    ------
    callable
        To be called with each progress event.
    """
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("elapsed"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(what, total=None)

            def draw(event: Event) -> None:
                bar.update(task, completed=event.cycles, total=event.all_cycles)

            yield draw
    else:
        yield _lines(what, console)


def _lines(what: str, console: Console) -> Listener:
    """Give a listener that prints a line when enough time has passed, and at the end."""
    start = last = time.monotonic()

    def line(event: Event) -> None:
        nonlocal last
        now = time.monotonic()
        finished = event.blocks == event.all_blocks
        if event.cycles and (finished or now - last >= _LINE_EVERY_SECONDS):
            last = now
            share = event.cycles / event.all_cycles
            left = (now - start) * (1 - share) / share
            console.print(f"{what}: {100 * share:.0f} %, {left:.0f} s left", highlight=False)

    return line
