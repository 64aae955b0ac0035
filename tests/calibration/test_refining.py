"""A refined solution promises more targets met on patients who were not looked at."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_calibration import small_asked, small_preset, small_setting, small_space

from synaprune.calibration.calibrate import calibrate
from synaprune.calibration.counts.counting import Counter
from synaprune.calibration.counts.refining import chance, promise, refine
from synaprune.calibration.search.evaluations import read_evaluations
from synaprune.calibration.search.proposed import promising
from synaprune.calibration.search.search import REFINED
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.targets.observed import observe
from synaprune.calibration.targets.target import Target, scenarios_of

SPACE = small_space("pruning_slope", "regrowth_share")
COUNTER = Counter.of(small_setting(seed=5))
RATE = "als_standard_rate_bulbar"


def target(name: str, when: str, value: float, tolerance: float = 0.05) -> Target:
    return Target(name, "als_standard", "untreated", "", "bulbar_score", when, value, value,
                  tolerance, 1.0, "made up")  # fmt: skip


def promised(targets: tuple[Target, ...], values: dict[str, float]) -> float:
    candidate = Candidate(SPACE.apply(small_preset(), values).preset)
    return promise(targets, COUNTER.courses(candidate, scenarios_of(targets)))


@pytest.mark.parametrize("share", [0.3, 0.45, 0.5, 0.55, 0.7])
def test_the_chance_is_how_often_medians_of_drawn_patients_are_within(share: float) -> None:
    """4000 draws with replacement of 64 patients: a standard error of 0.008, five allowed.

    The normal form of the binomial is off by up to 0.07 where a share is near one half, for half a
    patient more or less decides.
    """
    draws = np.random.default_rng(1)
    shown = np.where(np.arange(1000) < 1000 * share, 0.0, 1.0) + 0.001 * draws.random(1000)
    held = target("x", "final", 0.0, 0.5)
    medians = np.median(draws.choice(shown, (4000, 64)), axis=1)
    often = float(np.mean(np.abs(medians) <= 0.5))
    assert chance(held, shown) == pytest.approx(often, abs=0.07 + 5 * 0.008)


def test_a_target_open_to_one_side_is_met_beyond_it() -> None:
    held = replace(target("x", "final", 2.0), high=float("inf"))
    assert chance(held, np.array([5.0, 6.0, 900.0])) == pytest.approx(1.0)
    assert chance(held, np.array([1.0, 1.5, 900.0])) < 0.01


def test_a_single_number_is_also_met_inside_the_patients_band() -> None:
    """4000 draws of 64 patients: their 95 % band holds the number, and 5 % of them are near it."""
    draws = np.random.default_rng(2)
    shown = draws.normal(0.0, 1.0, 4000)
    for value in (1.2, 1.8, 2.2):
        held = target("x", "final", value, 0.4)
        drawn = draws.choice(shown, (4000, 64))
        low, high = np.quantile(drawn, [0.025, 0.975], axis=1)
        near = (np.abs(drawn - value) <= 0.4).mean(axis=1) >= 0.05
        often = float(np.mean((low <= value) & (value <= high) & near))
        # of two conditions the less likely one is taken, and quantiles lie between patients
        assert chance(held, shown) == pytest.approx(often, abs=0.2), value
        assert chance(replace(held, high=value + 0.01), shown) < 0.01


def test_it_climbs_and_stays_within_bounds() -> None:
    """Two of three targets can be met, where the nearest to all three would meet none."""
    start = SPACE.start(small_preset())
    courses = COUNTER.courses(Candidate(small_preset()), target("", "final", 0).scenarios)
    late = float(np.median(observe(target("", "cycle 5", 0), courses)))
    targets = (
        target("high", "cycle 5", late + 0.3, 0.15),
        target("higher", "cycle 5", late + 0.35, 0.15),
        target("low", "cycle 5", late - 0.8, 0.15),
    )
    found = refine(SPACE, small_preset(), start, COUNTER, targets, generations=30, seed=(1, 2))
    shown = COUNTER.courses(
        Candidate(SPACE.apply(small_preset(), found).preset), scenarios_of(targets)
    )
    high, higher, low = (chance(held, observe(held, shown)) for held in targets)
    assert promised(targets, found) > promised(targets, start)
    assert min(high, higher) > 0.9, (high, higher)
    assert low < 0.1
    for name, value in found.items():
        SPACE.by_name[name].check(value)


def test_the_same_seed_finds_the_same_and_no_generation_moves_nothing() -> None:
    start = SPACE.start(small_preset())
    targets = (target("x", "cycle 5", 2.0),)

    def found(generations: int, seed: int) -> dict[str, float]:
        return refine(SPACE, small_preset(), start, COUNTER, targets,
                      generations=generations, seed=(seed,))  # fmt: skip

    assert found(2, 1) == found(2, 1)
    assert found(2, 1) != found(2, 2)
    assert found(0, 1) == pytest.approx(start, rel=1e-5)
    assert refine(SPACE, small_preset(), start, COUNTER, (), generations=2, seed=(1,)) == {}


def test_a_calibration_refines_its_best_solution(tmp_path: Path) -> None:
    """Refined trials follow the counted ones: of the best of them, and of where they began."""
    targets = tuple(target(f"t{n}", f"cycle {n}", 0.5 * n - 0.5) for n in range(2, 8))
    asked = small_asked(targets, SPACE, counts_trials=4, trials=0, refinement=3)
    found = calibrate(asked, tmp_path, workers=1)
    trials, _ = read_evaluations(tmp_path)
    assert list(trials["stage"]) == ["counts"] * (4 + REFINED)
    names = [p.name for p in SPACE.parameters]
    values = [dict(row) for _, row in trials[names].iterrows()]
    best = trials[:4].loc[trials[:4]["loss"].idxmin(), names].to_dict()
    for begin, end in ((best, values[4]), (values[0], values[5])):
        assert promised(targets, end) >= promised(targets, begin) - 1e-9
    assert values[4] != values[5]
    assert dict(found.point)[RATE] in list(trials[RATE])


def test_networks_go_on_from_the_most_promising_solution(tmp_path: Path) -> None:
    counted = tuple(target(f"t{n}", f"cycle {n}", 0.5 * n - 0.5) for n in range(2, 8))
    shown = Target("a", "als_standard", "untreated", "", "accuracy_percent", "final", 90, 90, 4, 1,
                   "made up")  # fmt: skip
    space = small_space("pruning_slope", "regrowth_share", "corruption_sd")
    asked = small_asked((*counted, shown), space, counts_trials=4, trials=2, refinement=3)
    calibrate(asked, tmp_path, workers=1)
    trials, _ = read_evaluations(tmp_path)
    names = [p.name for p in space.parameters]
    points = [dict(row) for _, row in trials[names].iterrows()]
    promises = [promising(asked, point) for point in points[: 4 + REFINED]]
    assert points[4 + REFINED + 1] == points[int(np.argmax(promises))]
