"""Counts without networks equal the engine's, and base rates are found back from them."""

from dataclasses import replace

import numpy as np
import pytest
from small_calibration import ARMS, CONSTANTS, READ, small_preset, small_setting, small_space

from synaprune.calibration.counts.bookkeeping import COUNTED
from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.counts.solving import solve
from synaprune.calibration.search.asked import with_constants, with_forms
from synaprune.calibration.search.trial import Trial, courses_of, jobs
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.space import Space, paper_space
from synaprune.calibration.targets.observed import observe
from synaprune.calibration.targets.target import Target, scenarios_of
from synaprune.engine.here import Here
from synaprune.engine.work import Finished
from synaprune.errors import InputError
from synaprune.model.circuit import PAPER_UNITS
from synaprune.paper.scenarios import Scenario
from synaprune.study import library

RATES = ("prefrontal_limbic", "upper_motor", "lower_motor", "neuromuscular_junction", "bulbar",
         "respiratory", "fine_motor")  # fmt: skip


def early_flares() -> Candidate:
    """The forms of the text; layers flare within the few cycles."""
    return small_space("flare_threshold").apply(small_preset(), {"flare_threshold": 0.35})


def published() -> Candidate:
    """The published forms, with constants that differ by profile."""
    return Candidate(with_constants(library.presets()["published"], CONSTANTS))


@pytest.mark.parametrize("candidate", [early_flares(), published()], ids=["text", "published"])
@pytest.mark.parametrize("profile", ["mdd", "als_mdd"])
def test_counted_courses_are_those_of_the_engine_patient_by_patient(
    candidate: Candidate, profile: str
) -> None:
    setting = small_setting(seed=5)
    trial = Trial(7, "networks", {}, candidate)
    blocks = list(Here().outcomes(jobs(trial, profile, ARMS, setting), lambda note: None))
    assert [block.name for block in blocks if isinstance(block, Finished)] == [
        f"t7.{profile}-00000000.parquet"
    ]
    simulated = courses_of(trial, blocks)  # type: ignore[arg-type]
    counter = Counter.of(setting)
    assert counter.counts(candidate, profile, ARMS).flare.any() == (profile == "als_mdd")
    counted = counter.courses(candidate, [Scenario(profile, arm) for arm in ARMS])
    for scenario, readouts in counted.items():
        for name, course in readouts.items():
            assert course.shape == (setting.counted_patients, setting.cycles)
            np.testing.assert_allclose(course[:4], simulated[scenario][name], rtol=0, atol=1e-4)


def counted_targets(candidate: Candidate, counter: Counter, profile: str) -> tuple[Target, ...]:
    """What a candidate's counted medians are."""
    courses = counter.courses(candidate, [Scenario(profile, arm) for arm in ARMS])
    found = []
    for arm in ARMS:
        for readout, when, tolerance in READ:
            if readout in COUNTED:
                target = Target(f"{profile}.{arm}.{readout}.{when}", profile, arm, "", readout,
                                when, 0.0, 0.0, tolerance, 1.0, "made up")  # fmt: skip
                value = float(np.median(observe(target, courses)))
                found.append(replace(target, low=value, high=value))
    return tuple(found)


def test_rates_that_made_the_targets_are_found_back() -> None:
    """On the paper's circuit, whose steps are fine; targets fix every rate."""
    counter = Counter.of(replace(small_setting(seed=5), circuit=PAPER_UNITS))
    space = small_space("pruning_slope")
    truth = {f"als_standard_rate_{layer}": 0.04 + 0.008 * n for n, layer in enumerate(RATES)}
    targets = counted_targets(space.apply(small_preset(), truth), counter, "als_standard")
    found = solve(space, small_preset(), counter, targets, hold=["pruning_slope"])
    assert "pruning_slope" not in found
    shown = counter.courses(space.apply(small_preset(), found), targets[0].scenarios)
    assert abs(np.median(observe(targets[0], shown)) - targets[0].low) < 0.5
    for name, value in truth.items():
        assert found[name] == pytest.approx(value, rel=0.05), name


def test_constants_are_solved_with_the_rates() -> None:
    """Every counted target is met where constants and rates made it; 0.5 is half its tolerance."""
    counter = Counter.of(replace(small_setting(seed=5), circuit=PAPER_UNITS))
    space = small_space("pruning_slope", "regrowth_share", "flare_pruning")
    truth = {"pruning_slope": 0.08, "regrowth_share": 0.2, "als_standard_rate_bulbar": 0.05}
    targets = counted_targets(space.apply(small_preset(), truth), counter, "als_standard")
    found = solve(space, small_preset(), counter, targets)
    shown = counter.courses(space.apply(small_preset(), found), scenarios_of(targets))
    far = {t.name: abs(np.median(observe(t, shown)) - t.low) / t.tolerance for t in targets}
    assert max(far.values()) < 0.5, far


def test_profiles_are_solved_with_the_one_they_are_like() -> None:
    """Factors of bulbar onset multiply rates that are solved beside them."""
    counter = Counter.of(replace(small_setting(seed=5), circuit=PAPER_UNITS))
    names = [p for p in paper_space().stage("solved") if p.profiles[0] in
             ("als_standard", "als_bulbar")]  # fmt: skip
    space = Space(tuple(names))
    truth = {"als_standard_rate_bulbar": 0.05, "als_bulbar_factor_bulbar": 2.2,
             "als_bulbar_factor_lower_motor": 0.8}  # fmt: skip
    made = space.apply(small_preset(), truth)
    targets = (
        *counted_targets(made, counter, "als_bulbar"),
        *counted_targets(made, counter, "als_standard"),
    )
    found = solve(space, small_preset(), counter, targets)
    assert found["als_standard_rate_bulbar"] == pytest.approx(0.05, rel=0.05)
    assert found["als_bulbar_factor_bulbar"] == pytest.approx(2.2, rel=0.1)
    assert found["als_bulbar_factor_lower_motor"] == pytest.approx(0.8, rel=0.1)
    for name, value in found.items():
        assert space.by_name[name].low <= value <= space.by_name[name].high


def test_rates_stay_within_bounds_that_cannot_meet_the_targets() -> None:
    counter = Counter.of(small_setting(seed=5))
    space = small_space("pruning_slope")
    target = Target("all gone", "als_standard", "untreated", "", "bulbar_score", "cycle 2",
                    4.0, 4.0, 0.1, 1.0, "made up")  # fmt: skip
    found = solve(space, small_preset(), counter, [target])
    assert found["als_standard_rate_bulbar"] == pytest.approx(0.2, rel=0.01)
    assert found["als_standard_rate_upper_motor"] == pytest.approx(0.0667, rel=1e-3)


def test_targets_without_weight_or_of_other_profiles_move_nothing() -> None:
    counter = Counter.of(small_setting(seed=5))
    space = small_space("pruning_slope")
    target = Target("silent", "als_standard", "untreated", "", "bulbar_score", "final",
                    1.0, 1.0, 0.1, 0.0, "made up")  # fmt: skip
    assert solve(space, small_preset(), counter, [target]) == {}
    other = replace(target, profile="mdd", weight=1.0)
    start = space.start(small_preset())
    assert solve(space, small_preset(), counter, [other]) == pytest.approx(start, rel=1e-5)


def test_forms_that_cannot_be_counted_are_refused() -> None:
    preset = with_forms(small_preset(), ["regrowth=off"])
    with pytest.raises(InputError) as error:
        solve(paper_space(), preset, Counter.of(small_setting(5)), [])
    assert str(error.value) == (
        "form.regrowth: off cannot be calibrated: its counts are only known for the form "
        "published or text or saturating_penalty or dividing_penalty"
    )
