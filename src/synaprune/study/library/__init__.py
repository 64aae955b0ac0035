"""The built-in profiles, treatments, drugs and presets, read from the data files beside this one.

Each data file says where its numbers come from. The files are read when a name is first needed,
by the same reader and under the same rules as a user's study.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, TypeVar

from pydantic import Field

from synaprune.study.dose import Dose
from synaprune.study.drug import Drug
from synaprune.study.library.preset import Preset
from synaprune.study.part import Part
from synaprune.study.rules import Text
from synaprune.study.yaml_source import read_text

#: The preset of a study that names none.
DEFAULT_PRESET = "published"

Kind = TypeVar("Kind", bound=Part)


class Entry(Part):
    """A built-in profile in words; its numbers stand in each preset."""

    title: Annotated[str, Text()] = Field(description="Name in words.")
    sentence: Annotated[str, Text(400)] = Field(description="What it is, for a clinician.")


class _Title(Part):
    title: Annotated[str, Text()]


@dataclass(frozen=True, slots=True)
class Treatment:
    """A built-in treatment as a preset gives it: name in words, what it is, and its doses."""

    title: str
    sentence: str
    doses: tuple[Dose, ...]


class _Profiles(Part):
    profiles: Mapping[str, Entry]


class _Treatments(Part):
    treatments: Mapping[str, _Title]


class _Drugs(Part):
    drugs: Mapping[str, Drug]


@cache
def profiles() -> Mapping[str, Entry]:
    """Built-in profiles by name, in the order of tables and figures.

    Examples
    --------
    >>> list(profiles())
    ['als_standard', 'als_bulbar', 'als_limb', 'als_mdd', 'mdd', 'control']
    """
    return MappingProxyType(_read("profiles.yaml", _Profiles).profiles)


@cache
def treatments(preset: str = DEFAULT_PRESET) -> Mapping[str, Treatment]:
    """Built-in treatments by name, in the order of tables and figures, with a preset's doses.

    Examples
    --------
    >>> treatments()["ketamine_early"].doses[0].at
    (2, 4, 6)
    >>> treatments("from_text")["ketamine_early"].doses[0].until
    6
    """
    regimens = presets()[preset].treatments
    return MappingProxyType(
        {
            name: Treatment(entry.title, regimens[name].sentence, tuple(regimens[name].doses))
            for name, entry in _read("treatments.yaml", _Treatments).treatments.items()
        }
    )


@cache
def drugs() -> Mapping[str, Drug]:
    """Built-in drugs by name.

    Examples
    --------
    >>> drugs()["riluzole"].noise_reduction
    0.3
    """
    return MappingProxyType(_read("drugs.yaml", _Drugs).drugs)


@cache
def presets() -> Mapping[str, Preset]:
    """Built-in presets by name.

    Examples
    --------
    >>> presets()["published"].constants["cluster_sd"]
    0.5
    """
    found = sorted(
        file.name
        for file in files(__package__).joinpath("presets").iterdir()
        if file.name.endswith(".yaml")
    )
    return MappingProxyType(
        {name.removesuffix(".yaml"): _read(f"presets/{name}", Preset) for name in found}
    )


def template() -> str:
    """Text of a commented example study, for a user to start from."""
    return _text("study_template.yaml")


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _read(name: str, kind: type[Kind]) -> Kind:
    return read_text(_text(name), name).build(kind)
