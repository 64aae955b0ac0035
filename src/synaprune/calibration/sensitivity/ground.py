"""What a sensitivity analysis stands on: the best values, the space around them, the targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Any

from synaprune.calibration.counts.counting import Counter, counted_alone
from synaprune.calibration.search.record import FORMAT
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting
from synaprune.calibration.space.space import Parameter, Space
from synaprune.calibration.space.values import values_sha256
from synaprune.calibration.targets.loss import loss
from synaprune.calibration.targets.observed import Fit, fits
from synaprune.calibration.targets.target import Target, scenarios_of
from synaprune.model.constants import NUMERICS_VERSION
from synaprune.study.library.preset import Preset


@dataclass(frozen=True)
class Ground:
    """Best values with everything that their loss depends on.

    Attributes
    ----------
    space
        What may be moved.
    preset
        The best values.
    targets
        What is aimed at.
    setting
        Circuit, course, patients and seed.
    seed
        Of designs and resamples.
    """

    space: Space
    preset: Preset
    targets: tuple[Target, ...]
    setting: Setting
    seed: int

    @cached_property
    def counted(self) -> tuple[Target, ...]:
        """Targets with a weight that need no networks."""
        return tuple(t for t in self.targets if counted_alone(t) and t.weight > 0)

    @cached_property
    def weighted(self) -> tuple[Target, ...]:
        """Targets with a weight."""
        return tuple(t for t in self.targets if t.weight > 0)

    @cached_property
    def _counters(self) -> dict[int, Counter]:
        return {}

    def counter(self, people: int = 0) -> Counter:
        """Follow the patients of the setting, or other ones.

        Parameters
        ----------
        people
            0 for those of the setting; any other number for others, the same at every call.
        """
        if people not in self._counters:
            other = replace(self.setting, seed=self.setting.seed + people)
            self._counters[people] = Counter.of(other)
        return self._counters[people]

    def counted_fits(self, preset: Preset, people: int = 0) -> tuple[Fit, ...]:
        """Hold a preset against the counted targets."""
        scenarios = scenarios_of(self.counted)
        courses = self.counter(people).courses(Candidate(preset), scenarios)
        return fits(self.counted, courses)

    def numbers(self, *stages: str) -> tuple[Parameter, ...]:
        """Parameters of some stages that are numbers, not forms."""
        return tuple(p for p in self.space.stage(*stages) if not p.choices)

    def document(self) -> dict[str, Any]:
        """Plain values of JSON that decide every result."""
        return {
            "format": FORMAT,
            "numerics": NUMERICS_VERSION,
            "space": self.space.document(),
            "preset": values_sha256(self.preset),
            "targets": [_plain(asdict(target)) for target in self.targets],
            "setting": self.setting.document(),
            "seed": self.seed,
        }


def loss_by_readout(found: Iterable[Fit]) -> dict[str, float]:
    """Loss of all targets with a weight, and of those of each readout, by ``loss`` and name."""
    weighted = [fit for fit in found if fit.target.weight > 0]
    parts: dict[str, list[Fit]] = {}
    for fit in weighted:
        parts.setdefault(fit.target.readout, []).append(fit)
    return {"loss": loss(weighted)} | {name: loss(part) for name, part in parts.items()}


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """Write what is not finite as text, which JSON can hold."""
    return {
        key: str(value) if isinstance(value, float) and not isfinite(value) else value
        for key, value in document.items()
    }
