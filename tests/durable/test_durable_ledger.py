"""How often the manifest is written: after each block, unless that would cost too much."""

import json
import os

import pytest
from durable_runs import files, quick_study, workers_of

import synaprune
from synaprune.errors import InputError
from synaprune.results.ledger import SHARE, Ledger
from synaprune.results.manifest import Manifest, read_manifest


class Clock:
    """Time that passes only when it is told to."""

    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(tmp_path, clock):
    """A ledger whose manifest takes a second to write for every 1,000 blocks."""
    (tmp_path / "blocks").mkdir()

    class Slow(Manifest):
        written = 0

        def write(self, path):
            clock.now += len(self.blocks) / 1000
            Slow.written += 1

    manifest = Slow(
        "x", 1, "published", "float32", "cpu", "0" * 64, 1, 1, 1, 1, planned_blocks=100_000
    )
    return Ledger(tmp_path, tmp_path / "manifest.json", manifest, clock=clock)


def test_writing_manifests_stays_a_small_share_of_very_many_blocks(ledger, clock, monkeypatch):
    monkeypatch.setattr("synaprune.results.ledger.write_atomically", lambda path, content: "")
    for number in range(100_000):
        clock.now += 2.0
        ledger.keep(f"b{number}", b"", "")
    computing = 200_000.0
    assert clock.now - computing <= 1.01 * SHARE * clock.now
    assert ledger.manifest.written > 20


def test_it_is_written_after_each_block_where_that_is_cheap(ledger, clock):
    for number in range(20):
        clock.now += 10.0
        ledger.keep(f"b{number}", b"content", "hash")
        assert ledger.manifest.written == number + 1
    ledger.flush()
    assert ledger.manifest.written == 20, "it was not behind"


@pytest.mark.parametrize("workers", [1, 2])
def test_it_is_written_at_the_end_however_that_comes(tmp_path, monkeypatch, workers):
    monkeypatch.setattr("synaprune.results.ledger.SHARE", -1.0)
    folder = tmp_path / "run"

    def stop(event):
        if event.blocks == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synaprune.run(quick_study(), folder, workers=workers, on_progress=stop)
    assert workers_of(os.getsid(0), parent=os.getpid()) == []
    assert len(read_manifest(folder).blocks) == 3
    assert json.loads((folder / "manifest.json").read_text())["status"] == "incomplete"
    assert not [name for name in files(folder) if name.endswith(".unfinished")]
    synaprune.run(quick_study(), folder, workers=1, resume=True)
    assert read_manifest(folder).complete


def test_a_run_without_a_finished_block_is_said(tmp_path):
    def stop(event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synaprune.run(quick_study(), tmp_path / "run", workers=1, on_progress=stop)
    results = synaprune.load_run(tmp_path / "run", partial=True)
    for read in (results.to_frame, results.patients, lambda: results.to_frame("layers")):
        with pytest.raises(InputError, match="run: no block of the run is finished yet"):
            read()
