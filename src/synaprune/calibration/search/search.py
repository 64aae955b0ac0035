"""The search: first what counts connections, then what needs networks.

Stage *counts* solves the constants that decide how many connections there are, with all base
rates, from one start after another. Stage *networks* starts from its best point and moves the
constants that only networks show; what was solved is solved again wherever counts changed. Trials
come in batches of fixed size, and whatever a batch depends on is in the record of those before, so
the number of workers and an interruption change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.search.asked import Asked
from synaprune.calibration.search.evaluations import Evaluations, best
from synaprune.calibration.search.proposed import promising, refined, trial_of
from synaprune.calibration.search.proposing import DrawnProposer, ModelProposer, Proposer
from synaprune.calibration.search.rounds import Rounds
from synaprune.calibration.search.side_by_side import Run, here
from synaprune.calibration.search.trial import COMPLETE, Evaluation, Trial, needs_networks
from synaprune.calibration.space.places import Value
from synaprune.calibration.space.space import COUNTS, NETWORKS, SOLVED, Point
from synaprune.calibration.targets.loss import loss
from synaprune.calibration.targets.observed import fits
from synaprune.calibration.targets.target import Target, scenarios_of
from synaprune.engine.interrupts import interrupts_kept
from synaprune.engine.pool import Pool
from synaprune.errors import InputError

#: Trials that are proposed, computed and told together.
BATCH = 4

#: Refined are the best solution and where the stage began: neither always leads higher.
REFINED = 2

#: Trials of a stage in which nothing is searched: the preset itself, and what is solved for it.
UNSEARCHED = 2


@dataclass(frozen=True)
class Told:
    """How far a search is.

    Attributes
    ----------
    stage
        counts or networks.
    trials, of
        Done and asked for in this stage.
    best
        The best of the stage so far, or None.
    """

    stage: str
    trials: int
    of: int
    best: Evaluation | None


Listener = Callable[[Told], None]


class Search:
    """Runs the trials of a calibration that its record lacks.

    Parameters
    ----------
    asked
        What to do.
    record
        Opened; what it holds is not done again.
    pool
        Computes blocks.
    run
        Runs what needs no networks.
    listener
        Told after every batch.
    """

    def __init__(
        self,
        asked: Asked,
        record: Evaluations,
        pool: Pool,
        run: Run = here,
        listener: Listener | None = None,
    ) -> None:
        self._asked = asked
        self._record = record
        self._listener = listener or (lambda told: None)  # noqa: ARG005
        self._counter = asked.counter
        self._start = asked.space.start(asked.preset)
        self._run = run
        self._rounds = Rounds(asked, pool, self._counter)

    def run(self) -> Evaluation:
        """Finish the search.

        Returns
        -------
        Evaluation
            The best trial of the last stage.

        Raises
        ------
        InputError
            There is nothing to search, or no trial could be completed.
        RunError
            The disk does not take a batch.
        """
        stages = stages_of(self._asked)
        for stage in stages:
            self._stage(stage)
            if stage == COUNTS:
                self._refine()
        found = best(self._record.all, stages[-1])
        if found is None:
            raise InputError(f"calibrate: all trials of stage {stages[-1]} failed; "
                             f"{self._record.all[-1].why}")  # fmt: skip
        return found

    def _stage(self, stage: str) -> None:
        """Do the trials of a stage, batch by batch."""
        base = self._base(stage)
        number = len(self._record.all) - len(self._record.of_stage(stage))
        wanted = trials_of(self._asked, stage) - refined_of(self._asked, stage)
        proposer = proposer_of(self._asked, stage, base)
        self._tell(stage)
        while (done := len(self._record.of_stage(stage))) < wanted:
            with interrupts_kept():
                points = self._points(stage, proposer, self._record.of_stage(stage), base)
                trials = list(self._run([
                    partial(trial_of, self._asked, number + done + place, stage, point, base)
                    for place, point in enumerate(points[: wanted - done])
                ]))  # fmt: skip
                compute = self._counted if stage == COUNTS else self._rounds.compute
                evaluations = compute(trials, self._record.of_stage(stage))
            self._record.keep(evaluations)
            self._tell(stage)

    def _refine(self) -> None:
        """Refine the best solution, and where the stage began."""
        done = self._record.of_stage(COUNTS)
        first, count = self._asked.counts_trials, refined_of(self._asked, COUNTS)
        begin = best(done[:first], COUNTS)
        if begin is None or len(done) >= first + count:
            return
        begins = (begin.point, self._base(COUNTS))
        with interrupts_kept():
            trials = self._run([
                partial(refined, self._asked, first + place, point)
                for place, point in enumerate(begins)
            ])  # fmt: skip
            evaluations = self._counted(list(trials), done)
        self._record.keep(evaluations)
        self._tell(COUNTS)

    def _base(self, stage: str) -> dict[str, Value]:
        """Where a stage starts: the preset with the first anchor, or the solution before."""
        anchors = self._asked.space.anchors
        before = self._solution() if stage == NETWORKS else None
        return {
            **self._start,
            **(anchors[0] if anchors else {}),
            **(before.point if before else {}),
        }

    def _solution(self) -> Evaluation | None:
        """The solution that networks go on from: of those that were refined, the most promising."""
        done = self._record.of_stage(COUNTS)
        if not refined_of(self._asked, COUNTS):
            return best(done)
        complete = [entry for entry in done if entry.status == COMPLETE]
        return max(complete, key=lambda entry: promising(self._asked, entry.point), default=None)

    def _points(
        self, stage: str, proposer: Proposer, done: Sequence[Evaluation], base: Point
    ) -> list[Point | None]:
        """The points of a batch; None stands for the preset itself."""
        anchors = [None, *starts(self._asked, stage, base)][len(done) :][:BATCH]
        proposed = proposer.propose(done, BATCH - len(anchors))
        return [*anchors, *({**base, **point} for point in proposed)]

    def _counted(self, trials: Sequence[Trial], done: Sequence[Evaluation]) -> list[Evaluation]:
        """Hold trials against the counted targets alone."""
        del done
        targets = counted_targets(self._asked.targets)
        return [_evaluation(trial, targets, self._counter) for trial in trials]

    def _tell(self, stage: str) -> None:
        done = self._record.of_stage(stage)
        self._listener(Told(stage, len(done), trials_of(self._asked, stage), best(done)))


def counted_targets(targets: Iterable[Target]) -> tuple[Target, ...]:
    """The targets that no network is needed for."""
    return tuple(target for target in targets if not needs_networks(target))


def stages_of(asked: Asked) -> list[str]:
    """The stages that a calibration has.

    Raises
    ------
    InputError
        None.
    """
    stages = [stage for stage in (COUNTS, NETWORKS) if trials_of(asked, stage)]
    if not stages:
        raise InputError("calibrate: no trials are left to do, with these targets and trials")
    return stages


def trials_of(asked: Asked, stage: str) -> int:
    """Trials that a stage has: none where it has nothing to move or to aim at."""
    aims = [target for target in asked.targets if target.weight > 0]
    if stage == COUNTS:
        useful = asked.space.stage(COUNTS) and any(counted_targets(aims))
        return asked.counts_trials + refined_of(asked, stage) if useful else 0
    if not any(needs_networks(target) for target in aims):
        return 0
    return asked.trials if asked.space.stage(NETWORKS) else min(asked.trials, UNSEARCHED)


def refined_of(asked: Asked, stage: str) -> int:
    """Trials of a stage that refine solutions of the others."""
    return REFINED if stage == COUNTS and asked.counts_trials and asked.refinement else 0


def proposer_of(asked: Asked, stage: str, base: Point) -> Proposer:
    """The search method of a stage."""
    begin = starts(asked, stage, base)
    if stage == COUNTS:
        solved = asked.space.stage(COUNTS, SOLVED)
        return DrawnProposer(solved, base, asked.search_seed, 1 + len(begin))
    return ModelProposer(asked.space.stage(stage), begin, asked.search_seed, 1 + len(begin))


def starts(asked: Asked, stage: str, base: Point) -> list[Point]:
    """Where a stage starts: its base, and the other anchors of the space around it."""
    anchors = asked.space.anchors[1:] if stage == NETWORKS else ()
    return [base, *({**base, **anchor} for anchor in anchors)]


def _evaluation(trial: Trial, targets: tuple[Target, ...], counter: Counter) -> Evaluation:
    courses = counter.courses(trial.candidate, scenarios_of(targets))
    met = fits(targets, courses)
    return Evaluation(trial.number, trial.stage, trial.point, loss(met), COMPLETE, "", met)
