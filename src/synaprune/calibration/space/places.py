"""Where a value stands in a preset, by a path that a file can name.

``constants.flare_threshold``, ``mdd.clearance``, ``als_standard.vulnerability.bulbar`` (or
``.{bulbar,respiratory}`` for several layers) and ``form.corruption`` are all that a calibration
may touch; everything else of a preset is words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from synaprune.errors import InputError, nearest
from synaprune.model.circuit import LAYERS
from synaprune.model.constants import declared
from synaprune.model.registry import DEFAULTS, MECHANISMS
from synaprune.study.library.preset import Preset

#: Owners of a place beside the profiles.
CONSTANTS, FORM = "constants", "form"

#: What a profile holds for every layer.
LAYERED = ("base_rate", "base_rate_factor", "vulnerability")

CLEARANCE = "clearance"

Value = float | str


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a preset.

    Attributes
    ----------
    owner
        ``constants``, ``form``, or a profile's name.
    field
        The constant, the mechanism, or what the profile holds.
    layer
        Where the profile holds it for every layer, else empty.
    """

    owner: str
    field: str
    layer: str = ""

    def __str__(self) -> str:
        return ".".join(filter(None, (self.owner, self.field, self.layer)))

    @property
    def is_form(self) -> bool:
        """Whether the value is the name of a mechanism's form."""
        return self.owner == FORM

    @property
    def profile(self) -> str:
        """The profile it belongs to, or nothing."""
        return "" if self.owner in (CONSTANTS, FORM) else self.owner


def parse_path(path: str) -> tuple[Place, ...]:
    """Understand a path; what it names in a profile is checked, the profile's name is not.

    Raises
    ------
    InputError
        One line with the nearest name that would do.

    Examples
    --------
    >>> [str(place) for place in parse_path("mdd.vulnerability.{bulbar,output}")]
    ['mdd.vulnerability.bulbar', 'mdd.vulnerability.output']
    """
    owner, _, rest = path.partition(".")
    field, _, layers = rest.partition(".")
    if not owner or not field:
        raise InputError("must be OWNER.NAME, such as constants.flare_threshold or mdd.clearance "
                         f"(got {path!r})")  # fmt: skip
    if owner == CONSTANTS:
        return (Place(owner, _constant(rest)),)
    if owner == FORM:
        return (Place(owner, _one_of("mechanism", rest, MECHANISMS)),)
    _one_of(f"value of {owner}", field, (*LAYERED, CLEARANCE))
    if field == CLEARANCE:
        if layers:
            raise InputError(f"{owner}.clearance is one number for all layers (got {path!r})")
        return (Place(owner, field),)
    if not layers:
        raise InputError(f"{owner}.{field} needs a layer; {nearest('', LAYERS)}")
    return tuple(Place(owner, field, _one_of("layer", name, LAYERS)) for name in _listed(layers))


def read(preset: Preset, place: Place) -> Value:
    """The value that stands at a place; a factor that is not given is 1.

    Raises
    ------
    InputError
        The preset has no such profile, or one whose own value a constant would not move.
    """
    if place.owner == CONSTANTS:
        _check_shared(preset, place)
        given = {entry.name: entry.given for entry in declared()}
        value = preset.constants.get(place.field, given[place.field])
        if value is None:
            raise InputError(f"{place}: the preset has no value")
        return float(value)
    if place.is_form:
        return preset.mechanisms.get(place.field, DEFAULTS[place.field])
    asked = next((p for p in preset.profiles if p.name == place.owner), None)
    if asked is None:
        names = [CONSTANTS, FORM, *(profile.name for profile in preset.profiles)]
        raise InputError(f"{place}: unknown profile {place.owner!r}; {nearest(place.owner, names)}")
    if place.field == "base_rate_factor":
        return (asked.base_rate_factor or {}).get(place.layer, 1.0)
    if place.field == "base_rate":
        own = (asked.base_rate or {}).get(place.layer)
        return own if own is not None else preset.profile(str(asked.like)).base_rate[place.layer]
    filled = preset.profile(place.owner)
    return filled.clearance if place.field == CLEARANCE else filled.vulnerability[place.layer]


def _check_shared(preset: Preset, place: Place) -> None:
    for profile in preset.profiles:
        if place.field in profile.constants:
            raise InputError(f"{place}: profile {profile.name} of the preset has its own value")


def written(preset: Preset, values: Mapping[Place, Value]) -> Preset:
    """A preset with some values replaced, checked as a whole by the rules of a study.

    Raises
    ------
    InputError
        The rules refuse a value, or a place does not exist.
    """
    for place in values:
        read(preset, place)
    constants = {**preset.constants, **_of(values, CONSTANTS)}
    forms = {**preset.mechanisms, **_of(values, FORM)}
    profiles = [
        profile.model_copy(update=_changes(profile.as_given(), _within(values, profile.name)))
        for profile in preset.profiles
    ]
    update: dict[str, Any] = {"constants": constants, "profiles": profiles}
    if forms or "mechanisms" in preset.model_fields_set:
        update["mechanisms"] = forms
    return preset.model_copy(update=update)


def _of(values: Mapping[Place, Value], owner: str) -> dict[str, Value]:
    return {place.field: value for place, value in values.items() if place.owner == owner}


def _within(values: Mapping[Place, Value], profile: str) -> Iterable[tuple[Place, Value]]:
    return ((place, value) for place, value in values.items() if place.profile == profile)


def _changes(given: Mapping[str, Any], values: Iterable[tuple[Place, Value]]) -> dict[str, Any]:
    """Keys of a profile that change, the layers not named kept."""
    changed: dict[str, Any] = {}
    for place, value in values:
        if place.field == CLEARANCE:
            changed[CLEARANCE] = value
        else:
            layers = changed.setdefault(place.field, dict(given.get(place.field) or {}))
            layers[place.layer] = value
    return changed


def _constant(name: str) -> str:
    constants = {entry.name: entry for entry in declared()}
    _one_of("constant", name, constants)
    if constants[name].kind is int:
        raise InputError(f"constants.{name} is a whole number; only continuous ones are searched")
    return name


def _listed(layers: str) -> tuple[str, ...]:
    several = re.fullmatch(r"\{(.+)\}", layers)
    return tuple(name.strip() for name in several[1].split(",")) if several else (layers,)


def _one_of(noun: str, name: str, names: Iterable[str]) -> str:
    allowed = tuple(names)
    if name not in allowed:
        raise InputError(f"unknown {noun} {name!r}; {nearest(name, allowed)}")
    return name
