"""Courses of everything that counts connections, for the patients of a calibration.

They cost milliseconds, so many more patients can be followed than with networks; the first of
them are the same people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from synaprune.calibration.counts.bookkeeping import (
    COUNTED,
    COUNTING,
    Counts,
    People,
    count,
    readouts,
)
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting
from synaprune.calibration.targets.observed import Courses, Float
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError
from synaprune.model.circuit import Circuit
from synaprune.model.constants import Constants
from synaprune.model.mechanisms.rates import PENALTIES, Penalty, subtracting
from synaprune.model.registry import PAPER
from synaprune.model.treatment import Effects, course
from synaprune.paper.scenarios import Scenario
from synaprune.study import ResolvedProfile

#: Forms whose counts are known, of mechanisms that have others than the paper's.
COUNTED_FORMS = {"regrowth": tuple(PENALTIES), "pruning": (PAPER, "sparing_biases")}


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
    def _drawn(self) -> dict[float, People]:
        """Drawing takes longer than following, and depends on one constant only."""
        return {}

    @cached_property
    def circuit(self) -> Circuit:
        """The circuit."""
        return Circuit.of_sizes(self.setting.circuit)

    def people(self, constants: Constants) -> People:
        """The patients, as the engine draws them."""
        drawn = self._drawn.get(constants.heterogeneity)
        if drawn is None:
            drawn = People.drawn(self.setting.seed, range(self.patients), self.setting.cycles,
                                 self.circuit, constants)  # fmt: skip
            self._drawn[constants.heterogeneity] = drawn
        return drawn

    def effects(self, treatment: str, constants: Constants) -> Effects:
        """Drug effects of a treatment over the course."""
        setting = self.setting
        return course(
            setting.arms[treatment], setting.drugs, setting.cycles, constants.drug_level_floor
        )

    def counts(
        self,
        profile: ResolvedProfile,
        treatments: Iterable[str],
        constants: Constants,
        penalty: Penalty = subtracting,
    ) -> Counts:
        """Follow one profile under treatments."""
        effects = [self.effects(treatment, constants) for treatment in treatments]
        return count(profile, effects, self.people(constants), self.circuit, constants, penalty)

    def courses(self, candidate: Candidate, scenarios: Iterable[Scenario]) -> Courses:
        """Counted readouts of scenarios.

        Raises
        ------
        InputError
            A mechanism that decides counts has a form that cannot be followed without networks.
        """
        check_forms(candidate)
        constants = candidate.constants
        found: dict[Scenario, dict[str, Float]] = {}
        for profile, treatments in by_profile(scenarios).items():
            counts = self.counts(
                candidate.profile(profile), treatments, constants, penalty_of(candidate)
            )
            values = readouts(counts, self.circuit, constants)
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
    for mechanism in COUNTING:
        form = candidate.mechanisms[mechanism]
        known = COUNTED_FORMS.get(mechanism, (PAPER,))
        if form not in known:
            raise InputError(f"form.{mechanism}: {form} cannot be calibrated: its counts are only "
                             f"known for the form {' or '.join(known)}")  # fmt: skip


def penalty_of(candidate: Candidate) -> Penalty:
    """How regrowth is penalised in the form that a candidate names."""
    return PENALTIES[candidate.mechanisms["regrowth"]]


def by_profile(scenarios: Iterable[Scenario]) -> dict[str, tuple[str, ...]]:
    """Treatments of every profile, both in the order of first need."""
    found: dict[str, dict[str, None]] = {}
    for scenario in scenarios:
        found.setdefault(scenario.profile, {})[scenario.treatment] = None
    return {profile: tuple(treatments) for profile, treatments in found.items()}
