"""Fills in what a study leaves out, from the library and the model's constants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from synaprune.model.circuit import PAPER_UNITS
from synaprune.model.constants import Constants
from synaprune.model.registry import DEFAULTS
from synaprune.study import library
from synaprune.study.arm import doses_of
from synaprune.study.asked import AskedStudy
from synaprune.study.library.preset import Preset
from synaprune.study.profile import Profile, ResolvedProfile, resolved
from synaprune.study.resolved import ResolvedStudy
from synaprune.study.schedule import schedule


def resolve(study: AskedStudy) -> ResolvedStudy:
    """Fill in every default of a study.

    Parameters
    ----------
    study
        A study whose parts agree.

    Returns
    -------
    ResolvedStudy
        With values of the paper where it gives them, of the preset where it does not, and of
        the study where it overrides either.
    """
    preset = library.presets()[study.preset]
    constants = constants_of(study)
    profiles = [
        _differing(resolved_profile(profile, preset, study.constants), constants)
        for profile in study.profiles
    ]
    arms = {
        name: schedule(doses_of(arm, study.preset), study.cycles)
        for name, arm in study.arms.items()
    }
    known = {**library.drugs(), **study.drugs}
    given = dict.fromkeys(drug for doses in arms.values() for drug in doses)
    return ResolvedStudy(
        name=study.name,
        profiles={profile.name: profile for profile in profiles},
        arms=arms,
        drugs={name: known[name] for name in given},
        patients=study.patients,
        seed=study.seed,
        cycles=study.cycles,
        preset=study.preset,
        constants=constants,
        mechanisms={**DEFAULTS, **preset.mechanisms, **study.mechanisms},
        circuit={**PAPER_UNITS, **study.circuit},
        precision=study.precision,
        device=study.device,
    )


def resolved_profile(
    asked: str | Profile, preset: Preset, constants: Mapping[str, float] = MappingProxyType({})
) -> ResolvedProfile:
    """Fill in a profile of a study: a built-in one by name, or one spelled out.

    Parameters
    ----------
    asked
        The name or the profile.
    preset
        Where built-in profiles come from.
    constants
        Those of the study: they come before a built-in profile's, after one that is spelled out.
    """
    if isinstance(asked, str):
        return replace(_base(asked, preset, constants), title=library.profiles()[asked].title)
    return resolved(asked, _base(asked.like, preset, constants) if asked.like else None)


def _base(name: str, preset: Preset, constants: Mapping[str, float]) -> ResolvedProfile:
    """Take a built-in profile, without the constants that a study sets itself."""
    base = preset.profile(name)
    rest = {key: value for key, value in base.constants.items() if key not in constants}
    return replace(base, constants=rest)


def _differing(profile: ResolvedProfile, constants: Constants) -> ResolvedProfile:
    """Leave out constants that are the study's anyway."""
    own = {key: value for key, value in profile.constants.items()
           if value != getattr(constants, key)}  # fmt: skip
    return replace(profile, constants=own)


def constants_of(study: AskedStudy) -> Constants:
    """Fill in the constants of no profile: the study's before the preset's before the paper's."""
    preset = library.presets()[study.preset]
    # Types and names were checked against the same declarations.
    return Constants(**{**preset.constants, **study.constants})  # type: ignore[arg-type]
