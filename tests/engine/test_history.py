"""Arms are computed once as long as their drugs have done the same."""

import numpy as np
import pytest

from synaprune.engine import block as blocks
from synaprune.engine.history import leaders, stress_readers
from synaprune.engine.plan import Block
from synaprune.model.cycle import choose_mechanisms
from synaprune.model.treatment import course
from synaprune.study import library, paper_study


def test_the_paper_arms_split_where_their_doses_first_differ():
    study = paper_study(1, 1).resolve()
    names = list(study.arms)
    courses = [course(doses, study.drugs, 30, 0.05) for doses in study.arms.values()]
    lead = leaders(courses)
    first = {"untreated": 0, "ketamine_every_5": 5, "ketamine_early": 2, "ketamine_late": 15,
             "ketamine_maintenance": 3, "riluzole_continuous": 0, "riluzole_early": 15}  # fmt: skip
    for number, name in enumerate(names):
        alone = np.flatnonzero(lead[number] == number)
        shared = np.flatnonzero(lead[number] != number)
        if name != "untreated":
            assert alone[0] == first[name], name
        assert (shared < first[name]).all() or name == "untreated"
    computed = sum(len(np.unique(lead[:, cycle])) for cycle in range(30))
    assert computed == 170  # of 7 x 30 = 210


def test_a_leader_may_leave_and_the_others_go_on():
    drugs = library.drugs()
    doses = [{"ketamine": (1,)}, {"ketamine": (3,)}, {"riluzole": (3,)}]
    lead = leaders([course(given, drugs, 5, 0.05) for given in doses])
    assert lead.T.tolist() == [[0, 0, 0], [0, 1, 1], [0, 1, 1], [0, 1, 2], [0, 1, 2]]


def test_sharing_the_past_changes_no_number(make_study, monkeypatch):
    study = make_study(arms={"first": [{"drug": "ketamine", "at": 2}], "untreated": [],
                             "same": [], "late": [{"drug": "riluzole", "from": 5}]},
                       cycles=9).resolve()  # fmt: skip
    block, forms = Block(0, "als_standard", range(3)), choose_mechanisms(study.mechanisms)
    shared = blocks.simulate_block(study, block, forms)
    arms = np.repeat(np.arange(4)[:, None], 9, axis=1)
    monkeypatch.setattr(blocks, "leaders", lambda courses: arms)
    assert blocks.simulate_block(study, block, forms).equals(shared)


ARMS = {"untreated": [], "late": [{"drug": "ketamine", "at": 20}],
        "riluzole": "riluzole_continuous"}  # fmt: skip


def courses_of(arms, cycles=30):
    drugs = library.drugs()
    return [course(doses, drugs, cycles, 0.05) for doses in arms]


def test_stress_is_read_by_later_cycles_under_a_drug_that_guides():
    courses = courses_of([{}, {"ketamine": (2,)}, {"riluzole": (0, 1, 2)}], cycles=20)
    guidance = np.array([effects.guidance for effects in courses])
    readers = stress_readers(guidance, leaders(courses))
    # the untreated run carries the second arm until its dose; level 0.0625 at cycle 14 is its last
    assert np.flatnonzero(readers[0]).tolist() == [0, 1]
    assert np.flatnonzero(readers[1]).tolist() == list(range(2, 14))
    assert not readers[2].any()


@pytest.fixture
def simulate(make_study):
    def block(arms, **changes):
        study = make_study(arms=arms, **changes).resolve()
        forms = choose_mechanisms(study.mechanisms)
        found = blocks.simulate_block(study, Block(0, "als_standard", range(2)), forms)
        return found.to_pandas()

    return block


@pytest.mark.parametrize("preset", ["published", "from_text"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_stress_that_nobody_reads_changes_no_number(simulate, monkeypatch, preset, precision):
    left_out = simulate(ARMS, preset=preset, precision=precision)
    monkeypatch.setattr(blocks, "_is_known", lambda study: False)
    assert simulate(ARMS, preset=preset, precision=precision).equals(left_out)


@pytest.mark.parametrize("preset", ["published", "from_text"])
def test_an_arm_that_reads_stress_changes_no_other_arm(simulate, preset):
    beside, alone = simulate(ARMS, preset=preset), simulate({"untreated": []}, preset=preset)
    mine = beside[beside["arm"] == "untreated"].reset_index(drop=True)
    for name in alone.columns.drop("arm"):
        assert np.array_equal(mine[name], alone[name]), name
