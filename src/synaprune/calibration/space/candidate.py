"""One point of the space as a complete model: constants, profiles and forms of mechanisms.

A candidate is a preset and can be written as one; it also knows how to ask for a computation of
one profile with only the arms that are needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from synaprune.calibration.space.setting import Setting
from synaprune.errors import InputError, nearest
from synaprune.model.constants import Constants
from synaprune.model.registry import DEFAULTS, TEXT, is_built_in
from synaprune.study import library
from synaprune.study.asked import RENAMED_PRESETS
from synaprune.study.library.preset import Preset
from synaprune.study.profile import ResolvedProfile
from synaprune.study.resolved import ResolvedStudy
from synaprune.study.yaml_source import read_file
from synaprune.study.yaml_text import to_yaml

#: How a study calls a preset that has no name of its own.
UNNAMED = "candidate"


@dataclass(frozen=True)
class Candidate:
    """A preset under trial.

    Attributes
    ----------
    preset
        Its values.
    """

    preset: Preset

    @property
    def constants(self) -> Constants:
        """Every constant of the model, where a profile has none of its own."""
        # Types and names were checked by the rules of a study.
        return Constants(**self.preset.constants)  # type: ignore[arg-type]

    @property
    def mechanisms(self) -> dict[str, str]:
        """The form of every mechanism."""
        return {**DEFAULTS, **self.preset.mechanisms}

    @property
    def departures(self) -> dict[str, str]:
        """The forms that are not the text's; where it has none of its own, the published one is."""
        return {
            mechanism: form
            for mechanism, form in self.mechanisms.items()
            if form != (TEXT if is_built_in(mechanism, TEXT) else DEFAULTS[mechanism])
        }

    def profile(self, name: str) -> ResolvedProfile:
        """A profile with every value filled in, and the constants in which it differs."""
        filled = self.preset.profile(name)
        whole = self.constants
        own = {
            key: value for key, value in filled.constants.items() if value != getattr(whole, key)
        }
        return replace(filled, constants=own)

    def constants_of(self, profile: str) -> Constants:
        """Every constant of the model as it is in a profile."""
        # Types and names were checked by the rules of a study.
        return replace(self.constants, **self.profile(profile).constants)  # type: ignore[arg-type]

    def study(
        self,
        profiles: Iterable[str],
        treatments: Iterable[str],
        setting: Setting,
        *,
        name: str,
        prefix: str = "",
    ) -> ResolvedStudy:
        """Ask for profiles under treatments.

        Parameters
        ----------
        profiles, treatments
            Their names.
        setting
            Circuit, patients, seed and what else is the same in every trial.
        name
            Of the study.
        prefix
            Put in front of the profiles' names, so that results of trials can be told apart.
        """
        arms = {treatment: setting.arms[treatment] for treatment in treatments}
        given = dict.fromkeys(drug for doses in arms.values() for drug in doses)
        titles = library.profiles()
        filled = [
            replace(
                self.profile(profile),
                name=prefix + profile,
                title=titles[profile].title if profile in titles else profile,
            )
            for profile in profiles
        ]
        return ResolvedStudy(
            name=name,
            profiles={profile.name: profile for profile in filled},
            arms=arms,
            drugs={drug: setting.drugs[drug] for drug in given},
            patients=setting.patients,
            seed=setting.seed,
            cycles=setting.cycles,
            preset=UNNAMED,
            constants=self.constants,
            mechanisms=self.mechanisms,
            circuit=dict(setting.circuit),
            precision=setting.precision,
            device=setting.device,
        )

    def to_yaml(self, title: str, provenance: str) -> str:
        """Write the candidate as a preset file; `load_preset` reads an equal one.

        Parameters
        ----------
        title, provenance
            What it is and where its values come from.
        """
        given = self.preset.model_copy(update={"title": title, "provenance": provenance})
        return to_yaml(given.as_given())


def load_preset(path: str | os.PathLike[str]) -> Preset:
    """Read a preset from a file.

    Raises
    ------
    InputError
        One line: file, line, key, what is allowed and what was given.
    """
    return read_file(path).build(Preset)


def named_preset(name: str) -> Preset:
    """Give a built-in preset by its name, or one from a file (a name with a dot or a slash).

    Raises
    ------
    InputError
        No built-in preset has the name, or the file cannot be used.
    """
    if "." in name or "/" in name or os.sep in name:
        return load_preset(name)
    presets = library.presets()
    if name in RENAMED_PRESETS:
        raise InputError(f"preset: preset {name!r} is now {RENAMED_PRESETS[name]!r}")
    if name not in presets:
        raise InputError(f"preset: unknown preset {name!r}; {nearest(name, presets)}; or a file")
    return presets[name]
