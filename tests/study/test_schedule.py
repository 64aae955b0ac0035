import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaprune.study import Dose, StudyError
from synaprune.study.schedule import dose_cycles, past_the_end, schedule


def dose(drug="ketamine", **timing):
    return Dose(**{"drug": drug, **{key.rstrip("_"): value for key, value in timing.items()}})


@pytest.mark.parametrize(
    ("timing", "cycles", "expected"),
    [
        ({}, 4, (0, 1, 2, 3)),
        ({"every": 5}, 12, (0, 5, 10)),
        ({"from_": 27}, 30, (27, 28, 29)),
        ({"from_": 2, "until": 6}, 30, (2, 3, 4, 5, 6)),
        ({"until": 2}, 30, (0, 1, 2)),
        ({"from_": 3, "every": 3}, 30, (3, 6, 9, 12, 15, 18, 21, 24, 27)),
        ({"from_": 5, "every": 5}, 30, (5, 10, 15, 20, 25)),
        ({"from_": 1, "until": 8, "every": 3}, 30, (1, 4, 7)),
        ({"from_": 4, "until": 4}, 30, (4,)),
        ({"from_": 0, "every": 1000}, 30, (0,)),
        ({"at": 7}, 30, (7,)),
        ({"at": [9, 0, 9, 4]}, 30, (0, 4, 9)),
        ({}, 1, (0,)),
    ],
)
def test_dose_cycles_by_hand(timing, cycles, expected):
    assert dose_cycles(dose(**timing), cycles) == expected


def test_entries_of_one_drug_unite_and_drugs_stay_apart():
    lines = [dose(at=[8, 2]), dose("riluzole", every=10), dose(from_=2, until=3)]
    assert schedule(lines, 30) == {"ketamine": (2, 3, 8), "riluzole": (0, 10, 20)}


def test_no_doses_is_untreated():
    assert schedule([], 30) == {}


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ({"at": 3, "every": 2}, "dose: at: cannot stand beside every"),
        ({"at": 3, "from_": 0, "until": 9}, "dose: at: cannot stand beside from and until"),
        ({"from_": 5, "until": 4}, "dose: until: must not be before from, cycle 5 (got 4)"),
        ({"at": []}, "dose: at: must not be empty"),
        ({"at": [1, True]}, "dose: at[1]: must be a whole number (got true)"),
        ({"at": -1}, "dose: at: must be a whole number from 0 to 999 (got -1)"),
        ({"every": 0}, "dose: every: must be a whole number from 1 to 1000 (got 0)"),
        ({"every": 2.0}, "dose: every: must be a whole number (got 2.0)"),
        ({"until": None}, "dose: until: must be a whole number (got null)"),
        ({"start": 1}, "dose: start: unknown key 'start'; "
                       "allowed: drug, from, until, every, at"),
    ],
)  # fmt: skip
def test_wrong_timing(timing, expected):
    with pytest.raises(StudyError) as caught:
        dose(**timing)
    assert str(caught.value) == expected


def test_past_the_end_names_explicit_cycles_only():
    assert list(past_the_end(dose(from_=3, every=3), 30)) == []
    assert list(past_the_end(dose(from_=30, until=31), 30)) == [(("from",), 30), (("until",), 31)]
    assert list(past_the_end(dose(at=[1, 30]), 30)) == [(("at", 1), 30)]
    assert list(past_the_end(dose(at=29), 30)) == []
    assert list(past_the_end(dose(at=30), 30)) == [(("at",), 30)]


cycle = st.integers(0, 60)
courses = st.builds(
    lambda start, extra, every: {"from_": start, "until": start + extra, "every": every},
    cycle, st.integers(0, 30), st.integers(1, 40),
)  # fmt: skip
lists = st.builds(lambda at: {"at": at}, st.lists(cycle, min_size=1, max_size=8))
lines = st.lists(
    st.builds(
        lambda drug, timing: dose(drug, **timing), st.sampled_from("abc"), st.one_of(courses, lists)
    ),
    max_size=6,
)


@given(lines, lines, st.integers(1, 50))
def test_schedules_unite(one, other, cycles):
    both = schedule([*one, *other], cycles)
    first, second = schedule(one, cycles), schedule(other, cycles)
    assert both.keys() == first.keys() | second.keys()
    for drug, days in both.items():
        assert set(days) == {*first.get(drug, ()), *second.get(drug, ())}
    assert both == schedule([*other, *one], cycles)


@given(lines, st.integers(1, 50))
def test_schedules_are_sorted_unique_and_within_the_course(doses, cycles):
    for days in schedule(doses, cycles).values():
        assert days
        assert list(days) == sorted(set(days))
        assert 0 <= days[0] <= days[-1] < cycles


@given(courses, st.integers(1, 100))
def test_a_course_is_what_its_words_say(timing, cycles):
    start, until, every = timing["from_"], timing["until"], timing["every"]
    expected = [t for t in range(cycles) if start <= t <= until and (t - start) % every == 0]
    assert list(dose_cycles(dose(**timing), cycles)) == expected


@given(lists, st.integers(1, 100))
def test_listed_cycles_are_those_listed(timing, cycles):
    assert set(dose_cycles(dose(**timing), cycles)) == {t for t in timing["at"] if t < cycles}
