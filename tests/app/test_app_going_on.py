"""Going on with runs that were left unfinished: with the very run, by whom, and in what folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from explorer import quick_study, wait_for_end

import synaprune
from synaprune.app import computing
from synaprune.app.computing import Computations, Standing
from synaprune.app.runs import RunFolders
from synaprune.errors import InputError
from synaprune.model.constants import NUMERICS_VERSION
from synaprune.results.manifest import NAME, Manifest, read_manifest, software_versions

STUDY = quick_study(patients=1, cycles=3, arms={"untreated": []})


def left_unfinished(folder: Path, written: float, study=STUDY, **changes) -> None:
    """Write a run that has begun and has no block yet, at a given time."""
    resolved = study.resolve()
    (folder / "blocks").mkdir(parents=True)
    (folder / "study.yaml").write_text(study.to_yaml())
    (folder / "resolved.yaml").write_text(resolved.to_yaml())
    given = {key: getattr(resolved, key) for key in ("name", "seed", "preset", "precision")}
    given |= {"device": "cpu", "study_sha256": resolved.sha256(),
              "numerics_version": NUMERICS_VERSION, "randomness_version": 1, "sparse_version": 1,
              "threads": 1, "planned_blocks": 1, "versions": software_versions()}  # fmt: skip
    Manifest(**(given | changes)).write(folder / NAME)
    os.utime(folder / NAME, (written, written))


@pytest.fixture
def waiting(monkeypatch):
    """Computations that begin and never end by themselves."""

    def begin(study, run, _):
        return SimpleNamespace(study=study, run=run, standing=Standing())

    monkeypatch.setattr(computing, "Computation", begin)


def test_going_on_computes_the_very_run(tmp_path):
    """Even where the same study stands unfinished in a newer folder."""
    synaprune.run(STUDY, tmp_path / "shown", workers=1)
    manifest = read_manifest(tmp_path / "shown")
    whole, manifest.blocks = manifest.blocks, {}
    manifest.write(tmp_path / "shown" / NAME)
    left_unfinished(tmp_path / "newer", 4e9)
    computations = Computations(RunFolders(tmp_path))
    assert computations.resume("shown") == "shown"
    wait_for_end(computations.get("shown"))
    assert computations.get("shown").standing == Standing("done", 1.0)
    assert read_manifest(tmp_path / "shown").blocks == whole
    assert read_manifest(tmp_path / "newer").blocks == {}
    assert len(list(tmp_path.iterdir())) == 2


def test_a_run_of_other_versions_says_what_differs_in_its_own_folder(tmp_path):
    left_unfinished(tmp_path / "old", 1e9, numerics_version=1)
    computations = Computations(RunFolders(tmp_path))
    computations.resume("old")
    wait_for_end(computations.get("old"))
    assert computations.get("old").standing.state == "failed"
    line = f"{tmp_path / 'old'}: was begun with numerics version 1, here is"
    assert line in computations.get("old").standing.message
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.usefixtures("waiting")
def test_going_on_keeps_to_the_limit_and_begins_nothing_twice(tmp_path):
    for run in ("one", "two", "three"):
        left_unfinished(tmp_path / run, 1e9)
    computations = Computations(RunFolders(tmp_path))
    assert [computations.resume(run) for run in ("one", "two")] == ["one", "two"]
    first = computations.get("one")
    with pytest.raises(InputError, match="2 runs are being computed already"):
        computations.resume("three")
    assert computations.resume("one") == "one"
    assert computations.get("one") is first
    first.standing = Standing("cancelling")
    with pytest.raises(InputError, match="run one: is being cancelled; try again in a moment"):
        computations.resume("one")


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_a_run_that_was_finished_elsewhere_is_not_hidden(tmp_path, state):
    left_unfinished(tmp_path / "run", 1e9)
    computations = Computations(RunFolders(tmp_path))
    computations.resume("run")
    computations.get("run").standing = Standing(state)
    assert computations.standing("run") == Standing(state)
    document = json.loads((tmp_path / "run" / NAME).read_text())
    document["blocks"] = {"all-00000000.parquet": "0"}
    (tmp_path / "run" / NAME).write_text(json.dumps(document))
    assert computations.standing("run") is None


@pytest.mark.parametrize("other", [{"numba": "0.1"}, {"synaprune": "0.0.1"}])
def test_a_question_is_not_asked_where_other_versions_began(tmp_path, other):
    folders = RunFolders(tmp_path)
    sha256 = STUDY.resolve().sha256()
    left_unfinished(tmp_path / "mine", 1e9)
    left_unfinished(tmp_path / "of_others", 4e9, versions=software_versions() | other)
    assert folders.place(STUDY.name, sha256) == "mine"
    (tmp_path / "mine" / NAME).unlink()
    assert not (tmp_path / folders.place(STUDY.name, sha256)).exists()
