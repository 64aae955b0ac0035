"""Effects in words: better, worse, unclear, negligible, and one patient."""

import numpy as np
import pandas as pd
import pytest

from synaprune.figures import Material
from synaprune.report.answers import ASKED, course_sentence, effect_sentence

SCORE, INTEGRITY, MOOD = ASKED


def material(readout: str, *differences: list[float], base: float = 20.0) -> Material:
    """Twins whose readout differs by the given amounts, one list a drug, at both of two cycles."""
    arms = {
        "untreated": [0.0] * len(differences[0]),
        **{f"drug_{letter}": by for letter, by in zip("ab", differences, strict=False)},
    }
    rows = [
        {"profile": "p", "arm": arm, "patient": patient, "cycle": cycle, "month": 1.5 * cycle,
         readout: base + difference}
        for arm, by in arms.items()
        for patient, difference in enumerate(by)
        for cycle in (0, 1)
    ]  # fmt: skip
    return Material(
        readouts=pd.DataFrame(rows), layers=pd.DataFrame(),
        patients=pd.DataFrame({"patient": range(len(differences[0]))}),
        arms={arm: {"ketamine": (1,)} if arm != "untreated" else {} for arm in arms},
        profiles={"p": "Profile"},
        cycles=2, name="n", seed=1, study_sha256="0" * 64,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("effect", "differences", "sentence"),
    [
        # Mean 6, sd 1, n 4: half width 3.1824 / 2 = 1.59.
        (INTEGRITY, [5.0, 5.5, 6.5, 7.0],
         "Drug a keeps 6.0 more points of motor integrity than no treatment in the same patients; "
         "95 % interval 4.5 to 7.5; 4 patients."),
        (INTEGRITY, [-5.0, -5.5, -6.5, -7.0],
         "Drug a leaves 6.0 fewer points of motor integrity than no treatment in the same "
         "patients; 95 % interval 4.5 to 7.5; 4 patients."),
        (MOOD, [-5.0, -5.5, -6.5, -7.0],
         "Drug a ends with 6.0 points less of depression (0 to 48) than no treatment in the same "
         "patients; 95 % interval 4.5 to 7.5; 4 patients."),
        (INTEGRITY, [-10.0, 0.0, 10.0, 20.0],
         "No treatment clearly improves motor integrity at the end; the best difference is "
         "+5 (−16 to 26), with drug a; 4 patients."),
        (SCORE, [0.10, 0.11, 0.12, 0.13],
         "No treatment improves the functional score (ALSFRS-R proxy) averaged over the course by "
         "more than 1 % of its range; the best difference is +0.12 (0.09 to 0.14), with "
         "drug a; 4 patients."),
        (INTEGRITY, [4.0],
         "Drug a keeps 4.0 more points of motor integrity than no treatment in the same patient; "
         "no interval from 1 patient."),
    ],
)  # fmt: skip
def test_effects(effect, differences, sentence):
    given = material(effect.measure.readout, differences)
    assert effect_sentence(given, "p", effect) == sentence


UNCLEAR, CLEAR = [-10.0, 0.0, 12.0, 30.0], [5.0, 5.5, 6.5, 7.0]
WORSE, SLIGHT = [-value for value in CLEAR], [0.1, 0.11, 0.12, 0.13]


@pytest.mark.parametrize(
    ("first", "second", "start"),
    [
        # A mean of 8 that may be chance does not hide a mean of 6 that is none.
        (UNCLEAR, CLEAR, "Drug b keeps 6.0 more points of motor integrity than no treatment"),
        (CLEAR, UNCLEAR, "Drug a keeps 6.0 more points of motor integrity than no treatment"),
        (CLEAR, [value + 1 for value in CLEAR], "Drug b keeps 7.0 more points"),
        (UNCLEAR, UNCLEAR, "No treatment clearly improves motor integrity at the end; the best "
                           "difference is +8 "),
        (UNCLEAR, WORSE, "No treatment clearly improves motor integrity at the end; the best "
                         "difference is +8 "),
        (UNCLEAR, SLIGHT, "No treatment clearly improves motor integrity at the end; the best "
                          "difference is +8 "),
        (WORSE, [value - 1 for value in WORSE], "Drug a leaves 6.0 fewer points"),
    ],
)  # fmt: skip
def test_of_two_treatments_the_best_clear_one_is_named(first, second, start):
    given = material("motor_integrity_percent", first, second)
    assert effect_sentence(given, "p", INTEGRITY).startswith(start)


def test_the_course_without_treatment():
    proxy, integrity = "alsfrs_r_proxy", "motor_integrity_percent"
    given = material(proxy, [0.0, 0.0, 0.0], base=40.0)
    frame = given.readouts.assign(**{integrity: 50.0 + 2.0 * given.readouts["patient"]})
    frame.loc[frame["cycle"] == 1, proxy] = 11.96
    fallen = Material(**{name: getattr(given, name) for name in Material.__dataclass_fields__
                         if name not in ("readouts", "_courses")}, readouts=frame)  # fmt: skip
    low, high = np.quantile([50, 52, 54], [0.025, 0.975])
    assert course_sentence(fallen, "p", "untreated") == (
        "Without treatment the functional score falls below half of its range at cycle 1 (month "
        "1.5) and ends at 12.0, where guessing would score 12.0; 52.0 % of motor integrity is "
        f"left (95 % of patients: {low:.1f} to {high:.1f} %)."
    )
