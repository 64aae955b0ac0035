"""Parameters as coordinates in which a step is equally large everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from synaprune.calibration.space.parameter import LOG, Parameter
from synaprune.calibration.space.space import Point

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Coordinates:
    """The logarithm of a parameter, or its place between the bounds where its scale is linear.

    Attributes
    ----------
    parameters
        Numbers, no forms.
    """

    parameters: tuple[Parameter, ...]

    @property
    def bounds(self) -> tuple[Float, Float]:
        """Lowest and highest of each."""
        low, high = (
            np.array([_coordinate(p, getattr(p, side)) for p in self.parameters])
            for side in ("low", "high")
        )
        return low, high

    def of(self, point: Point) -> Float:
        """Coordinates of a point."""
        return np.array([_coordinate(p, float(point[p.name])) for p in self.parameters])

    def values(self, x: Float) -> dict[str, float]:
        """Values of the parameters, by name, within their bounds."""
        return {p.name: _value(p, float(at)) for p, at in zip(self.parameters, x, strict=True)}


def _coordinate(parameter: Parameter, value: float) -> float:
    return log(value) if parameter.scale == LOG else parameter.unit(value)


def _value(parameter: Parameter, coordinate: float) -> float:
    if parameter.scale == LOG:
        return parameter.rounded(exp(coordinate))
    return parameter.value(coordinate)
