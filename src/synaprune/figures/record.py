"""What is known of a figure: before it is drawn, and once its files stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A figure that fits a run, not yet drawn.

    Attributes
    ----------
    name
        Short name.
    title
        What it shows, as a heading.
    seen
        What is seen in it, in one or two plain sentences from the run's numbers.
    caption
        What is drawn, what is seen, and of which run.
    make
        Draws it.
    animate
        Draws it as a moving picture (GIF), where it has one.
    """

    name: str
    title: str
    seen: str
    caption: str
    make: Callable[[], Figure]
    animate: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRecord:
    """A figure that was written.

    Attributes
    ----------
    name, title, caption
        As planned; the title carries the figure's number.
    files
        One a format.
    """

    name: str
    title: str
    caption: str
    files: tuple[Path, ...]
