"""Twin effects: means and intervals by hand, and a rule for chance whose error rate is checked."""

from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats

from synaprune.calibration.findings.twin_effects import (
    stated_effects,
    table3_effects,
    twin_effects,
    unrelated,
)
from synaprune.calibration.targets.target import Target
from synaprune.paper.scenarios import Scenario

WHERE = {"profile": "mdd", "treatment": "ketamine_every_5", "minus": "untreated"}


def effect(low: float, high: float | None = None, **changes: object) -> Target:
    keys: dict[str, object] = WHERE | {
        "name": "e", "readout": "depression_score", "when": "final", "low": low,
        "high": low if high is None else high, "tolerance": 1.0, "weight": 0.0, "source": "here",
    }  # fmt: skip
    return Target(**(keys | changes))


def courses(treated, untreated, readout="depression_score"):
    def course(end):
        return {readout: np.column_stack([np.zeros(len(end)), np.asarray(end, float)])}

    return {
        Scenario("mdd", "ketamine_every_5"): course(treated),
        Scenario("mdd", "untreated"): course(untreated),
    }


def only(table):
    (row,) = table.to_dict(orient="records")
    return row


def test_table_3_implies_seventy_differences():
    effects = {e.name: e for e in table3_effects()}
    assert len(effects) == 70
    assert effects["als_standard.ketamine_maintenance.motor_integrity_percent.effect"].low == 9.1
    assert effects["mdd.ketamine_every_5.depression_score.effect"].high == -13.5
    assert effects["als_mdd.ketamine_every_5.nfl_proxy.effect"].low == -15.9
    assert {e.minus for e in effects.values()} == {"untreated"}


def test_a_claim_that_says_what_the_table_says_is_not_counted_twice():
    same = effect(-13.5, name="claim")
    wider = effect(-14.0, -13.0, name="other")
    between = effect(1.0, name="between", minus_profile="control")
    plain = effect(1.0, name="plain", minus="")
    names = [e.name for e in stated_effects([same, wider, between, plain])]
    assert len(names) == 71
    assert names[-1] == "other"


def test_a_difference_between_twins_by_hand():
    row = only(twin_effects(courses([3, 6, 9], [2, 4, 6]), [effect(2.0)]))
    half = stats.t.ppf(0.975, 2) / sqrt(3)
    assert (row["mean"], row["n"]) == (2.0, 3)
    assert (row["lower"], row["upper"]) == pytest.approx((2 - half, 2 + half))
    assert row["sd_twins"] == pytest.approx(1.0)
    assert row["sd_unrelated"] == pytest.approx(sqrt(9 + 4))
    # Pairs of untreated patients differ by 2 (four ways) and 4 (two ways).
    assert row["chance_limit"] == pytest.approx(np.quantile([2, 2, 2, 2, 4, 4], 0.95))
    # Treated minus another untreated patient: -1, -3, 4, 0, 7, 5.
    assert row["same_sign"] == pytest.approx(3 / 6)
    assert row["told"] is False
    assert row["agrees"] is True


def test_no_patient_is_compared_with_itself():
    assert unrelated(np.array([10.0, 20.0, 30.0]), np.array([1.0, 2.0, 3.0])).tolist() == [
        8.0, 7.0, 19.0, 17.0, 29.0, 28.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-5.0, -5.0, True),
        (3.0, 3.0, False),
        (3.0, 9.0, False),  # what is nearest to no effect decides
        (5.0, 9.0, True),
        (-9.0, 9.0, False),
    ],
)
def test_a_difference_is_told_from_chance_beyond_what_untreated_pairs_show(low, high, told):
    row = only(twin_effects(courses([0, 0, 0], [2, 4, 6]), [effect(low, high)]))
    assert row["told"] is told


def test_a_direction_without_a_size_is_not_judged():
    row = only(twin_effects(courses([3, 6], [2, 4]), [effect(0.5, inf)]))
    assert row["told"] is None
    assert row["agrees"] is True
    row = only(twin_effects(courses([3, 6], [2, 4]), [effect(-inf, -9.0)]))
    assert row["agrees"] is False


def test_one_patient_has_no_spread():
    row = only(twin_effects(courses([3], [2]), [effect(1.0)]))
    assert row["mean"] == 1.0
    assert np.isnan([row[k] for k in ("lower", "sd_twins", "chance_limit", "same_sign")]).all()
    assert row["told"] is None
    assert row["agrees"] is None


def test_without_an_effect_chance_is_told_in_about_one_of_twenty():
    rng = np.random.default_rng(11)
    told = 0
    for _ in range(400):
        people = rng.normal(50, 3, size=40)
        published = float(np.subtract(*rng.normal(50, 3, size=2)))
        told += bool(only(twin_effects(courses(people, people), [effect(published)]))["told"])
    # Binomial with p = 0.05 and some more for a limit that is estimated: 5 sd above.
    assert 5 <= told <= 45


def test_what_a_run_lacks_is_left_out():
    found = twin_effects(courses([3, 4], [2, 4]), table3_effects())
    assert found["readout"].tolist() == ["depression_score"]


def test_other_moments_are_read():
    course = courses([3, 6], [2, 4])
    row = only(twin_effects(course, [effect(0.0, when="mean 0-1")]))
    assert row["mean"] == pytest.approx(0.75)
