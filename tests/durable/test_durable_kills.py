"""Killed without warning, again and again: the files come out as if nothing had happened."""

import time

import numpy as np
import pytest
from durable_runs import files, kill_all, quick_study, start

import synaprune
from synaprune.results.manifest import read_manifest

KILLS = 12
BLOCKS = 12


@pytest.mark.slow
def test_twelve_kills_at_random_moments_change_no_byte(tmp_path):
    study = quick_study(patients=24, cycles=10)
    (tmp_path / "study.yaml").write_text(study.to_yaml())
    synaprune.run(study, tmp_path / "undisturbed", workers=1)
    whole = files(tmp_path / "undisturbed")
    assert len(_blocks(whole)) == BLOCKS
    seconds = _seconds_of_a_run(tmp_path)
    moments = np.random.default_rng(20)
    number, kills, partly = 0, 0, 0
    while kills < KILLS:
        folder = tmp_path / f"run{number}"
        had = len(_blocks(files(folder)))
        run = start("run", "study.yaml", "--out", folder, "--resume", "--workers",
                    int(moments.choice([1, 1, 2])), cwd=tmp_path)  # fmt: skip
        # the first half goes into starting Python, when little can be lost
        time.sleep(seconds * moments.uniform(0.4, 1.0))
        if run.poll() is None:
            kill_all(run)
            kills += 1
        run.communicate()
        _only_whole_files(folder, whole)
        partly += had < len(_blocks(files(folder))) < BLOCKS
        if folder.exists() and read_manifest(folder).complete:
            assert files(folder) == whole
            number += 1
    synaprune.run(study, folder, workers=1, resume=True)
    assert files(folder) == whole
    assert partly >= KILLS // 4, "too few kills struck while blocks were computed"


def _seconds_of_a_run(place):
    began = time.monotonic()
    start("run", "study.yaml", "--out", "timed", "--workers", 1, cwd=place).communicate()
    return time.monotonic() - began


def _blocks(found):
    return [name for name in found if name.startswith("blocks/") and name.endswith(".parquet")]


def _only_whole_files(folder, whole):
    """Whatever carries a finished file's name is finished, and no manifest lists more."""
    if not folder.exists():
        return
    found = files(folder)
    for name, content in found.items():
        if name != "manifest.json" and not name.endswith(".unfinished"):
            assert content == whole[name], name
    if "manifest.json" in found:
        for name in read_manifest(folder).blocks:
            assert f"blocks/{name}" in found
