"""Figures of a run: the paper's five, three more, and what fits any study.

Everything here reads run folders and published numbers and knows nothing of how a run was
computed. One look for all (``synaprune.mplstyle``); uncertainty is always drawn. Nothing is
imported before it is used: names in words are wanted long before the drawing library is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_HOMES = {
    "FORMATS": "saving",
    "FigureRecord": "record",
    "Material": "material",
    "Planned": "record",
    "as_bytes": "saving",
    "draw": "saving",
    "fitting": "catalogue",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
