"""Which values a preset holds, apart from its words: what tables of a calibration belong to."""

from __future__ import annotations

import json

from synaprune.results.files import digest
from synaprune.study.library.preset import Preset

#: Keys of a preset that are only words.
_WORDS = ("title", "provenance")


def values_sha256(preset: Preset) -> str:
    """Hash a preset without its title and provenance, hexadecimal."""
    values = {key: value for key, value in preset.as_given().items() if key not in _WORDS}
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return digest(canonical.encode())
