"""How a disease differs from another: base rates, vulnerability, clearance, and any constant.

By the text the paper's profiles differ in the first three alone (Disease Profiles and Scenarios);
in the published notebook also in constants. A profile is written in full, or as a change of
another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from synaprune.model.circuit import LAYERS
from synaprune.study.faults import Fault
from synaprune.study.model_settings import CONSTANTS
from synaprune.study.part import Part
from synaprune.study.rules import Name, Number, Rule, Text
from synaprune.study.tables import Table

#: The largest base rate: half of the connections alive, every cycle.
LARGEST_BASE_RATE = 0.5


def _each_layer(rule: Rule) -> Table:
    return Table("layer", lambda: dict.fromkeys(LAYERS, rule))


_RATE = _each_layer(Number(0, LARGEST_BASE_RATE))
_FACTOR = _each_layer(Number(0))
_VULNERABILITY = _each_layer(Number(0, 100))


class Profile(Part):
    """A profile as it is asked for.

    With `like`, what is given replaces that profile's values, layer by layer and constant by
    constant; without it, base rate, vulnerability and clearance must be complete. Factors come
    last: they multiply the base rate that results.

    Examples
    --------
    >>> Profile(name="mild", like="als_standard", clearance=0.1).like
    'als_standard'
    """

    name: Annotated[str, Name(64)] = Field(description="Name of the profile in results.")
    title: Annotated[str | None, Text()] = Field(default=None, description="Name in words.")
    like: Annotated[str | None, Name(64)] = Field(
        default=None, description="A built-in profile whose values hold where none are given."
    )
    base_rate: Annotated[Mapping[str, float] | None, _RATE] = Field(
        default=None, description="Share of the connections alive that is pruned a cycle, by layer."
    )
    base_rate_factor: Annotated[Mapping[str, float] | None, _FACTOR] = Field(
        default=None, description="Factor on the base rate, by layer."
    )
    vulnerability: Annotated[Mapping[str, float] | None, _VULNERABILITY] = Field(
        default=None, description="Factor on the excitotoxic noise, by layer."
    )
    clearance: Annotated[float | None, Number(0, 1)] = Field(
        default=None, description="Share of the aggregate load that is cleared a cycle."
    )
    constants: Annotated[Mapping[str, float], CONSTANTS] = Field(
        default={}, description="Constants of the model that differ in this profile."
    )


@dataclass(frozen=True, slots=True)
class ResolvedProfile:
    """A profile with every value filled in.

    Attributes
    ----------
    name, title
        Its name in results and in words.
    base_rate
        Share of the connections alive that is pruned a cycle before amplification, by layer.
    vulnerability
        Factor on the excitotoxic noise, by layer.
    clearance
        Share of the aggregate load that is cleared a cycle.
    constants
        Constants of the model that differ in this profile from those of its study or preset.
    """

    name: str
    title: str
    base_rate: dict[str, float]
    vulnerability: dict[str, float]
    clearance: float
    constants: dict[str, float] = field(default_factory=dict)


def resolved(asked: Profile, base: ResolvedProfile | None) -> ResolvedProfile:
    """Fill in a profile.

    Parameters
    ----------
    asked
        A profile without `gaps`.
    base
        The profile that `like` names, or None.

    Returns
    -------
    ResolvedProfile
        With all layers, in the circuit's order.
    """
    rates = {**(base.base_rate if base else {}), **(asked.base_rate or {})}
    factors = asked.base_rate_factor or {}
    vulnerability = {**(base.vulnerability if base else {}), **(asked.vulnerability or {})}
    clearance = asked.clearance if asked.clearance is not None or not base else base.clearance
    if clearance is None:
        raise ValueError(f"profile {asked.name} has no clearance")
    return ResolvedProfile(
        name=asked.name,
        title=asked.title or asked.name,
        base_rate={layer: rates[layer] * factors.get(layer, 1.0) for layer in LAYERS},
        vulnerability={layer: vulnerability[layer] for layer in LAYERS},
        clearance=clearance,
        constants={**(base.constants if base else {}), **asked.constants},
    )


def gaps(asked: Profile) -> list[Fault]:
    """Name what a profile without `like` leaves open."""
    if asked.like is not None:
        return []
    found = []
    for key, given in (("base_rate", asked.base_rate), ("vulnerability", asked.vulnerability)):
        missing = [layer for layer in LAYERS if layer not in (given or {})]
        if missing:
            rule = f"is required for every layer of a profile without like (no {missing[0]})"
            found.append(Fault((key,), rule))
    if asked.clearance is None:
        found.append(Fault(("clearance",), "is required for a profile without like"))
    return found


def too_fast(asked: Profile, filled: ResolvedProfile) -> list[Fault]:
    """Name the factors that raise a base rate above its bound."""
    return [
        Fault(
            ("base_rate_factor", layer),
            f"must keep the base rate at or below {LARGEST_BASE_RATE} (got {rate:g})",
        )
        for layer, rate in filled.base_rate.items()
        if rate > LARGEST_BASE_RATE and layer in (asked.base_rate_factor or {})
    ]
