"""Arms are computed once as long as their drugs have done the same."""

import numpy as np

from synaprune.engine import block as blocks
from synaprune.engine.history import leaders
from synaprune.engine.plan import Block
from synaprune.model.cycle import choose_mechanisms
from synaprune.model.treatment import course
from synaprune.study import library, paper_study


def test_the_paper_arms_split_at_their_first_dose():
    study = paper_study(1, 1).resolve()
    names = list(study.arms)
    courses = [course(doses, study.drugs, 30, 0.05) for doses in study.arms.values()]
    lead = leaders(courses)
    first = {"untreated": 0, "ketamine_every_5": 5, "ketamine_early": 2, "ketamine_late": 15,
             "ketamine_maintenance": 3, "riluzole_continuous": 0, "riluzole_early": 2}  # fmt: skip
    for number, name in enumerate(names):
        alone = np.flatnonzero(lead[number] == number)
        shared = np.flatnonzero(lead[number] != number)
        if name != "untreated":
            assert alone[0] == first[name], name
        assert (shared < first[name]).all() or name == "untreated"
    computed = sum(len(np.unique(lead[:, cycle])) for cycle in range(30))
    assert computed == 183  # of 7 x 30 = 210


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
