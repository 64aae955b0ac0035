"""What to try next: two ways behind one question, both functions of what was tried.

A proposer sees the evaluations of its stage and gives the next points. It keeps nothing that
does not follow from them and from its seed, so a search that was stopped goes on exactly as if it
had not been.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from synaprune.calibration.search.drawing import DrawnProposer
from synaprune.calibration.search.surrogate import ModelProposer
from synaprune.calibration.search.trial import Evaluation
from synaprune.calibration.space.places import Value
from synaprune.errors import InputError

__all__ = ["DrawnProposer", "ModelProposer", "Proposer", "check_installed"]


class Proposer(Protocol):
    """Gives points for the parameters of a stage."""

    @property
    def name(self) -> str:
        """Method and version, for the record."""
        ...

    def propose(self, done: Sequence[Evaluation], count: int) -> list[dict[str, Value]]:
        """Give the next points.

        Parameters
        ----------
        done
            Every evaluation of the stage, in their order.
        count
            How many.
        """
        ...


def check_installed() -> None:
    """Say how to get what a search needs.

    Raises
    ------
    InputError
        Optuna or cmaes is not installed.
    """
    from importlib.util import find_spec

    for name in ("optuna", "cmaes"):
        if find_spec(name) is None:
            raise InputError(f"calibrate: needs {name}; install it with: "
                             "pip install synaprune[calibration]")  # fmt: skip
