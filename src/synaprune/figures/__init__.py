"""Figures of a run: the paper's five, three more, and what fits any study.

Everything here reads run folders and published numbers and knows nothing of how a run was
computed. One look for all (``synaprune.mplstyle``); uncertainty is always drawn.
"""

from synaprune.figures.catalogue import fitting
from synaprune.figures.material import Material
from synaprune.figures.record import FigureRecord, Planned
from synaprune.figures.saving import FORMATS, as_bytes, draw

__all__ = [
    "FORMATS",
    "FigureRecord",
    "Material",
    "Planned",
    "as_bytes",
    "draw",
    "fitting",
]
