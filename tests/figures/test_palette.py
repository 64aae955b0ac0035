"""Colour means treatment, and never works alone."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaprune.figures.end_labels import spread_out
from synaprune.figures.palette import TREATMENT_LOOKS, looks, treatment_of
from synaprune.figures.style import FAINT, INK
from synaprune.study import library
from synaprune.study.schedule import schedule


def contrast(one: str, two: str = "#ffffff") -> float:
    """Contrast of two colours (WCAG)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_by_hand():
    assert contrast("#000000") == 21
    assert contrast("#777777") == pytest.approx(4.48, abs=0.01)


def test_every_treatment_has_a_look_of_its_own():
    assert set(TREATMENT_LOOKS) == set(library.treatments())
    assert len({look.colour for look in TREATMENT_LOOKS.values()}) == 7
    assert len({look.marker for look in TREATMENT_LOOKS.values()}) == 7
    assert "D" not in {look.marker for look in TREATMENT_LOOKS.values()}


def test_lines_and_text_can_be_seen():
    assert all(contrast(look.colour) >= 3 for look in TREATMENT_LOOKS.values())
    assert contrast(INK) >= 4.5
    assert contrast(FAINT) >= 4.5


def test_an_arm_is_known_by_its_doses():
    doses = schedule(library.treatments()["ketamine_maintenance"].doses, 30)
    assert treatment_of(doses, 30) == "ketamine_maintenance"
    assert looks({"mine": doses}, 30)["mine"].colour == "#A0569A"
    both = doses | {"riluzole": tuple(range(30))}
    assert treatment_of(both, 30) is None
    assert looks({"both": both}, 30)["both"].colour == INK


def test_arms_are_told_apart():
    arms = {f"arm{number}": {"ketamine": (number,)} for number in range(1, 25)}
    arms |= {"none": {}, "none_again": {}}
    assert len(set(looks(arms, 30).values())) == len(arms)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.floats(0, 50), min_size=1, max_size=8), st.floats(1, 6))
def test_labels_never_overlap_and_keep_their_order(wanted, height):
    heights = [height] * len(wanted)
    placed = spread_out(wanted, heights, 0, 50)
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    for one, two in pairwise(order):
        assert placed[two] - placed[one] >= height - 1e-6
    if height * len(wanted) <= 50:
        assert min(placed) >= height / 2 - 1e-6
        assert max(placed) <= 50 - height / 2 + 1e-6
