"""The record of trials: read back equal, whole batches or nothing, the same bytes every time."""

import math
from pathlib import Path

import pytest
from small_calibration import small_preset, small_space

from synaprune.calibration.search.evaluations import Evaluations, best, read_evaluations
from synaprune.calibration.search.trial import COMPLETE, FAILED, STOPPED, Evaluation
from synaprune.calibration.targets.observed import Fit
from synaprune.calibration.targets.target import Target
from synaprune.errors import InputError

SPACE = small_space("flare_threshold")
POINT = SPACE.start(small_preset())
TARGETS = tuple(
    Target(name, "mdd", "u", "", "nfl_proxy", "final", 0.0, 0.0, 1.0, 1.0, "made up")
    for name in ("x", "y")
)


def entry(number: int, loss: float, status: str = COMPLETE, stage: str = "networks") -> Evaluation:
    met = tuple(Fit(target, loss, loss - 1, loss + 1, loss / 3) for target in TARGETS)
    why = "" if status == COMPLETE else "mdd, patient 1: not a finite number"
    return Evaluation(number, stage, POINT, loss, status, why, () if status == FAILED else met)


BATCHES = (
    [entry(0, 2.0, stage="counts"), entry(1, 0.5, stage="counts")],
    [entry(2, 1 / 3), entry(3, math.nan, FAILED), entry(4, 0.2, STOPPED), entry(5, 1 / 3)],
)


def record(folder: Path) -> Evaluations:
    found = Evaluations(folder, SPACE, TARGETS)
    found.open()
    return found


def kept(folder: Path) -> Evaluations:
    found = record(folder)
    for batch in BATCHES:
        found.keep(batch)
    return found


def test_what_is_kept_is_read_back_equal(tmp_path: Path) -> None:
    first, again = kept(tmp_path), record(tmp_path)
    assert repr(again.all) == repr(first.all)  # repr, because a failed trial's loss is no number
    assert [e.number for e in again.of_stage("networks")] == [2, 3, 4, 5]
    assert again.batches == 2


def test_the_best_is_complete_and_the_earliest_of_equals(tmp_path: Path) -> None:
    everything = kept(tmp_path).all
    assert best(everything, "networks").number == 2  # type: ignore[union-attr]
    assert best(everything, "counts").number == 1  # type: ignore[union-attr]
    assert best((), "counts") is None


def test_the_same_batches_are_the_same_bytes(tmp_path: Path) -> None:
    kept(tmp_path / "a")
    kept(tmp_path / "b")
    for path in (tmp_path / "a" / "evaluations").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "evaluations" / path.name).read_bytes()


def test_a_batch_without_its_second_file_does_not_count(tmp_path: Path) -> None:
    kept(tmp_path)
    (tmp_path / "evaluations" / "trials-00001.parquet").unlink()
    (tmp_path / "evaluations" / "x.parquet.1234.unfinished").write_bytes(b"half")
    again = record(tmp_path)
    assert [e.number for e in again.all] == [0, 1]
    assert not list((tmp_path / "evaluations").glob("*.unfinished"))
    again.keep(BATCHES[1])
    assert len(record(tmp_path).all) == 6


def test_a_damaged_file_and_a_gap_are_one_line(tmp_path: Path) -> None:
    kept(tmp_path)
    place = tmp_path / "evaluations"
    (place / "fits-00000.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"fits-00000\.parquet: cannot be read; begin"):
        record(tmp_path)
    (place / "trials-00000.parquet").unlink()
    with pytest.raises(InputError, match=r"trials-00000\.parquet is missing$"):
        record(tmp_path)


def test_frames_for_tables_and_figures(tmp_path: Path) -> None:
    kept(tmp_path)
    trials, fits = read_evaluations(tmp_path)
    assert list(trials.columns) == ["number", "stage", "loss", "status", "why", *POINT]
    assert list(fits.columns) == ["number", "target", "estimate", "lower", "upper", "residual"]
    assert len(trials) == 6
    assert len(fits) == 10
    with pytest.raises(InputError, match=r"no calibration with a finished batch of trials$"):
        read_evaluations(tmp_path / "none")
