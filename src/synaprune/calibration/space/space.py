"""The space in which a calibration searches: parameters with bounds, scale and stage.

It is data (``data/space.yaml``), read under the rules of a study file, so that what may be moved,
and how far, can be read, changed and hashed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from math import isclose
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.parameter import (
    COUNTS,
    LINEAR,
    LOG,
    NETWORKS,
    SOLVED,
    STAGES,
    Parameter,
)
from synaprune.calibration.space.places import Place, Value, parse_path, read, written
from synaprune.errors import InputError, nearest
from synaprune.study.faults import Fault, shown_path
from synaprune.study.library.preset import Preset
from synaprune.study.messages import failure
from synaprune.study.part import Part
from synaprune.study.rules import Name, Number, OneOf, Text
from synaprune.study.tables import FILLED, Listed, OneOrMany
from synaprune.study.yaml_source import Source, read_file, read_text

__all__ = [
    "COUNTS",
    "LOG",
    "NETWORKS",
    "SOLVED",
    "Parameter",
    "Point",
    "Space",
    "load_space",
    "paper_space",
]

#: Values of parameters by name: numbers, and names of forms.
Point = Mapping[str, Value]


class _Asked(Part):
    """A parameter as a file writes it."""

    path: Annotated[str | tuple[str, ...], OneOrMany(Text(400))] = Field(description="Where.")
    low: Annotated[float | None, Number(-1e9)] = Field(default=None, description="Lower bound.")
    high: Annotated[float | None, Number(-1e9)] = Field(default=None, description="Upper bound.")
    scale: Annotated[str, OneOf("scale", lambda: (LINEAR, LOG))] = Field(
        default=LINEAR, description="Where a step is equally large."
    )
    step: Annotated[float | None, Number(0, above=True)] = Field(
        default=None, description="Grid of a linear scale, from the lower bound on."
    )
    choices: Annotated[Listed[Annotated[str, Name(64)]], FILLED] | None = Field(
        default=None, description="Names of forms, instead of bounds."
    )
    stage: Annotated[str, OneOf("stage", lambda: STAGES)] = Field(description="Searched how.")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        found = [*self._paths()] or [*self._bounds()]
        if found:
            raise failure(found)
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path,) if isinstance(self.path, str) else self.path

    def _paths(self) -> list[Fault]:
        found = []
        for path in self.paths:
            try:
                places = parse_path(path)
            except InputError as error:
                found.append(Fault(("path",), str(error)))
                continue
            if places[0].is_form != (self.choices is not None):
                found.append(Fault(("choices",), "belong to a form, and a form needs them"))
            if self.stage == SOLVED and not places[0].field.startswith("base_rate"):
                found.append(Fault(("stage",), f"only base rates are solved (got {path!r})"))
        return found

    def _bounds(self) -> list[Fault]:
        if self.choices is not None:
            given = [key for key in ("low", "high", "step") if getattr(self, key) is not None]
            return [Fault((key,), "does not go with choices") for key in given]
        if self.low is None or self.high is None:
            return [Fault(("low" if self.low is None else "high",), "is required")]
        if self.low >= self.high:
            return [Fault(("low",), f"must be below high (got {self.low:g})")]
        if self.low <= 0 and (self.scale == LOG or self.stage == SOLVED):
            return [Fault(("low",), f"must be above 0 on a log scale (got {self.low:g})")]
        if self.step is not None and self.scale == LOG:
            return [Fault(("step",), "belongs to a linear scale")]
        return []


class _SpaceFile(Part):
    """A file of parameters."""

    parameters: Annotated[Mapping[Annotated[str, Name(64)], _Asked], FILLED] = Field(
        description="Name -> parameter."
    )
    anchors: Mapping[
        Annotated[str, Name(64)],
        Mapping[Annotated[str, Name(64)], Annotated[float, Number(-1e9)]],
    ] = Field(default={}, description="Name -> values of parameters that are tried first.")


@dataclass(frozen=True)
class Space:
    """All parameters, by name in the order of the file.

    Attributes
    ----------
    parameters
        All of them.
    anchors
        Values of parameters that are tried before anything is proposed: where there are several
        regimes, a search that starts in one hardly finds the others. Counts are searched around
        the first.
    """

    parameters: tuple[Parameter, ...]
    anchors: tuple[Point, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Parameter]:
        """Parameters by name."""
        return {parameter.name: parameter for parameter in self.parameters}

    def stage(self, *stages: str) -> tuple[Parameter, ...]:
        """Parameters of some stages."""
        return tuple(parameter for parameter in self.parameters if parameter.stage in stages)

    def start(self, preset: Preset) -> dict[str, Value]:
        """Where a preset lies in the space.

        Raises
        ------
        InputError
            The preset lies outside, lacks a place, or has different values in the places of one
            parameter.
        """
        point: dict[str, Value] = {}
        for parameter in self.parameters:
            values = [read(preset, place) for place in parameter.places]
            for place, value in zip(parameter.places, values, strict=True):
                if value != values[0] and not _close(value, values[0]):
                    raise InputError(f"{parameter.name}: the preset has {values[0]} at "
                                     f"{parameter.places[0]} and {value} at {place}")  # fmt: skip
            try:
                parameter.check(values[0])
            except InputError as error:
                raise InputError(f"space: {error} in the preset") from None
            point[parameter.name] = values[0]
        return point

    def apply(self, preset: Preset, point: Point) -> Candidate:
        """A preset with the values of a point, checked by the rules of a study.

        Parameters
        ----------
        preset
            Holds for everything that the point does not name.
        point
            Some parameters or all.

        Raises
        ------
        InputError
            An unknown parameter, or a value outside the space or against the rules.
        """
        values: dict[Place, Value] = {}
        for name, value in point.items():
            parameter = self.by_name[name]
            parameter.check(value)
            values.update(dict.fromkeys(parameter.places, value))
        return Candidate(written(preset, values))

    def document(self) -> dict[str, Any]:
        """Plain values of JSON, for hashing and for the record."""
        return {
            "parameters": {parameter.name: parameter.document() for parameter in self.parameters},
            "anchors": [dict(anchor) for anchor in self.anchors],
        }


def load_space(path: str | os.PathLike[str]) -> Space:
    """Read a space from a YAML file.

    Raises
    ------
    InputError
        One line: file, line, key, what is allowed and what was given.
    """
    return _built(read_file(path))


def paper_space() -> Space:
    """The space of this project for what the paper leaves open.

    Examples
    --------
    >>> len(paper_space().stage("counts"))
    8
    """
    text = files(__package__).joinpath("data", "space.yaml").read_text(encoding="utf-8")
    return _built(read_text(text, "space.yaml"))


def _built(source: Source) -> Space:
    file = source.build(_SpaceFile)
    asked = file.parameters
    taken: dict[Place, str] = {}
    parameters = []
    for name, entry in asked.items():
        places = tuple(place for path in entry.paths for place in parse_path(path))
        for place in places:
            if place in taken:
                where = f"{source.file}:{source.line(('parameters', name))}"
                path = shown_path(("parameters", name, "path"))
                raise InputError(f"{where}: {path}: {place} belongs to {taken[place]} already")
            taken[place] = name
        parameters.append(
            Parameter(name, places, entry.low or 0.0, entry.high or 0.0, entry.scale, entry.step,
                      entry.choices or (), entry.stage)
        )  # fmt: skip
    space = Space(tuple(parameters), tuple(file.anchors.values()))
    for name, anchor in file.anchors.items():
        for key, value in anchor.items():
            where = f"{source.file}:{source.line(('anchors', name, key))}"
            if key not in space.by_name:
                rule = f"no parameter {key!r}; {nearest(key, space.by_name)}"
                raise InputError(f"{where}: anchors.{name}: {rule}")
            try:
                space.by_name[key].check(value)
            except InputError as error:
                raise InputError(f"{where}: anchors.{name}: {error}") from None
    return space


def _close(a: Value, b: Value) -> bool:
    return not (isinstance(a, str) or isinstance(b, str)) and isclose(a, b, rel_tol=1e-12)
