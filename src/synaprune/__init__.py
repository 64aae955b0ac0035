"""Open simulator of the synaptic-pruning continuum between depression and ALS.

Everything public is here; nothing is imported before it is used, so that checking a study or
asking for help does not wait for torch.

Research use only, not for clinical decisions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synaprune.engine.progress import Progress
    from synaprune.engine.simulate import run
    from synaprune.errors import InputError, RunError
    from synaprune.model.registry import register
    from synaprune.results.run import Run, load_run
    from synaprune.study import Study, load_study

__version__ = "0.1.0"

__all__ = [
    "InputError",
    "Progress",
    "Run",
    "RunError",
    "Study",
    "load_run",
    "load_study",
    "register",
    "run",
]

_HOMES = {
    "InputError": "synaprune.errors",
    "Progress": "synaprune.engine.progress",
    "Run": "synaprune.results.run",
    "RunError": "synaprune.errors",
    "Study": "synaprune.study",
    "load_run": "synaprune.results.run",
    "load_study": "synaprune.study",
    "register": "synaprune.model.registry",
    "run": "synaprune.engine.simulate",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
