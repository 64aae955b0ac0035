"""Where things stand in a finished figure, so that a page can put its own marks over them.

A page that answers to pointer and keyboard needs to know where a drawn point is. The figure is
asked for it, by the names of its artists, rather than its layout being repeated elsewhere.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray


def places(figure: Figure, start: str) -> dict[str, NDArray[np.float64]]:
    """Find the points of lines on the sheet.

    Parameters
    ----------
    figure
        The figure, with its final limits.
    start
        What the names of the lines start with.

    Returns
    -------
    dict of str to numpy.ndarray
        By the rest of the name: for each point its distance from the left and from the upper
        edge, as shares of width and height.

    Examples
    --------
    >>> figure = Figure()
    >>> (line,) = figure.add_axes((0, 0, 1, 0.5), xlim=(0, 10), ylim=(0, 10)).plot([5], [5])
    >>> line.set_gid("median-untreated")
    >>> places(figure, "median-")["untreated"].tolist()
    [[0.5, 0.75]]
    """
    to_sheet = figure.transFigure.inverted()
    found = {}
    for line in figure.findobj(lambda artist: str(artist.get_gid() or "").startswith(start)):
        if not isinstance(line, Line2D) or not isinstance(line.axes, Axes):
            continue
        at = to_sheet.transform(line.axes.transData.transform(line.get_xydata()))
        found[str(line.get_gid()).removeprefix(start)] = np.column_stack([at[:, 0], 1 - at[:, 1]])
    return found
