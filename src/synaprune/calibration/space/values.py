"""Which values a preset holds, apart from its words: what tables and runs belong to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from synaprune.calibration.space.candidate import Candidate
from synaprune.results.files import digest
from synaprune.study.library.preset import Preset

#: Keys of a preset, and of its profiles, that are only words.
_WORDS = ("title", "provenance")
_NAMES = ("name", "title")


def values_sha256(preset: Preset) -> str:
    """Hash a preset without its title and provenance, hexadecimal."""
    values = {key: value for key, value in preset.as_given().items() if key not in _WORDS}
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return digest(canonical.encode())


def has_values(study: Mapping[str, Any], preset: Preset) -> bool:
    """Whether a study has a preset's constants, forms of mechanisms and profiles.

    Parameters
    ----------
    study
        The document of a resolved study.
    preset
        The values.
    """
    candidate = Candidate(preset)
    known = [profile.name for profile in preset.profiles]
    return (
        study["constants"] == asdict(candidate.constants)
        and study["mechanisms"] == candidate.mechanisms
        and all(
            name in known and _numbers(profile) == _numbers(asdict(candidate.profile(name)))
            for name, profile in study["profiles"].items()
        )
    )


def _numbers(profile: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in profile.items() if key not in _NAMES}
