"""The comparison as a whole: frames, counts, and files."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from paper_cohort import cohort

from synaprune.errors import InputError, RunError
from synaprune.paper import claims, compare, published_network
from synaprune.results.files import remove_unfinished


@pytest.fixture(scope="module")
def agreeing():
    return compare(*cohort(3).frames())


@pytest.fixture(scope="module")
def spoilt():
    run = cohort(3)
    run.set("als_standard", "untreated", "accuracy_percent", 10, 55.0)
    run.set("mdd", "ketamine_every_5", "alsfrs_r_proxy", 29, 40.0)
    run.set("als_standard", "untreated", "nfl_proxy", 29, 95.0)
    return compare(*run.frames())


CELLS = ["profile", "treatment", "readout", "published", "median", "lower_95", "upper_95", "rank",
         "inside_95", "n"]  # fmt: skip


def test_frames(agreeing):
    assert list(agreeing.table2.columns) == list(agreeing.table3.columns) == CELLS
    assert (len(agreeing.table2), len(agreeing.table3)) == (24, 130)
    assert len(agreeing.published_network) == 28_980
    assert list(agreeing.shares.columns) == [
        "column", "numbers", "share_inside", "lower", "upper", "in_range", "patients",
    ]  # fmt: skip
    assert list(agreeing.claims.columns) == [
        "claim", "section", "kind", "profile", "treatment", "quantity", "when", "published",
        "published_network", "estimate", "lower", "upper", "n", "verdict_published_network",
        "verdict_cohort", "against", "code", "statement", "rule", "note",
    ]  # fmt: skip
    assert agreeing.claims.claim.tolist() == claims().claim.tolist()
    assert list(agreeing.claim_parts.columns) == [
        "claim", "part", "published", "published_network", "holds_in_network", "estimate", "lower",
        "upper", "n", "direction_holds", "size_holds", "counts", "note",
    ]  # fmt: skip
    assert set(agreeing.claim_parts.claim) == set(agreeing.claims.claim)
    assert not agreeing.claim_parts.duplicated(["claim", "part"]).any()


def test_claims_show_their_first_part(agreeing):
    first = agreeing.claim_parts.drop_duplicates("claim").reset_index(drop=True)
    for column in ("published_network", "estimate", "lower", "upper", "n"):
        pd.testing.assert_series_equal(first[column], agreeing.claims[column])
    counted = agreeing.claim_parts.drop_duplicates("claim").counts
    assert counted.all()


def test_every_claim_holds_in_a_cohort_made_to_agree(agreeing):
    assert (agreeing.claims.verdict_cohort == "holds").all()


#: Claims of the paper that its own network does not bear out.
FAILING = {
    "nfl_rise", "riluzole_nfl_peak", "ketamine_late_symptomatic", "maintenance_best",
    "maintenance_limb_over_bulbar", "control_stable", "comorbid_depression_severe",
}  # fmt: skip


def test_the_published_network_has_a_verdict_of_its_own_and_the_code_says_why(agreeing, spoilt):
    by_claim = agreeing.claims.set_index("claim")
    alone = by_claim.verdict_published_network
    assert set(alone.index[alone == "does_not_hold"]) == FAILING
    assert alone["comorbid_prodrome"] == "direction_only"
    assert set(by_claim.index[by_claim.code != ""]) == {
        *FAILING, "comorbid_prodrome", "ketamine_early_structure",
    }  # fmt: skip
    assert spoilt.claims.verdict_published_network.tolist() == alone.tolist()


def test_the_published_network_among_copies_of_itself_is_a_tie_everywhere():
    result = compare(*published_network())
    assert (result.published_network["rank"] == 0.5).all()
    assert result.table3.inside_95.all()
    assert (result.claims.verdict_cohort == result.claims.verdict_published_network).all()
    assert result.outside.empty


def test_summary(agreeing):
    share = agreeing.summary["published_network"]
    assert agreeing.summary == {
        "patients": 3,
        "provisional": True,
        "provisional_below": 16,
        "chance": {"accuracy_percent": 25.0, "alsfrs_r_proxy": 12.0},
        "published_network": share,
        # The bands of this cohort are narrow: they hold a dead network that prints like Table 3.
        "table2": {"inside": 24, "dead_network": 5, "cells": 24},
        "table3": {"inside": 129, "dead_network": 16, "cells": 130},
        "table3_als": {"inside": 99, "dead_network": 16, "cells": 100},
        "claims": {
            "published_network": {"holds": 27, "direction_only": 1, "does_not_hold": 7},
            "cohort": {"holds": 35, "direction_only": 0, "does_not_hold": 0},
        },
        "contradicted": {"text": 8, "code": 9},
    }
    assert share["numbers"] == 28_980
    assert share["patients"] == 3
    assert share["share_inside"] == agreeing.published_network.inside_95.mean()


def test_counts_follow_the_misses(spoilt):
    assert spoilt.summary["table2"]["inside"] == 23
    assert spoilt.summary["table3"]["inside"] == 127
    assert spoilt.summary["claims"]["cohort"]["direction_only"] == 1
    row = spoilt.claims.set_index("claim").loc["collapse"]
    assert (row.verdict_cohort, row.verdict_published_network) == ("direction_only", "holds")
    assert row.estimate == 55
    assert row.note == "does not hold: accuracy at cycle 10"


@pytest.mark.parametrize(("patients", "provisional"), [(15, True), (16, False)])
def test_provisional_is_a_flag(patients, provisional):
    result = compare(*cohort(patients).frames())
    assert result.summary["provisional"] is provisional
    assert set(result.claims.verdict_cohort) == {"holds"}


def test_one_patient(tmp_path):
    result = compare(*cohort(1).frames())
    twin = result.claim_parts[result.claim_parts.note == "one patient: no interval"]
    assert twin.lower.isna().all()
    assert set(twin.claim) >= {"riluzole_delay", "mdd_ketamine", "maintenance_integrity"}
    assert (result.claims.n == 1).all()
    assert result.shares.in_range.isna().all()
    assert result.summary["published_network"]["in_range"] is None
    result.write(tmp_path)
    parts = json.loads((tmp_path / "tables/claim_parts.json").read_text("utf-8"))
    assert {part["lower"] for part in parts if part["claim"] == "riluzole_delay"} == {None}


def test_is_frozen(agreeing):
    with pytest.raises(AttributeError):
        agreeing.table2 = None


FILES = [
    "claim_parts.csv", "claim_parts.json", "claims.csv", "claims.json", "published_network.csv",
    "published_outside.csv", "published_outside.json", "published_shares.csv",
    "published_shares.json", "summary.json", "table2.csv", "table2.json", "table3.csv",
    "table3.json",
]  # fmt: skip


def test_writing_twice_gives_the_same_bytes(spoilt, tmp_path):
    spoilt.write(tmp_path / "a")
    first = {path.name: path.read_bytes() for path in (tmp_path / "a/tables").iterdir()}
    spoilt.write(tmp_path / "a")
    compare(*_shuffled()).write(tmp_path / "b")
    for folder in ("a", "b"):
        again = {path.name: path.read_bytes() for path in (tmp_path / folder / "tables").iterdir()}
        assert sorted(again) == FILES
        assert again == first


def _shuffled():
    run = cohort(3)
    run.set("als_standard", "untreated", "accuracy_percent", 10, 55.0)
    run.set("mdd", "ketamine_every_5", "alsfrs_r_proxy", 29, 40.0)
    run.set("als_standard", "untreated", "nfl_proxy", 29, 95.0)
    return [frame.sample(frac=1, random_state=3) for frame in run.frames()]


def test_files_say_the_same_as_the_frames(spoilt, tmp_path):
    spoilt.write(tmp_path)
    folder = tmp_path / "tables"
    text = (folder / "table3.csv").read_text("utf-8")
    assert text.splitlines()[0] == ",".join(CELLS)
    assert "\r" not in text
    cells = text.splitlines()[1].split(",")
    assert cells[:4] == ["als_standard", "untreated", "accuracy_percent", "24.5"]
    read = pd.read_csv(folder / "table3.csv")
    assert read["median"].to_numpy() == pytest.approx(spoilt.table3["median"], rel=1e-5)
    numbers = pd.read_csv(folder / "published_network.csv")
    assert list(numbers.columns) == list(spoilt.published_network.columns)
    assert numbers.published.to_numpy() == pytest.approx(
        spoilt.published_network.published, rel=1e-5, abs=1e-9
    )
    assert numbers.inside_95.tolist() == spoilt.published_network.inside_95.tolist()
    records = json.loads((folder / "claim_parts.json").read_text("utf-8"))
    assert [record["part"] for record in records] == spoilt.claim_parts.part.tolist()
    assert records[0]["direction_holds"] is None
    assert records[0]["size_holds"] is True
    assert json.loads((folder / "summary.json").read_text("utf-8")) == spoilt.summary


def test_a_file_in_the_way(agreeing, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="taken/tables: a file stands where a folder is needed"):
        agreeing.write(tmp_path / "taken")
    (tmp_path / "tables").write_text("")
    with pytest.raises(InputError, match="tables: a file stands where a folder is needed"):
        agreeing.write(tmp_path)


@pytest.mark.parametrize(
    ("number", "reason", "kind"),
    [(errno.ENOSPC, "No space left on device", RunError),
     (errno.EROFS, "Read-only file system", InputError)],
)  # fmt: skip
def test_what_cannot_be_written_is_one_line_and_leaves_nothing_half_written(
    agreeing, tmp_path, monkeypatch, number, reason, kind
):
    def failing(_):
        raise OSError(number, reason)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(kind) as error:
        agreeing.write(tmp_path)
    assert str(error.value) == f"{tmp_path}/tables: cannot be written ({reason})"
    assert list((tmp_path / "tables").iterdir()) == []


def test_what_a_killed_writer_leaves_is_known_as_unfinished(agreeing, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        agreeing.write(tmp_path)
    monkeypatch.undo()
    assert len(list((tmp_path / "tables").iterdir())) == 1
    remove_unfinished(tmp_path)
    assert list((tmp_path / "tables").iterdir()) == []


def interrupted(*_):
    raise KeyboardInterrupt


def test_needs_no_torch():
    code = "import sys, synaprune.paper, synaprune.cli.comparison; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
