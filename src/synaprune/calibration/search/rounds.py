"""A batch of trials with networks, and when to stop one that cannot become good.

The blocks of a batch run in rounds: first the first profile of every trial, then the rest.
Before each round a trial ends whose loss is already certain to exceed the worst of the best fifth
of the trials before the batch: what has been held against targets so far counts, and everything
else as if it were met exactly. The rule looks at finished batches only, so it does not depend on
which block happened to be ready first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from math import ceil, inf

from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.search.asked import Asked
from synaprune.calibration.search.trial import (
    COMPLETE,
    FAILED,
    STOPPED,
    Evaluation,
    Trial,
    courses_of,
    jobs,
    joined,
    network_scenarios,
)
from synaprune.calibration.targets.loss import loss, total_weight
from synaprune.calibration.targets.observed import Courses, Fit, fits, observable
from synaprune.calibration.targets.target import scenarios_of
from synaprune.engine.pool import Pool
from synaprune.engine.work import Failed, Finished, Job

#: Share of the trials so far that a trial must be able to join.
BEST_SHARE = 0.2

#: Trials before anything is stopped.
BEFORE_STOPPING = 10

_TRIAL = re.compile(r"t(\d+)\.")


class Rounds:
    """Computes batches.

    Parameters
    ----------
    asked
        Targets and setting.
    pool
        Computes blocks.
    counter
        Follows counts.
    """

    def __init__(self, asked: Asked, pool: Pool, counter: Counter) -> None:
        self._asked = asked
        self._pool = pool
        self._counter = counter
        self._weight = total_weight(asked.targets)
        self._scenarios = network_scenarios(asked.targets)
        #: Called with a note or nothing while blocks are under way.
        self.tell: Callable[[str], None] = lambda note: None  # noqa: ARG005

    def compute(self, trials: Sequence[Trial], done: Sequence[Evaluation]) -> list[Evaluation]:
        """Evaluate a batch.

        Parameters
        ----------
        trials
            The batch.
        done
            Evaluations of the stage before it.
        """
        limit = bar(done)
        under_way = [_UnderWay(trial, self) for trial in trials]
        profiles = list(self._scenarios)
        for part in filter(None, (profiles[:1], profiles[1:])):
            for entry in under_way:
                entry.look(limit)
            self._run([entry for entry in under_way if not entry.why], part)
        return [entry.evaluation(limit) for entry in under_way]

    def counted(self, trial: Trial) -> Courses:
        """The counted courses of a trial."""
        return self._counter.courses(trial.candidate, scenarios_of(self._asked.targets))

    def fits(self, courses: Courses) -> tuple[Fit, ...]:
        """How those targets are met whose courses are there."""
        return fits(observable(self._asked.targets, courses), courses)

    def certain(self, met: Iterable[Fit]) -> float:
        """What the loss is at least."""
        return loss(met, self._weight)

    def _run(self, entries: Sequence[_UnderWay], profiles: Sequence[str]) -> None:
        """Run the blocks of some profiles for trials that go on."""
        by_number = {entry.trial.number: entry for entry in entries}
        blocks: list[Job] = [
            job
            for entry in entries
            for profile in profiles
            for job in jobs(entry.trial, profile, self._scenarios[profile], self._asked.setting)
        ]
        if not blocks:
            return
        with closing(self._pool.outcomes(blocks, self.tell)) as outcomes:
            for outcome in outcomes:
                label = outcome.line if isinstance(outcome, Failed) else outcome.name
                entry = by_number[_number(label)]
                if isinstance(outcome, Failed):
                    entry.failures.append(outcome.line.removeprefix(entry.trial.prefix))
                else:
                    entry.blocks.append(outcome)


class _UnderWay:
    """A trial between its rounds."""

    def __init__(self, trial: Trial, rounds: Rounds) -> None:
        self.trial = trial
        self.blocks: list[Finished] = []
        self.failures: list[str] = []
        self.why = ""
        self._rounds = rounds
        self._counted = rounds.counted(trial)

    def look(self, limit: float) -> None:
        """End the trial where it failed or cannot become good."""
        if self.failures:
            self.why = min(self.failures)
        elif not self.why and (certain := self._rounds.certain(self._met())) > limit:
            self.why = f"its loss is at least {certain:.3f}, above {limit:.3f}"

    def evaluation(self, limit: float) -> Evaluation:
        """What became of the trial."""
        if self.failures:
            self.look(limit)
            return self._as(FAILED, float("nan"), ())
        met = self._met()
        return self._as(STOPPED if self.why else COMPLETE, self._rounds.certain(met), met)

    def _met(self) -> tuple[Fit, ...]:
        simulated = courses_of(self.trial, self.blocks) if self.blocks else {}
        return self._rounds.fits(joined(self._counted, simulated))

    def _as(self, status: str, loss: float, met: tuple[Fit, ...]) -> Evaluation:
        trial = self.trial
        return Evaluation(trial.number, trial.stage, trial.point, loss, status, self.why, met)


def bar(done: Sequence[Evaluation]) -> float:
    """The loss above which a trial is not worth finishing.

    Parameters
    ----------
    done
        Trials so far; failed ones do not count, stopped ones with what their loss is at least.
    """
    losses = sorted(entry.loss for entry in done if entry.status != FAILED)
    if len(losses) < BEFORE_STOPPING:
        return inf
    return losses[ceil(BEST_SHARE * len(losses)) - 1]


def _number(label: str) -> int:
    """The trial that a block or a failure belongs to."""
    found = _TRIAL.match(label)
    if found is None:
        raise ValueError(f"a block of no trial: {label}")
    return int(found[1])
