"""What is the same in every trial: circuit, length of the course, treatments, patients, seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synaprune.calibration.space import BASE_PRESET
from synaprune.model.circuit import PAPER_UNITS
from synaprune.study import library
from synaprune.study.drug import Drug
from synaprune.study.library.preset import Preset, Regimen
from synaprune.study.schedule import Schedule, past_the_end, schedule
from synaprune.study.study import Study

#: Patients that are followed without networks, which cost milliseconds.
COUNTED_PATIENTS = 256

#: Length of the paper's course (Simulation Procedure).
CYCLES = 30


@dataclass(frozen=True)
class Setting:
    """The circumstances of all trials; common random numbers follow from them.

    Attributes
    ----------
    patients
        Virtual patients with networks.
    seed
        Names all their draws, the same in every trial.
    cycles
        Length of the course.
    circuit
        Units of every layer.
    precision, device
        As in a study.
    arms
        Doses by treatment.
    drugs
        Drugs by name.
    counted_patients
        Virtual patients that are followed without networks, if those with networks are not more;
        the first of them are the same people.
    """

    patients: int
    seed: int
    cycles: int
    circuit: Mapping[str, int]
    precision: str
    device: str
    arms: Mapping[str, Schedule]
    drugs: Mapping[str, Drug]
    counted_patients: int = COUNTED_PATIENTS

    def document(self) -> dict[str, Any]:
        """Plain values of JSON, for hashing and for the record."""
        return {
            "patients": self.patients,
            "counted_patients": self.counted_patients,
            "seed": self.seed,
            "cycles": self.cycles,
            "circuit": dict(self.circuit),
            "precision": self.precision,
            "device": self.device,
            "arms": {
                arm: {drug: list(days) for drug, days in doses.items()}
                for arm, doses in self.arms.items()
            },
            "drugs": {name: drug.model_dump(mode="json") for name, drug in self.drugs.items()},
        }


def paper_setting(patients: int, seed: int, preset: Preset | None = None) -> Setting:
    """The paper's circuit and course, and a preset's treatments.

    Parameters
    ----------
    patients, seed
        Those of the trials.
    preset
        Whose treatments; by default those of `BASE_PRESET`.

    Examples
    --------
    >>> len(paper_setting(patients=4, seed=1).arms)
    7
    """
    return Setting(
        patients=patients,
        seed=seed,
        cycles=CYCLES,
        circuit=dict(PAPER_UNITS),
        precision="float32",
        device="cpu",
        arms={name: schedule(regimen.doses, CYCLES) for name, regimen in _regimens(preset).items()},
        drugs=library.drugs(),
    )


def setting_of(study: Study, patients: int, seed: int, preset: Preset | None = None) -> Setting:
    """The circuit, course, drugs and precision of a study; its arms beside a preset's treatments.

    Parameters
    ----------
    study
        Its profiles, patients, seed, preset and constants do not count here.
    patients, seed
        Those of the trials.
    preset
        Whose treatments; by default those of `BASE_PRESET`.
    """
    regimens = _regimens(preset)
    built_in = {
        name: schedule(regimen.doses, study.cycles)
        for name, regimen in regimens.items()
        if not any(list(past_the_end(dose, study.cycles)) for dose in regimen.doses)
    }
    own = {
        name: schedule(regimens[arm].doses if isinstance(arm, str) else arm, study.cycles)
        for name, arm in study.arms.items()
    }
    return Setting(
        patients=patients,
        seed=seed,
        cycles=study.cycles,
        circuit={**PAPER_UNITS, **study.circuit},
        precision=study.precision,
        device=study.device,
        arms={**built_in, **own},
        drugs={**library.drugs(), **study.drugs},
    )


def _regimens(preset: Preset | None) -> Mapping[str, Regimen]:
    return (preset or library.presets()[BASE_PRESET]).treatments
