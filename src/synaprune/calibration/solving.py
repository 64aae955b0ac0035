"""Base rates solved inside a trial, from the targets that count connections.

Every profile has its base rates to itself (or factors on those of the profile it is like), and
its counted targets follow from them within milliseconds. Solving them for given constants, rather
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
from synaprune.calibration.space import SOLVED, Parameter, Space
from synaprune.calibration.target import Target, scenarios_of
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
    for profile in _order(preset):
        candidate = space.apply(preset, solved)
        parameters = tuple(p for p in space.stage(SOLVED) if profile in p.profiles)
        mine = [t for t in counted if _owner(t, profile, done)]
        if parameters and mine:
            problem = _Problem(profile, parameters, candidate, counter, tuple(mine), done)
            solved |= problem.solved(space.start(candidate.preset))
            candidate = space.apply(preset, solved)
        scenarios = [s for s in scenarios_of(counted) if s.profile == profile]
        done.update(counter.courses(candidate, scenarios))
    return solved


def _order(preset: Preset) -> list[str]:
    """Profiles of a preset, each after the one that it is like."""
    like = {profile.name: profile.like for profile in preset.profiles}

    def depth(name: str) -> int:
        base = like[name]
        return 0 if base is None else 1 + depth(base)

    return sorted(like, key=depth)


def _owner(target: Target, profile: str, done: Mapping[Scenario, object]) -> bool:
    """Whether the rates of a profile are the last that a target waits for."""
    profiles = {scenario.profile for scenario in target.scenarios}
    return profile in profiles and all(
        scenario in done for scenario in target.scenarios if scenario.profile != profile
    )


@dataclass(frozen=True)
class _Problem:
    """Least squares for the rates of one profile."""

    profile: str
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
    def _treatments(self) -> tuple[str, ...]:
        return by_profile(scenarios_of(self.targets))[self.profile]

    @cached_property
    def _start(self) -> ResolvedProfile:
        return self.candidate.profile(self.profile)

    @cached_property
    def _layers(self) -> tuple[NDArray[np.intp], ...]:
        """Places of each parameter's layers in the circuit."""
        names = [layer.name for layer in self.counter.circuit]
        return tuple(
            np.array([names.index(p.layer) for p in parameter.places if p.profile == self.profile])
            for parameter in self.parameters
        )

    def _counts(self, change: Float) -> Counts:
        """Counts where the rates are changed by a factor, given as a logarithm."""
        names = [layer.name for layer in self.counter.circuit]
        rates = dict(self._start.base_rate)
        for layers, factor in zip(self._layers, np.exp(change), strict=True):
            for place in layers:
                rates[names[place]] *= float(factor)
        changed = replace(self._start, base_rate=rates)
        penalty = penalty_of(self.candidate)
        return self.counter.counts(changed, self._treatments, self._constants, penalty)

    def _distances(self, counts: Counts) -> Float:
        """Distances of the targets in tolerances."""
        values = readouts(counts, self.counter.circuit, self._constants)
        mine = {
            Scenario(self.profile, treatment): {name: a[:, place] for name, a in values.items()}
            for place, treatment in enumerate(self._treatments)
        }
        courses = {**self.done, **mine}
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
        """Derivatives by differences; layers do not know each other, so one more count will do."""
        steps = np.where(room > STEP, STEP, -STEP)
        here, there = self._counts(change), self._counts(change + steps)
        before = self._stacked(self._distances(here), change)
        columns = []
        for place, (layers, step) in enumerate(zip(self._layers, steps, strict=True)):
            alive = here.alive.copy()
            alive[..., layers] = there.alive[..., layers]
            moved = change.copy()
            moved[place] += step
            after = self._distances(Counts(alive, here.aggregate, here.flare))
            columns.append((self._stacked(after, moved) - before) / step)
        return np.stack(columns, axis=1)
