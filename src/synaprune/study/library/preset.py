"""A preset: one model of the paper, with what its text leaves open and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from synaprune.model.constants import declared
from synaprune.study.dose import Dose
from synaprune.study.faults import Fault
from synaprune.study.messages import failure
from synaprune.study.model_settings import CONSTANTS, FORMS
from synaprune.study.part import Part
from synaprune.study.profile import Profile, ResolvedProfile, gaps, resolved, too_fast
from synaprune.study.rules import Text, unknown
from synaprune.study.tables import FILLED, Listed


class Regimen(Part):
    """The doses of a built-in treatment."""

    sentence: Annotated[str, Text(400)] = Field(description="What it is, for a clinician.")
    doses: Listed[Dose] = Field(description="Dose lines, as in an arm of a study.")


class Preset(Part):
    """Constants, profiles and treatments, and the forms of mechanisms that they belong to.

    Its profiles have the form that a study uses for its own; `like` names another profile of the
    same preset. A value means something only beside the form of the mechanism that reads it, so a
    preset can name forms; a study that uses it takes them, unless it names others itself.
    """

    title: Annotated[str, Text()] = Field(description="What the preset is.")
    provenance: Annotated[str, Text(4000)] = Field(description="Where its values come from.")
    constants: Annotated[Mapping[str, float], CONSTANTS] = Field(
        description="At least every constant that the paper leaves open."
    )
    mechanisms: Annotated[Mapping[str, str], FORMS] = Field(
        default={}, description="Forms of mechanisms that its values belong to."
    )
    treatments: Mapping[str, Regimen] = Field(description="Doses of every built-in treatment.")
    profiles: Annotated[Listed[Profile], FILLED] = Field(description="The profiles.")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        silent = [constant.name for constant in declared() if constant.given is None]
        found = [
            Fault(("constants", name), "is required: the paper gives no value")
            for name in silent
            if name not in self.constants
        ]
        names = [profile.name for profile in self.profiles]
        for position, profile in enumerate(self.profiles):
            faults = gaps(profile)
            if profile.like is not None and profile.like not in names:
                faults.append(Fault(("like",), unknown("profile", profile.like, names)))
            elif self._goes_in_circles(profile):
                faults.append(Fault(("like",), "leads back to the profile itself"))
            if names.index(profile.name) != position:
                faults.append(Fault(("name",), f"{profile.name} stands twice"))
            found += [Fault(("profiles", position, *fault.path), fault.rule) for fault in faults]
        found = found or self._too_fast()
        if found:
            raise failure(found)
        return self

    def profile(self, name: str) -> ResolvedProfile:
        """Fill in one profile.

        Parameters
        ----------
        name
            A profile of this preset.

        Returns
        -------
        ResolvedProfile
            With the name as title; titles belong to the library, not to presets.
        """
        asked = self._by_name()[name]
        return resolved(asked, self.profile(asked.like) if asked.like else None)

    def _by_name(self) -> dict[str, Profile]:
        return {profile.name: profile for profile in self.profiles}

    def _goes_in_circles(self, profile: Profile) -> bool:
        profiles = self._by_name()
        seen = {profile.name}
        step = profiles.get(profile.like or "")
        while step is not None and step.name not in seen:
            seen.add(step.name)
            step = profiles.get(step.like or "")
        return step is not None

    def _too_fast(self) -> list[Fault]:
        return [
            Fault(("profiles", position, *fault.path), fault.rule)
            for position, asked in enumerate(self.profiles)
            for fault in too_fast(asked, self.profile(asked.name))
        ]
