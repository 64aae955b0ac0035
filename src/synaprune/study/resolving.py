"""Fills in what a study leaves out, from the library and the model's constants."""

from __future__ import annotations

from dataclasses import replace

from synaprune.model.circuit import PAPER_UNITS
from synaprune.model.constants import Constants
from synaprune.model.registry import MECHANISMS, PAPER
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
    profiles = [resolved_profile(profile, preset) for profile in study.profiles]
    arms = {name: schedule(doses_of(arm), study.cycles) for name, arm in study.arms.items()}
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
        constants=constants_of(study),
        mechanisms={**dict.fromkeys(MECHANISMS, PAPER), **preset.mechanisms, **study.mechanisms},
        circuit={**PAPER_UNITS, **study.circuit},
        precision=study.precision,
        device=study.device,
    )


def resolved_profile(asked: str | Profile, preset: Preset) -> ResolvedProfile:
    """Fill in a profile of a study: a built-in one by name, or one spelled out."""
    if isinstance(asked, str):
        return replace(preset.profile(asked), title=library.profiles()[asked].title)
    return resolved(asked, preset.profile(asked.like) if asked.like else None)


def constants_of(study: AskedStudy) -> Constants:
    """Fill in the constants: the study's before the preset's before the paper's."""
    preset = library.presets()[study.preset]
    # Types and names were checked against the same declarations.
    return Constants(**{**preset.constants, **study.constants})  # type: ignore[arg-type]
