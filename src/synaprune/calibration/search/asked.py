"""What a calibration was asked for: everything that its result depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from synaprune.calibration.counts.counting import Counter, check_forms
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.places import Place, parse_path, written
from synaprune.calibration.space.setting import Setting
from synaprune.calibration.space.space import Space
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError, nearest
from synaprune.model.registry import forms
from synaprune.study.library.preset import Preset


@dataclass(frozen=True)
class Asked:
    """A calibration as it was asked for.

    Attributes
    ----------
    preset
        Where the search starts, and what holds for everything outside the space; its forms of
        mechanisms are those that are calibrated.
    space, targets
        Where it looks, and what it aims at.
    setting
        Circuit, course, treatments, patients and the seed of their draws.
    search_seed
        Of the proposals.
    counts_trials, trials
        Trials without and with networks.
    refinement
        Generations by which the best trial without networks is refined; 0 leaves that out.
    """

    preset: Preset
    space: Space
    targets: tuple[Target, ...]
    setting: Setting
    search_seed: int
    counts_trials: int
    trials: int
    refinement: int = 0

    def check(self) -> None:
        """Refuse what does not fit together.

        Raises
        ------
        InputError
            A target's profile or treatment is not known or its cycle is past the end, or the
            preset lies outside the space.
        """
        profiles = [profile.name for profile in self.preset.profiles]
        last = self.setting.cycles - 1
        for target in self.targets:
            for scenario in target.scenarios:
                _known(target, "profile", scenario.profile, profiles)
                _known(target, "treatment", scenario.treatment, self.setting.arms)
            if target.moment.needs > last:
                raise InputError(f"target {target.name}: when: the course ends with cycle {last} "
                                 f"(got {target.when!r})")  # fmt: skip
        self.space.start(self.preset)
        check_forms(self.start)

    @property
    def counter(self) -> Counter:
        """Follows counts under the setting."""
        return Counter.of(self.setting)

    @property
    def start(self) -> Candidate:
        """The preset itself."""
        return Candidate(self.preset)

    def document(self) -> dict[str, Any]:
        """Plain values of JSON, for the record and to tell one calibration from another."""
        return {
            "preset": self.preset.as_given(),
            "space": self.space.document(),
            "targets": [_row(target) for target in self.targets],
            "setting": self.setting.document(),
            "counted_patients": self.counter.patients,
            "search_seed": self.search_seed,
            "counts_trials": self.counts_trials,
            "refinement": self.refinement,
            "trials": self.trials,
        }


def with_forms(preset: Preset, chosen: Sequence[str]) -> Preset:
    """A preset with forms of mechanisms chosen as ``MECHANISM=FORM``.

    Raises
    ------
    InputError
        Not written so, or an unknown mechanism or form.
    """
    values: dict[Place, float | str] = {}
    for choice in chosen:
        mechanism, equals, form = choice.partition("=")
        if not equals:
            raise InputError(f"form: must be MECHANISM=FORM, such as corruption=off "
                             f"(got {choice!r})")  # fmt: skip
        try:
            (place,) = parse_path(f"form.{mechanism}")
        except InputError as error:
            raise InputError(f"form: {error}") from None
        if form not in forms(mechanism):
            raise InputError(f"form: unknown form {form!r} of {mechanism}; "
                             f"{nearest(form, forms(mechanism))}")  # fmt: skip
        values[place] = form
    return written(preset, values) if values else preset


def with_constants(preset: Preset, constants: dict[str, float]) -> Preset:
    """A preset with some constants replaced in every profile, as by a study."""
    if not constants:
        return preset
    profiles = []
    for profile in preset.profiles:
        own = {key: value for key, value in profile.constants.items() if key not in constants}
        changed = len(own) < len(profile.constants)
        profiles.append(profile.model_copy(update={"constants": own}) if changed else profile)
    return preset.model_copy(
        update={"constants": {**preset.constants, **constants}, "profiles": profiles}
    )


def _known(target: Target, noun: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise InputError(f"target {target.name}: unknown {noun} {name!r}; {nearest(name, names)}")


def _row(target: Target) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(target, name) for name in Target.__dataclass_fields__}
    # JSON has no infinity
    return row | {side: None if abs(row[side]) == float("inf") else row[side]
                  for side in ("low", "high")}  # fmt: skip
