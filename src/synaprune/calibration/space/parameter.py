"""One thing that a calibration may move: a number on a scale, or the form of a mechanism."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Any

from synaprune.calibration.space.places import Place, Value
from synaprune.errors import InputError

LINEAR, LOG = "linear", "log"
COUNTS, NETWORKS, SOLVED = "counts", "networks", "solved"
STAGES = (COUNTS, NETWORKS, SOLVED)

#: Significant digits of a value that a search proposes: no result depends on more.
DIGITS = 6


@dataclass(frozen=True)
class Parameter:
    """One thing that a calibration may move.

    Attributes
    ----------
    name
        Its name in results.
    places
        Where it stands in a preset; all get the same value.
    low, high
        Bounds, both allowed; 0 where `choices` are given.
    scale
        linear or log.
    step
        Grid of a linear scale, or None.
    choices
        Names of forms; empty for a number.
    stage
        counts, networks or solved.
    """

    name: str
    places: tuple[Place, ...]
    low: float
    high: float
    scale: str
    step: float | None
    choices: tuple[str, ...]
    stage: str

    @property
    def profiles(self) -> tuple[str, ...]:
        """Profiles whose values it moves, none for a constant or a form."""
        return tuple(dict.fromkeys(place.profile for place in self.places if place.profile))

    def unit(self, value: Value) -> float:
        """Where a number lies between the bounds, on the parameter's scale: 0 to 1."""
        number = float(value)
        if self.scale == LOG:
            return log(number / self.low) / log(self.high / self.low)
        return (number - self.low) / (self.high - self.low)

    def value(self, unit: float) -> float:
        """The number at a place between the bounds; see `rounded`.

        Examples
        --------
        >>> Parameter("x", (), 0.01, 1.0, "log", None, (), "counts").value(0.5)
        0.1
        """
        if self.scale == LOG:
            return self.rounded(self.low * exp(unit * log(self.high / self.low)))
        return self.rounded(self.low + unit * (self.high - self.low))

    def rounded(self, value: float) -> float:
        """The nearest number of `DIGITS` digits, on the grid and within the bounds."""
        if self.step is not None:
            value = self.low + self.step * round((value - self.low) / self.step)
        return min(max(float(f"{value:.{DIGITS}g}"), self.low), self.high)

    def check(self, value: Value) -> None:
        """Refuse a value that is not in the space.

        Raises
        ------
        InputError
            One line.
        """
        if self.choices:
            if value not in self.choices:
                raise InputError(f"{self.name}: must be one of {', '.join(self.choices)} "
                                 f"(got {value!r})")  # fmt: skip
        elif isinstance(value, str) or not self.low <= value <= self.high:
            raise InputError(f"{self.name}: must be a number from {self.low:g} to {self.high:g} "
                             f"(got {value!r})")  # fmt: skip

    def document(self) -> dict[str, Any]:
        """Plain values of JSON."""
        bounds = {"choices": list(self.choices)} if self.choices else {
            "low": self.low, "high": self.high, "scale": self.scale, "step": self.step
        }  # fmt: skip
        return {"places": [str(place) for place in self.places], "stage": self.stage, **bounds}
