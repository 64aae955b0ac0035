"""Placing panels in millimetres.

Direct labels, dose rows and keys stand outside the axes, where automatic layouts do not look; a
sheet measured in millimetres puts everything where it was meant to be, at print size.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synaprune.figures.style import INK, SMALL

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0


def points(millimetres: float) -> float:
    """Turn millimetres into points."""
    return millimetres / MM_PER_INCH * POINTS_PER_INCH


def height_of(ax: Axes) -> float:
    """Height of axes in millimetres."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    return float(ax.get_position().height * figure.get_size_inches()[1] * MM_PER_INCH)


class Sheet:
    """An empty figure of a given size.

    Parameters
    ----------
    width, height
        In millimetres.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH))

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes.

        Parameters
        ----------
        left, top
            Distance of the upper left corner from that of the sheet, in millimetres.
        width, height
            Of the area between the axes, in millimetres.
        """
        bottom = self.height - top - height
        return self.figure.add_axes(
            (
                left / self.width,
                bottom / self.height,
                width / self.width,
                height / self.height,
            )
        )

    def text(self, left: float, top: float, words: str, **how: Any) -> None:
        """Write text whose upper left corner is given in millimetres."""
        settings: dict[str, Any] = {"ha": "left", "va": "top", "color": INK} | how
        self.figure.text(left / self.width, 1 - top / self.height, words, **settings)

    def key(self, words: str, left: float = 0.0) -> None:
        """Say at the foot how the figure is to be read."""
        self.text(left, self.height - 0.5, words, va="bottom", size=SMALL)
