"""A study with every default filled in: what the engine computes, and what its hash covers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from synaprune.model.constants import NUMERICS_VERSION, Constants
from synaprune.study.drug import Drug
from synaprune.study.profile import ResolvedProfile
from synaprune.study.schedule import Schedule
from synaprune.study.yaml_text import to_yaml


@dataclass(frozen=True, slots=True)
class ResolvedStudy:
    """Everything a computation needs, with nothing left to look up.

    Attributes
    ----------
    name
        Name of the study.
    profiles
        Profiles by name, in the order asked for.
    arms
        By arm and drug the cycles of its doses: sorted, each once. Untreated is empty.
    drugs
        The drugs that some arm gives, by name.
    patients, seed, cycles
        Virtual patients, the seed of all draws, and the length of the course.
    preset
        Where the values came from that neither the paper nor the study gives.
    constants
        Every constant of the model; a profile may differ, see `constants_of`.
    mechanisms
        The form of every mechanism.
    circuit
        Units of every layer.
    precision, device
        Floating-point numbers of the networks, and where they are computed.
    """

    name: str
    profiles: dict[str, ResolvedProfile]
    arms: dict[str, Schedule]
    drugs: dict[str, Drug]
    patients: int
    seed: int
    cycles: int
    preset: str
    constants: Constants
    mechanisms: dict[str, str]
    circuit: dict[str, int]
    precision: str
    device: str

    def constants_of(self, profile: str) -> Constants:
        """Give every constant of the model as it is in a profile."""
        # Types and names were checked against the same declarations.
        return replace(self.constants, **self.profiles[profile].constants)  # type: ignore[arg-type]

    def document(self) -> dict[str, Any]:
        """Return the study as plain values of JSON, with the version of the numerics."""
        return {
            "name": self.name,
            "numerics_version": NUMERICS_VERSION,
            "patients": self.patients,
            "seed": self.seed,
            "cycles": self.cycles,
            "precision": self.precision,
            "device": self.device,
            "preset": self.preset,
            "arms": {
                arm: {drug: list(days) for drug, days in given.items()}
                for arm, given in self.arms.items()
            },
            "drugs": {name: drug.model_dump(mode="json") for name, drug in self.drugs.items()},
            "profiles": {name: _unnamed(profile) for name, profile in self.profiles.items()},
            "mechanisms": dict(self.mechanisms),
            "circuit": dict(self.circuit),
            "constants": asdict(self.constants),
        }

    def to_yaml(self) -> str:
        """Write `document` as YAML."""
        return to_yaml(self.document())

    def sha256(self) -> str:
        """Hash everything that can change a number.

        Names and titles of the study do not count, nor does the order of profiles, arms and
        drugs.

        Returns
        -------
        str
            64 hexadecimal digits: the SHA-256 of the document's canonical JSON.
        """
        document = self.document()
        del document["name"]
        for kind in ("profiles", "drugs"):
            for entry in document[kind].values():
                del entry["title"]
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return sha256(canonical.encode()).hexdigest()


def _unnamed(profile: ResolvedProfile) -> dict[str, Any]:
    return {key: value for key, value in asdict(profile).items() if key != "name"}
