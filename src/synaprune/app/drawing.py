"""Drawing figures for the page and for taking away, one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from synaprune.figures import Planned, as_bytes
from synaprune.figures.places import places
from synaprune.report.inline_svg import inline

#: The drawing library keeps its style for the whole process.
_DRAWING = threading.RLock()

Result = TypeVar("Result")


def drawn(make: Callable[[], Result]) -> Result:
    """Draw something while nothing else is being drawn."""
    with _DRAWING:
        return make()


def svg(planned: Planned) -> bytes:
    """Draw a figure as a file."""
    return drawn(lambda: as_bytes(planned.make(), "svg", planned.title))


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as a part of a page.

    Attributes
    ----------
    svg
        The element.
    places
        Where its named points are, as `synaprune.figures.places` gives it.
    """

    svg: str
    places: Mapping[str, NDArray[np.float64]]


def inline_drawing(planned: Planned, prefix: str, start: str) -> Drawing:
    """Draw a figure as a part of a page.

    Parameters
    ----------
    planned
        The figure.
    prefix
        Put before its ids.
    start
        What the names of the points start with whose places are wanted.
    """

    def make() -> tuple[bytes, dict[str, NDArray[np.float64]]]:
        figure = planned.make()
        return as_bytes(figure, "svg", planned.title), places(figure, start)

    content, found = drawn(make)
    return Drawing(inline(content.decode(), prefix, f"{planned.title}. {planned.seen}"), found)
