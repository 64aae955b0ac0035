"""Arms of a patient are the same person until a drug acts; runs never depend on each other."""

import numpy as np
import pandas as pd
import pytest

from synaprune.engine import plan as planning
from synaprune.engine.simulate import run

PAPER_ARMS = {
    "untreated": "untreated",
    "late": [{"drug": "ketamine", "from": 9}],
    "riluzole": [{"drug": "riluzole", "from": 4, "until": 8}],
    "both": [{"drug": "riluzole", "at": 6}, {"drug": "ketamine", "at": 12}],
}
FIRST_DOSE = {"late": 9, "riluzole": 4, "both": 6}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    from tiny import tiny_study

    study = tiny_study(arms=PAPER_ARMS, cycles=16)
    return run(study, tmp_path_factory.mktemp("twins") / "run", workers=1)


def rows(frame, **chosen):
    for name, value in chosen.items():
        frame = frame[frame[name] == value]
    return frame.drop(columns=[name for name in chosen if name == "arm"]).reset_index(drop=True)


@pytest.mark.parametrize("table", ["readouts", "layers"])
@pytest.mark.parametrize("arm", FIRST_DOSE)
def test_treated_and_untreated_are_identical_bit_by_bit_until_the_first_dose(results, arm, table):
    frame = results.to_frame(table)
    before = frame[frame["cycle"] < FIRST_DOSE[arm]]
    pd.testing.assert_frame_equal(
        rows(before, arm=arm), rows(before, arm="untreated"), check_exact=True
    )
    after = frame[frame["cycle"] >= FIRST_DOSE[arm]]
    assert not rows(after, arm=arm).equals(rows(after, arm="untreated"))


def test_the_drug_shows_in_the_cycle_of_its_dose(results):
    frame = results.to_frame()
    for arm, dose in FIRST_DOSE.items():
        there = frame[frame["cycle"] == dose]
        treated, untreated = rows(there, arm=arm), rows(there, arm="untreated")
        assert (treated["excitotoxicity_load"] < untreated["excitotoxicity_load"]).all()


def test_different_patients_really_differ(results):
    frame = results.to_frame()
    final = frame[(frame["cycle"] == 5) & (frame["arm"] == "untreated")]
    for _, group in final.groupby("profile"):
        assert group["nfl_proxy"].nunique() == 3
        assert group["total_sparsity_percent"].nunique() > 1  # counts of a tiny circuit may meet
    patients = results.patients()
    assert (patients.filter(like="vulnerability_factor") == 1).all().all()  # published
    factors = patients.filter(like="base_rate_factor")
    assert len(factors.columns) == 8
    assert factors.nunique().eq(3).all()
    assert factors.to_numpy().min() >= 0.85
    assert factors.to_numpy().max() <= 1.15


def test_by_the_text_patients_differ_in_their_vulnerability_too(make_study, tmp_path):
    study = make_study(preset="from_text", arms={"u": []}, cycles=1, profiles=["mdd"])
    factors = run(study, tmp_path / "run", workers=1).patients().filter(like="factor")
    assert len(factors.columns) == 16
    assert factors.nunique().eq(3).all()
    assert factors.to_numpy().min() >= 0.85
    assert factors.to_numpy().max() <= 1.15


def test_a_patient_is_the_same_person_in_every_profile(results):
    assert len(results.patients()) == 3
    rate = "base_rate_factor/bulbar"
    for name, sha256 in results.manifest.blocks.items():
        from synaprune.results.blocks import read_block

        block = read_block(results.folder / "blocks" / name, sha256).to_pandas()
        mine = block.groupby("patient")[rate].first().to_numpy()
        assert np.array_equal(mine, results.patients()[rate].to_numpy())


def canonical(results):
    return results.to_frame(), results.to_frame("layers"), results.patients()


def assert_same(one, other):
    for mine, theirs in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(mine, theirs, check_exact=True)


def test_adding_a_patient_changes_no_other_run(make_study, results, tmp_path):
    more = run(make_study(arms=PAPER_ARMS, cycles=16, patients=6), tmp_path / "run", workers=1)
    kept = [frame[frame["patient"] < 3].reset_index(drop=True) for frame in canonical(more)]
    assert_same(kept, canonical(results))


def test_removing_and_reordering_arms_changes_no_other_run(make_study, results, tmp_path):
    fewer = {name: PAPER_ARMS[name] for name in ("both", "late")}
    less = run(make_study(arms=fewer, cycles=16), tmp_path / "run", workers=1)
    kept = [frame[frame["arm"].isin(fewer)].reset_index(drop=True) for frame in
            (results.to_frame(), results.to_frame("layers"))]  # fmt: skip
    assert_same([*kept, results.patients()], canonical(less))


def test_another_profile_changes_no_other_run(make_study, results, tmp_path):
    alone = run(make_study(arms=PAPER_ARMS, cycles=16, profiles=["mdd"]), tmp_path / "run",
                workers=1)  # fmt: skip
    kept = [frame[frame["profile"] == "mdd"].reset_index(drop=True) for frame in
            (results.to_frame(), results.to_frame("layers"))]  # fmt: skip
    assert_same([*kept, results.patients()], canonical(alone))


@pytest.mark.parametrize("size", [1, 3, 8])
def test_the_block_size_changes_nothing(make_study, results, tmp_path, monkeypatch, size):
    monkeypatch.setattr(planning, "BLOCK_PATIENTS", size)
    other = run(make_study(arms=PAPER_ARMS, cycles=16), tmp_path / "run", workers=1)
    assert len(other.manifest.blocks) == 2 * -(-3 // size)
    assert_same(canonical(other), canonical(results))


def test_two_workers_write_the_same_files_as_one(make_study, results, tmp_path):
    other = run(make_study(arms=PAPER_ARMS, cycles=16), tmp_path / "run", workers=2)
    assert other.manifest == results.manifest
    for path in sorted(results.folder.rglob("*")):
        if path.is_file():
            twin = other.folder / path.relative_to(results.folder)
            assert twin.read_bytes() == path.read_bytes(), path.name


def test_another_seed_gives_other_patients(make_study, results, tmp_path):
    other = run(make_study(arms=PAPER_ARMS, cycles=16, seed=8), tmp_path / "run", workers=1)
    mine, theirs = results.to_frame()["nfl_proxy"], other.to_frame()["nfl_proxy"]
    assert not np.isclose(mine, theirs, rtol=1e-12).any()


def test_seeds_that_agree_in_32_bits_give_other_patients(make_study, tmp_path):
    small = {"patients": 1, "profiles": ["als_standard"], "arms": {"untreated": []}, "cycles": 2}
    one = run(make_study(seed=7, **small), tmp_path / "one", workers=1)
    other = run(make_study(seed=7 + 2**32, **small), tmp_path / "other", workers=1)
    assert not np.isclose(one.to_frame()["nfl_proxy"], other.to_frame()["nfl_proxy"]).any()
