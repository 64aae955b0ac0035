"""Showing how far a run is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from synaprune.engine.progress import Listener
    from synaprune.engine.progress import Progress as Event

_LINE_EVERY_SECONDS = 20.0


class Pace:
    """How long a run still takes, by what it did since this began.

    What an earlier run did took no time of this one, so it counts for nothing here.

    Parameters
    ----------
    clock
        Gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._found: int | None = None

    def left(self, event: Event) -> float | None:
        """Estimate the seconds left; None while nothing has been done yet."""
        if self._found is None:
            self._found, self._start = event.cycles, self._clock()
        done = event.cycles - self._found
        remaining = event.all_cycles - event.cycles
        if remaining == 0:
            return 0.0
        return (self._clock() - self._start) * remaining / done if done else None


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
        with _bar(console) as bar:
            yield _drawn(what, bar)
    else:
        yield _lines(what, console)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("elapsed"),
        TimeElapsedColumn(),
        TextColumn("left {task.fields[left]}"),
        console=console,
    )


def _drawn(what: str, bar: Progress) -> Listener:
    """Give a listener that moves a bar and prints notes above it."""
    task = bar.add_task(what, total=None, left="-:--:--")
    pace = Pace()

    def draw(event: Event) -> None:
        if event.note:
            bar.console.print(event.note, highlight=False, markup=False)
        seconds = pace.left(event)
        left = "-:--:--" if seconds is None else str(timedelta(seconds=round(seconds)))
        bar.update(task, completed=event.cycles, total=event.all_cycles, left=left)

    return draw


def _lines(what: str, console: Console) -> Listener:
    """Give a listener that prints a line when enough time has passed, at the end, and a note."""
    last = time.monotonic()
    pace = Pace()
    ended = False

    def line(event: Event) -> None:
        nonlocal last, ended
        if event.note:
            _say(f"{what}: {event.note}", console)
        left = pace.left(event)
        now = time.monotonic()
        finished = event.blocks == event.all_blocks
        if (finished and not ended) or (left is not None and now - last >= _LINE_EVERY_SECONDS):
            last, ended = now, finished
            share = event.cycles / event.all_cycles if event.all_cycles else 1.0
            _say(f"{what}: {100 * share:.0f} %, {left or 0:.0f} s left", console)

    return line


def _say(text: str, console: Console) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
