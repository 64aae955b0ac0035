"""Captions: what is drawn, what is seen, and which run it is of.

How lines and marks are to be read stands in the figure itself.
"""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.words import joined

#: Said where the chance level is drawn.
CHANCE = "The dotted line is chance: a network that guesses scores it."

#: Said where accuracy or the proxy is involved and its scale is not shown.
CHANCE_LEVELS = "Chance is an accuracy of 25 % and an ALSFRS-R proxy of 12.0."


def reading(*, doses: bool = True, network: bool = False, ends: bool = False) -> str:
    """Say how lines, bands and marks of a figure of courses are to be read.

    Parameters
    ----------
    doses, network, ends
        Whether it has doses, the course of the published network, and published end values.
    """
    marks = [
        "Bars on the axis: flares (height: share of patients).",
        "Triangles: doses." if doses else "",
        "Diamond: published end value (Table 3)." if ends else "",
    ]
    lines = [
        "Line: median.  Bands: 50 % and 95 % of patients.  Thin lines: single patients.",
        "Dark line: published network." if network else "",
    ]
    return "\n".join("  ".join(filter(None, parts)) for parts in (lines, marks))


def captioned(
    material: Material,
    *,
    name: str,
    title: str,
    drawn: str,
    seen: str,
    make: Callable[[], Figure],
    animate: Callable[[], bytes] | None = None,
) -> Planned:
    """Put a figure's words together.

    Parameters
    ----------
    material
        The run; its patients, seed and hash end the caption.
    name, title
        Stem of the files, and heading.
    drawn, seen
        What is drawn, and what is seen, in sentences.
    make
        Draws the figure.
    animate
        Draws it as a moving picture, where it has one.
    """
    return Planned(
        name=name,
        title=title,
        seen=seen,
        caption=joined([drawn, seen, material.origin]),
        make=make,
        animate=animate,
    )
