"""A batch with networks: hopeless trials end early, failures keep their line."""

import math
from collections.abc import Callable, Generator, Iterable
from math import inf

import pytest
from small_calibration import ARMS, READ, small_asked, small_preset, small_setting, small_space

from synaprune.calibration.search.rounds import BEFORE_STOPPING, Rounds, bar
from synaprune.calibration.search.trial import (
    COMPLETE,
    FAILED,
    STOPPED,
    Evaluation,
    Trial,
    needs_networks,
)
from synaprune.calibration.targets.loss import loss, total_weight
from synaprune.calibration.targets.target import Target
from synaprune.engine.here import Here
from synaprune.engine.work import Failed, Job, Outcome

SPACE = small_space("flare_threshold")
PROFILES = ("als_standard", "mdd")


def targets(value: float) -> tuple[Target, ...]:
    return tuple(
        Target(f"{profile}.{readout}.{when}", profile, "untreated", "", readout, when, value, value,
               tolerance, 1.0, "made up")
        for profile in PROFILES
        for readout, when, tolerance in READ
    )  # fmt: skip


class Watched:
    """A pool that keeps what it is asked for; some profiles fail."""

    def __init__(self, failing: str = "") -> None:
        self.asked: list[str] = []
        self._failing = failing

    def outcomes(
        self, jobs: Iterable[Job], tell: Callable[[str], None]
    ) -> Generator[Outcome, None, None]:
        for job in sorted(jobs, key=lambda job: job.block.name, reverse=True):
            self.asked.append(job.block.profile)
            if job.block.profile.endswith(self._failing or "none"):
                yield Failed(f"{job.block.profile}, patient 1, arm untreated, cycle 2, layer "
                             "bulbar: not a finite number")  # fmt: skip
            else:
                yield from Here().outcomes([job], tell)

    def under_way(self) -> int:
        return 0


def ended(losses: Iterable[float]) -> list[Evaluation]:
    return [Evaluation(n, "networks", {}, x, COMPLETE, "", ()) for n, x in enumerate(losses)]


def rounds(value: float, pool: Watched) -> Rounds:
    asked = small_asked(targets(value), SPACE)
    return Rounds(asked, pool, asked.counter)


def trials(*numbers: int) -> list[Trial]:
    return [
        Trial(number, "networks", {}, SPACE.apply(small_preset(), {})) for number in numbers
    ]  # fmt: skip


def test_the_bar_is_the_worst_of_the_best_fifth() -> None:
    assert bar(ended(range(BEFORE_STOPPING - 1))) == inf
    assert bar(ended(range(BEFORE_STOPPING))) == 1.0
    assert bar(ended([9.0] * 9 + [3.0, 1.0, 2.0])) == 3.0
    failed = [Evaluation(0, "networks", {}, math.nan, FAILED, "x", ())] * 5
    assert bar([*failed, *ended(range(BEFORE_STOPPING))]) == 1.0


def test_a_trial_that_counts_badly_enough_is_stopped_without_a_network() -> None:
    pool = Watched()
    (entry,) = rounds(1e4, pool).compute(trials(30), ended([0.0] * 20))
    assert pool.asked == []
    assert entry.status == STOPPED
    assert entry.why == f"its loss is at least {entry.loss:.3f}, above 0.000"
    assert not any(needs_networks(fit.target) for fit in entry.fits)
    everything = total_weight(targets(1e4))
    assert entry.loss == pytest.approx(loss(entry.fits, everything))


def test_a_trial_is_stopped_after_the_first_profile_where_that_decides() -> None:
    """The bar stands between what counts show and what the first profile shows."""
    pool = Watched()
    (counted,) = rounds(60.0, pool).compute(trials(1), ended([0.0] * 20))
    (entry,) = rounds(60.0, pool).compute(trials(2), ended([counted.loss + 1e-6] * 20))
    assert pool.asked == ["t2.als_standard"]
    assert entry.status == STOPPED
    assert entry.loss > counted.loss
    assert {fit.target.profile for fit in entry.fits if needs_networks(fit.target)} == {
        "als_standard"
    }


def test_trials_of_a_batch_run_in_rounds_and_do_not_mix() -> None:
    pool = Watched()
    one, two = rounds(60.0, pool).compute(trials(1, 2), [])
    assert pool.asked == ["t2.als_standard", "t1.als_standard", "t2.mdd", "t1.mdd"]
    assert one.status == two.status == COMPLETE
    assert one.fits == two.fits
    assert len(one.fits) == len(targets(60.0))
    assert one.loss == pytest.approx(loss(one.fits))


def test_a_block_that_fails_is_a_failed_trial_with_its_line_and_the_others_go_on() -> None:
    pool = Watched(failing="t1.als_standard")
    one, two = rounds(60.0, pool).compute(trials(1, 2), [])
    assert (one.status, one.fits) == (FAILED, ())
    assert math.isnan(one.loss)
    assert one.why == (
        "als_standard, patient 1, arm untreated, cycle 2, layer bulbar: not a finite number"
    )
    assert "t1.mdd" not in pool.asked
    assert two.status == COMPLETE


def test_a_block_that_fails_in_the_last_round_is_a_failed_trial_too() -> None:
    (entry,) = rounds(60.0, Watched(failing="mdd")).compute(trials(1), [])
    assert entry.status == FAILED
    assert entry.why.startswith("mdd, patient 1")


def test_arms_that_no_network_target_needs_are_not_computed() -> None:
    setting = small_setting(seed=5)
    assert set(ARMS) < set(setting.arms) | {"ketamine"}
    asked = small_asked(targets(60.0), SPACE)
    from synaprune.calibration.search.trial import jobs, network_scenarios

    wanted = network_scenarios(asked.targets)
    assert wanted == dict.fromkeys(PROFILES, ("untreated",))
    (job,) = jobs(trials(1)[0], "mdd", wanted["mdd"], setting)
    assert list(job.study.arms) == ["untreated"]
    assert job.block.patients == range(4)
