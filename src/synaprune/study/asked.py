"""The keys of a study and the rule of each, before anything asks whether they fit together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Discriminator, Field, Tag

from synaprune.study import library
from synaprune.study.arm import Arm
from synaprune.study.dose import MOST_CYCLES
from synaprune.study.drug import Drug
from synaprune.study.messages import NAMED, SPELLED_OUT
from synaprune.study.model_settings import CONSTANTS, FORMS, UNITS
from synaprune.study.part import Part
from synaprune.study.profile import Profile
from synaprune.study.rules import BROKEN, Name, OneOf, Whole
from synaprune.study.tables import FILLED, Listed

#: Precisions that a study can ask for; the first is the reference.
PRECISIONS = ("float32", "float64", "bfloat16")

#: Devices that a study can ask for.
DEVICES = ("cpu", "cuda")

#: Presets of former versions, and what took their place.
RENAMED_PRESETS = {"calibrated": "from_text", "start": "from_text"}

_ItemName = Annotated[str, Name(64)]


def _kind(value: object) -> str | None:
    if isinstance(value, str):
        return NAMED
    return SPELLED_OUT if isinstance(value, (Mapping, Profile)) else None


_ProfileName = Annotated[str, OneOf("profile", lambda: library.profiles())]
_AskedProfile = Annotated[
    Annotated[_ProfileName, Tag(NAMED)] | Annotated[Profile, Tag(SPELLED_OUT)],
    Discriminator(
        _kind,
        custom_error_type=BROKEN,
        custom_error_message="{rule}",
        custom_error_context={"rule": "must be the name of a profile or a mapping"},
    ),
]


class AskedStudy(Part):
    """Every key of a study; `Study` adds that they fit together, and what can be done with them."""

    name: Annotated[str, Name(80)] = Field(
        description="Name of the study; part of the run folder's name.", examples=["first-study"]
    )
    profiles: Annotated[Listed[_AskedProfile], FILLED] = Field(
        description="Built-in profiles by name, or profiles spelled out.",
        json_schema_extra={"minItems": 1},
        examples=[["als_standard", "control"]],
    )
    arms: Annotated[Mapping[_ItemName, Arm], FILLED] = Field(
        description="Name of an arm -> its doses, or a built-in treatment; [] is untreated.",
        json_schema_extra={"minProperties": 1},
        examples=[{"untreated": [], "maintenance": [{"drug": "ketamine", "from": 3, "every": 3}]}],
    )
    patients: Annotated[int, Whole(1, 10_000_000)] = Field(
        description="Virtual patients; each is simulated in every profile and arm.", examples=[16]
    )
    seed: Annotated[int, Whole(0, 2**63 - 1)] = Field(
        description="Names all random draws; the same seed gives the same patients.", examples=[1]
    )
    cycles: Annotated[int, Whole(1, MOST_CYCLES)] = Field(
        default=30,
        description="Length of the course in cycles; the paper runs 30 (Simulation Procedure).",
    )
    preset: Annotated[str, OneOf("preset", lambda: library.presets(), RENAMED_PRESETS)] = Field(
        default=library.DEFAULT_PRESET,
        description="Which model of the paper: published, or from_text.",
    )
    constants: Annotated[Mapping[str, float], CONSTANTS] = Field(
        default={},
        description="Constants of the model that differ from the preset, in every profile.",
    )
    mechanisms: Annotated[Mapping[str, str], FORMS] = Field(
        default={}, description="Forms of mechanisms other than the preset's; off switches one off."
    )
    drugs: Mapping[_ItemName, Drug] = Field(
        default={}, description="Drugs of this study beside the built-in ones, by name."
    )
    circuit: Annotated[Mapping[str, int], UNITS] = Field(
        default={}, description="Units of layers that differ from the paper (Network Architecture)."
    )
    precision: Annotated[str, OneOf("precision", lambda: PRECISIONS)] = Field(
        default=PRECISIONS[0], description="Floating-point numbers of the networks."
    )
    device: Annotated[str, OneOf("device", lambda: DEVICES)] = Field(
        default=DEVICES[0], description="Where it is computed."
    )
