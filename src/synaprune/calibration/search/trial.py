"""One trial: a candidate's courses, counted and simulated, held against the targets.

What counts connections is followed without networks; accuracy and NfL proxy come from blocks of
the engine, one study a profile with only the arms that some target needs. Nothing is written and
no run folder is touched: blocks come back as bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from synaprune.calibration.counts.counting import Counter, by_profile, counted_alone
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting
from synaprune.calibration.space.space import Point
from synaprune.calibration.targets.observed import Courses, Fit, Float, fits
from synaprune.calibration.targets.readable import READABLE
from synaprune.calibration.targets.target import Target, scenarios_of
from synaprune.engine.plan import plan
from synaprune.engine.pool import Pool
from synaprune.engine.work import Failed, Finished, Job
from synaprune.errors import RunError
from synaprune.model.cycle import choose_mechanisms
from synaprune.paper.scenarios import Scenario

#: How a trial ended: all of it was computed, it was hopeless, or it could not be computed.
COMPLETE, STOPPED, FAILED = "complete", "stopped", "failed"


@dataclass(frozen=True)
class Trial:
    """A point of the space to be tried.

    Attributes
    ----------
    number
        From 0, in the order of proposal.
    stage
        counts or networks.
    point
        Every parameter, solved ones included.
    candidate
        The model at that point.
    """

    number: int
    stage: str
    point: Point
    candidate: Candidate

    @property
    def prefix(self) -> str:
        """Tells blocks of this trial from those of others."""
        return f"t{self.number}."


@dataclass(frozen=True)
class Evaluation:
    """What became of a trial.

    Attributes
    ----------
    number, stage, point
        The trial's.
    loss
        See `synaprune.calibration.targets.loss`; of a stopped trial what it is at least, of a
        failed one NaN.
    status
        complete, stopped or failed.
    why
        Why it was stopped or failed, else empty.
    fits
        How the targets were met that were held against courses, in the order of the targets.
    """

    number: int
    stage: str
    point: Point
    loss: float
    status: str
    why: str
    fits: tuple[Fit, ...]


def needs_networks(target: Target) -> bool:
    """Whether a target reads what no counting gives."""
    return not counted_alone(target)


def network_scenarios(targets: Iterable[Target]) -> dict[str, tuple[str, ...]]:
    """Treatments by profile that must be simulated with networks."""
    return by_profile(scenarios_of(filter(needs_networks, targets)))


def jobs(trial: Trial, profile: str, treatments: Iterable[str], setting: Setting) -> list[Job]:
    """The blocks of one profile of a trial."""
    study = trial.candidate.study(
        [profile], treatments, setting, name=f"trial-{trial.number}", prefix=trial.prefix
    )
    mechanisms = choose_mechanisms(study.mechanisms)
    return [Job(study, block, mechanisms) for block in plan(study)]


def courses_of(trial: Trial, blocks: Iterable[Finished]) -> Courses:
    """Read all that targets may read out of a trial's blocks, patients in their order."""
    ordered = sorted(blocks, key=lambda block: block.name)
    tables = [pq.read_table(pa.BufferReader(block.content)) for block in ordered]
    frame = pa.concat_tables(tables).to_pandas()
    found: dict[Scenario, dict[str, Float]] = {}
    for (profile, arm), part in frame.groupby(["profile", "arm"], observed=True, sort=False):
        rows = part.sort_values(["patient", "cycle"])
        shape = rows["patient"].nunique(), rows["cycle"].nunique()
        found[Scenario(str(profile).removeprefix(trial.prefix), str(arm))] = {
            name: rows[name].to_numpy(dtype=np.float64).reshape(shape) for name in READABLE
        }
    return found


def joined(counted: Courses, simulated: Courses) -> Courses:
    """Counted readouts beside those of networks; where both exist the counted ones hold."""
    scenarios = dict.fromkeys([*counted, *simulated])
    return {s: {**simulated.get(s, {}), **counted.get(s, {})} for s in scenarios}


def evaluate(
    candidate: Candidate,
    targets: tuple[Target, ...],
    counter: Counter,
    pool: Pool,
    tell: Callable[[str], None] = lambda note: None,  # noqa: ARG005 - a listener that does nothing
) -> tuple[Fit, ...]:
    """Hold one candidate against all targets.

    Parameters
    ----------
    candidate
        The model.
    targets
        The targets.
    counter
        Follows counts; its setting holds for the networks as well.
    pool
        Computes blocks.
    tell
        Called now and then, as by the pool.

    Raises
    ------
    RunError
        A block failed.
    """
    courses = evaluated_courses(candidate, targets, counter, pool, tell)
    return fits(targets, courses)


def evaluated_courses(
    candidate: Candidate,
    targets: tuple[Target, ...],
    counter: Counter,
    pool: Pool,
    tell: Callable[[str], None] = lambda note: None,  # noqa: ARG005
) -> Courses:
    """The courses that `evaluate` holds against the targets."""
    networks = simulated(candidate, network_scenarios(targets), counter.setting, pool, tell)
    return joined(counter.courses(candidate, scenarios_of(targets)), networks)


def simulated(
    candidate: Candidate,
    wanted: Mapping[str, tuple[str, ...]],
    setting: Setting,
    pool: Pool,
    tell: Callable[[str], None] = lambda note: None,  # noqa: ARG005
) -> Courses:
    """Courses of a candidate with networks.

    Parameters
    ----------
    candidate
        The model.
    wanted
        Treatments by profile; none are no courses.
    setting
        Circuit, patients, seed.
    pool
        Computes blocks.
    tell
        Called now and then, as by the pool.

    Raises
    ------
    RunError
        A block failed.
    """
    trial = Trial(0, "", {}, candidate)
    blocks = [
        job
        for profile, treatments in wanted.items()
        for job in jobs(trial, profile, treatments, setting)
    ]
    finished = []
    with closing(pool.outcomes(blocks, tell)) as outcomes:
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                raise RunError("a block of the evaluation failed", [outcome.line])
            finished.append(outcome)
    return courses_of(trial, finished) if finished else {}
