"""The loss: flat inside, one at the edge, slow outside, and honest about what is not known yet."""

from math import log2

import pytest

from synaprune.calibration.targets.loss import loss, penalty, total_weight
from synaprune.calibration.targets.observed import Fit
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError


def met(residual: float, weight: float = 1.0) -> Fit:
    target = Target("x", "mdd", "u", "", "nfl_proxy", "final", 0.0, 0.0, 1.0, weight, "made up")
    return Fit(target, residual, residual, residual, residual)


def test_penalty_by_hand() -> None:
    shown = penalty([0.0, 0.5, 1.0, -1.0, 2.0, 10.0]).tolist()
    assert shown == pytest.approx([0.0, log2(1.0625), 1.0, 1.0, log2(17), log2(10_001)])


def test_loss_is_the_weighted_mean() -> None:
    assert loss([met(0.0, 3.0), met(1.0, 1.0)]) == 0.25
    assert loss([met(1.0, 2.0), met(50.0, 0.0)]) == 1.0


def test_one_number_that_cannot_be_met_does_not_rule() -> None:
    """Nine numbers brought from edge to value outweigh a tenth that goes from 10 to 20."""
    before = loss([met(10.0), *[met(1.0)] * 9])
    after = loss([met(20.0), *[met(0.0)] * 9])
    assert after < before


def test_what_is_known_bounds_the_loss_from_below() -> None:
    known, rest = [met(1.0), met(2.0)], [met(0.3), met(5.0)]
    weight = total_weight(fit.target for fit in known + rest)
    assert loss(known, weight) == pytest.approx((1 + log2(17)) / 4)
    assert loss(known, weight) <= loss(known + rest)


def test_targets_without_weight_are_refused() -> None:
    with pytest.raises(InputError, match=r"^targets: at least one needs a weight above 0$"):
        total_weight([met(1.0, 0.0).target])
