"""Base rates solved inside a trial, from the targets that count connections.

A family of profiles shares base rates (the others have factors on those of one of them), and its
counted targets follow from them within milliseconds. Solving them for given constants, rather
than searching them beside the constants, leaves the search a space of a few dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from synaprune.calibration.bookkeeping import COUNTED, Counts, readouts
from synaprune.calibration.candidate import Candidate
from synaprune.calibration.counting import Counter, by_profile, check_forms, penalty_of
from synaprune.calibration.observed import Courses, Float, observe, residual
from synaprune.calibration.places import Place
from synaprune.calibration.space import SOLVED, Parameter, Space
from synaprune.calibration.target import Target, scenarios_of
from synaprune.model.circuit import LAYERS
from synaprune.model.constants import Constants
from synaprune.paper.scenarios import Scenario
from synaprune.study import ResolvedProfile
from synaprune.study.library.preset import Preset

#: Distance, in tolerances, up to which a target is content, and how much more the rest counts.
CONTENT, BEYOND = 0.8, 3.0

#: Weight of the distance itself: among solutions within tolerance the nearest value wins.
NEAR = 0.15

#: Weight of a change of a rate, as a logarithm: decides where targets leave rates open.
PULL = 0.02

#: Step of a derivative, as a logarithm: large enough to pass the steps of whole connections.
STEP = 0.02

#: Evaluations of a profile's courses at most.
EVALUATIONS = 40


def solve(
    space: Space, preset: Preset, counter: Counter, targets: Sequence[Target]
) -> dict[str, float]:
    """Solve the base rates of a preset for its other values.

    The residuals of a target at a distance of r tolerances are 3 sign(r) max(0, |r| - 0.8), which
    reaches the tolerance first, and 0.15 r, which reaches the value second; each rate is pulled
    weakly to where it started. Half median, half mean over patients stands for the median, which
    moves in steps.

    Parameters
    ----------
    space
        Its solved parameters are solved.
    preset
        Holds all other values, and where rates start.
    counter
        Follows the patients.
    targets
        Those that count connections and have a weight are used.

    Returns
    -------
    dict
        Values of the solved parameters by name, within their bounds.
    """
    solved: dict[str, float] = {}
    done: dict[Scenario, Mapping[str, Float]] = {}
    counted = [t for t in targets if t.readout in COUNTED and t.weight > 0]
    check_forms(Candidate(preset))
    for family in _families(preset):
        candidate = space.apply(preset, solved)
        parameters = tuple(p for p in space.stage(SOLVED) if set(family) & set(p.profiles))
        mine = [t for t in counted if _owners(t, family, done)]
        if parameters and mine:
            problem = _Problem(family, parameters, candidate, counter, tuple(mine), done)
            solved |= problem.solved(space.start(candidate.preset))
            candidate = space.apply(preset, solved)
        scenarios = [s for s in scenarios_of(counted) if s.profile in family]
        done.update(counter.courses(candidate, scenarios))
    return solved


def _families(preset: Preset) -> list[tuple[str, ...]]:
    """Profiles that share rates, because one is like the other, and are solved together.

    A profile with rates of its own for every layer shares none.
    """
    like = {profile.name: profile.like for profile in preset.profiles}
    own = {
        profile.name for profile in preset.profiles if set(profile.base_rate or {}) == set(LAYERS)
    }

    def head(name: str) -> str:
        base = like[name]
        return name if base is None or name in own else head(base)

    families: dict[str, list[str]] = {}
    for name in like:
        families.setdefault(head(name), []).append(name)
    return [tuple(members) for members in families.values()]


def _owners(target: Target, family: Sequence[str], done: Mapping[Scenario, object]) -> bool:
    """Whether the rates of a family are the last that a target waits for."""
    others = [s for s in target.scenarios if s.profile not in family]
    return len(others) < len(target.scenarios) and all(scenario in done for scenario in others)


@dataclass(frozen=True)
class _Problem:
    """Least squares for the rates of one family of profiles."""

    family: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    candidate: Candidate
    counter: Counter
    targets: tuple[Target, ...]
    done: Courses

    def solved(self, start: Mapping[str, float | str]) -> dict[str, float]:
        """Values of the parameters, by name."""
        low, high = (
            np.log([getattr(parameter, side) for parameter in self.parameters])
            for side in ("low", "high")
        )
        origin = np.log([float(start[parameter.name]) for parameter in self.parameters])

        def residuals(x: Float) -> Float:
            return self._residuals(x - origin)

        def slopes(x: Float) -> Float:
            return self._slopes(x - origin, high - x)

        found = least_squares(
            residuals,
            origin,
            jac=slopes,
            bounds=(low, high),
            loss="soft_l1",
            x_scale=0.1,
            xtol=1e-4,
            ftol=1e-5,
            max_nfev=EVALUATIONS,
        )
        return {
            parameter.name: parameter.rounded(float(value))
            for parameter, value in zip(self.parameters, np.exp(found.x), strict=True)
        }

    @cached_property
    def _constants(self) -> Constants:
        return self.candidate.constants

    @cached_property
    def _treatments(self) -> Mapping[str, tuple[str, ...]]:
        """Treatments to follow, by profile."""
        asked = by_profile(scenarios_of(self.targets))
        return {profile: asked[profile] for profile in self.family if profile in asked}

    @cached_property
    def _start(self) -> Mapping[str, ResolvedProfile]:
        return {profile: self.candidate.profile(profile) for profile in self._treatments}

    @cached_property
    def _layers(self) -> tuple[Mapping[str, NDArray[np.intp]], ...]:
        """Places in the circuit whose rates each parameter moves, by profile."""
        names = [layer.name for layer in self.counter.circuit]
        return tuple(
            {
                profile: np.array([
                    names.index(place.layer)
                    for place in parameter.places
                    if self._reaches(place, profile)
                ], dtype=np.intp)
                for profile in self._treatments
            }
            for parameter in self.parameters
        )  # fmt: skip

    def _reaches(self, place: Place, profile: str) -> bool:
        """Whether a profile has its rate of a layer from a place."""
        if place.profile == profile:
            return True
        asked = {one.name: one for one in self.candidate.preset.profiles}[profile]
        if asked.like is None or place.layer in (asked.base_rate or {}):
            return False
        return place.field == "base_rate" and self._reaches(place, asked.like)

    def _counts(self, change: Float) -> dict[str, Counts]:
        """Counts where the rates are changed by a factor, given as a logarithm."""
        names = [layer.name for layer in self.counter.circuit]
        penalty = penalty_of(self.candidate)
        found = {}
        for profile, treatments in self._treatments.items():
            rates = dict(self._start[profile].base_rate)
            for layers, factor in zip(self._layers, np.exp(change), strict=True):
                for place in layers[profile]:
                    rates[names[place]] *= float(factor)
            changed = replace(self._start[profile], base_rate=rates)
            found[profile] = self.counter.counts(changed, treatments, self._constants, penalty)
        return found

    def _distances(self, counts: Mapping[str, Counts]) -> Float:
        """Distances of the targets in tolerances."""
        courses = dict(self.done)
        for profile, treatments in self._treatments.items():
            values = readouts(counts[profile], self.counter.circuit, self._constants)
            for place, treatment in enumerate(treatments):
                courses[Scenario(profile, treatment)] = {
                    name: array[:, place] for name, array in values.items()
                }
        shown = [observe(target, courses) for target in self.targets]
        middle = [0.5 * float(np.median(values)) + 0.5 * float(values.mean()) for values in shown]
        return np.array([residual(t, v) for t, v in zip(self.targets, middle, strict=True)])

    def _stacked(self, distances: Float, change: Float) -> Float:
        weight = np.sqrt([target.weight for target in self.targets])
        beyond = np.sign(distances) * np.maximum(0.0, np.abs(distances) - CONTENT)
        parts = (BEYOND * weight * beyond, NEAR * weight * distances, PULL * change)
        return np.concatenate(parts)

    def _residuals(self, change: Float) -> Float:
        return self._stacked(self._distances(self._counts(change)), change)

    def _slopes(self, change: Float, room: Float) -> Float:
        """Derivatives by differences.

        Layers do not know each other, so one more count serves all parameters of a kind: rates
        move each layer once, and so do factors on them.
        """
        steps = np.where(room > STEP, STEP, -STEP)
        here = self._counts(change)
        before = self._stacked(self._distances(here), change)
        kinds = np.array([parameter.places[0].field for parameter in self.parameters])
        there = {kind: self._counts(change + steps * (kinds == kind)) for kind in set(kinds)}
        columns = []
        for place, (layers, kind) in enumerate(zip(self._layers, kinds, strict=True)):
            moved = change.copy()
            moved[place] += steps[place]
            after = self._distances({
                profile: _with_layers(here[profile], there[kind][profile], layers[profile])
                for profile in here
            })  # fmt: skip
            columns.append((self._stacked(after, moved) - before) / steps[place])
        return np.stack(columns, axis=1)


def _with_layers(counts: Counts, other: Counts, layers: NDArray[np.intp]) -> Counts:
    """The counts with some layers of others."""
    if not len(layers):
        return counts
    alive = counts.alive.copy()
    alive[..., layers] = other.alive[..., layers]
    return Counts(alive, counts.aggregate, counts.flare)
