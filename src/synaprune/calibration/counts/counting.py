"""Courses of everything that counts connections, for the patients of a calibration.

They cost milliseconds, so many more patients can be followed than with networks; the first of
them are the same people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synaprune.calibration.counts.bookkeeping import COUNTED, draw_people, readouts
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting
from synaprune.calibration.targets.observed import Courses, Float
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.counting import COUNTED_FORMS, Counts, People, count
from synaprune.model.treatment import Effects, course
from synaprune.paper.scenarios import Scenario


@dataclass(frozen=True)
class Counter:
    """Follows counts under a setting.

    Attributes
    ----------
    setting
        Circuit, course, treatments and seed.
    patients
        How many are followed.
    """

    setting: Setting
    patients: int

    @classmethod
    def of(cls, setting: Setting) -> Counter:
        """Follow as many patients as the setting names, at least those with networks."""
        return cls(setting, max(setting.patients, setting.counted_patients))

    @cached_property
    def _people(self) -> dict[tuple[float, str], People]:
        """Drawing takes longer than following, and depends on little."""
        return {}

    @cached_property
    def circuit(self) -> Circuit:
        """The circuit."""
        return Circuit.of_sizes(self.setting.circuit)

    def people(self, constants: Constants, flares: str) -> People:
        """The patients, as the engine draws them for a form of flares."""
        key = constants.heterogeneity, flares
        if key not in self._people:
            self._people[key] = draw_people(
                self.setting.seed, range(self.patients), self.setting.cycles, self.circuit,
                constants, flares,
            )  # fmt: skip
        return self._people[key]

    def effects(self, treatment: str, constants: Constants) -> Effects:
        """Drug effects of a treatment over the course."""
        setting = self.setting
        return course(
            setting.arms[treatment], setting.drugs, setting.cycles, constants.drug_level_floor
        )

    def counts(self, candidate: Candidate, profile: str, treatments: Iterable[str]) -> Counts:
        """Follow one profile of a candidate under treatments."""
        asked, constants = candidate.profile(profile), candidate.constants_of(profile)
        forms = candidate.mechanisms
        return count(
            np.array([asked.base_rate[layer.name] for layer in self.circuit]),
            asked.clearance,
            [self.effects(treatment, constants) for treatment in treatments],
            self.people(constants, forms["flares"]),
            self.circuit,
            constants,
            forms,
        )

    def courses(self, candidate: Candidate, scenarios: Iterable[Scenario]) -> Courses:
        """Counted readouts of scenarios.

        Raises
        ------
        InputError
            A mechanism that decides counts has a form that cannot be followed without networks.
        """
        check_forms(candidate)
        found: dict[Scenario, dict[str, Float]] = {}
        for profile, treatments in by_profile(scenarios).items():
            counts = self.counts(candidate, profile, treatments)
            values = readouts(counts, self.circuit, candidate.constants_of(profile))
            for place, treatment in enumerate(treatments):
                found[Scenario(profile, treatment)] = {
                    name: array[:, place] for name, array in values.items()
                }
        return found


def counted_alone(target: Target) -> bool:
    """Whether a target can be read off counts, without networks."""
    return all(readout in COUNTED for readout in target.readouts)


def check_forms(candidate: Candidate) -> None:
    """Refuse forms of mechanisms whose counts depend on weights or are not known."""
    for mechanism, known in COUNTED_FORMS.items():
        form = candidate.mechanisms[mechanism]
        if form not in known:
            raise InputError(f"form.{mechanism}: {form} cannot be calibrated: its counts are only "
                             f"known for the form {' or '.join(known)}")  # fmt: skip


def by_profile(scenarios: Iterable[Scenario]) -> dict[str, tuple[str, ...]]:
    """Treatments of every profile, both in the order of first need."""
    found: dict[str, dict[str, None]] = {}
    for scenario in scenarios:
        found.setdefault(scenario.profile, {})[scenario.treatment] = None
    return {profile: tuple(treatments) for profile, treatments in found.items()}
