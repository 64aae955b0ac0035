"""A figure of one cycle, drawn for all of them, as a moving picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from synaprune.figures.style import house_style

#: The most frames, whatever the number of cycles.
MOST_FRAMES = 60

#: Milliseconds that a frame stays, and the last one.
FRAME_MS, LAST_MS = 300, 2500

Colour = tuple[float, float, float]

_DPI = 100


def moving(draw: Callable[[int], Figure], cycles: int, colours: Sequence[Colour]) -> bytes:
    """Draw a figure from the first to the last cycle.

    Parameters
    ----------
    draw
        Makes the figure of a cycle.
    cycles
        Length of the course; a longer one than `MOST_FRAMES` is sampled evenly.
    colours
        At most 256, each part from 0 to 1: one palette for all frames, or colours would flicker.

    Returns
    -------
    bytes
        An animated GIF that repeats, the same bytes every time.
    """
    wanted = np.linspace(0, cycles - 1, min(cycles, MOST_FRAMES))
    palette = Image.new("P", (1, 1))
    palette.putpalette([round(255 * part) for colour in colours for part in colour])
    frames = [
        _image(draw(round(float(cycle)))).quantize(palette=palette, dither=Image.Dither.NONE)
        for cycle in wanted
    ]
    sink = BytesIO()
    frames[0].save(
        sink, format="GIF", save_all=True, append_images=frames[1:], loop=0, optimize=False,
        duration=[*[FRAME_MS] * (len(frames) - 1), LAST_MS],
    )  # fmt: skip
    return sink.getvalue()


def _image(figure: Figure) -> Image.Image:
    with house_style():
        canvas: Any = FigureCanvasAgg(figure)  # matplotlib leaves it untyped
        figure.set_dpi(_DPI)
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
