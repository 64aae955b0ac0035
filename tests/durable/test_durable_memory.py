"""Memory: a run holds a few blocks at a time, however many patients it has."""

import tracemalloc
from itertools import count

import pytest
from durable_runs import quick_study

import synaprune
from synaprune.engine import work
from synaprune.engine.here import Here
from synaprune.engine.plan import plan
from synaprune.engine.processes import processes


@pytest.fixture
def instant(monkeypatch):
    """Blocks that take no time: the same table again and again."""
    study = quick_study(patients=4, profiles=["als_standard"]).resolve()
    table = work.simulate_block(study, plan(study).block(0), _mechanisms(study))
    monkeypatch.setattr(work, "simulate_block", lambda *arguments: table)


def _mechanisms(study):
    from synaprune.model.cycle import choose_mechanisms

    return choose_mechanisms(study.mechanisms)


def peak(patients, folder):
    study = quick_study(patients=patients, profiles=["als_standard"])
    tracemalloc.start()
    try:
        synaprune.run(study, folder, workers=1)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_patients(instant, tmp_path):
    """A block's file is over 10 kB; its line in the manifest, and the text of that, under 2."""
    peak(40, tmp_path / "warm")
    few, many = peak(400, tmp_path / "few"), peak(2400, tmp_path / "many")
    assert (many - few) / 500 < 2_000


def test_a_plan_is_made_as_it_is_asked_for():
    blocks = plan(quick_study(patients=10_000_000).resolve())
    assert len(blocks) == 5_000_000
    assert blocks.block(4_999_999).patients == range(9_999_996, 10_000_000)
    tracemalloc.start()
    try:
        assert sum(1 for _, block in zip(range(10_000), blocks, strict=False)) == 10_000
        assert tracemalloc.get_traced_memory()[1] < 50_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_are_taken_when_there_is_somebody_for_them(workers):
    study = quick_study(patients=4000).resolve()
    mechanisms, taken = _mechanisms(study), count()
    drawn = [0]

    def jobs():
        for block in plan(study):
            drawn[0] = next(taken) + 1
            yield work.Job(study, block, mechanisms)

    if workers == 1:
        outcomes = Here().outcomes(jobs(), lambda note: None)
        next(outcomes)
        assert drawn[0] == 1
        outcomes.close()
        return
    with processes(workers) as pool:
        outcomes = pool.outcomes(jobs(), lambda note: None)
        for done in range(1, 5):
            next(outcomes)
            assert drawn[0] <= done + 2 * workers
        outcomes.close()
