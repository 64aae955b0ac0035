"""What cannot be read below the runs folder is left out, and takes nothing else with it."""

from __future__ import annotations

import shutil

import pytest

from made_up_run import made_up_run, own_study
from synaprune.app import runs as module
from synaprune.app.opened import OpenRuns
from synaprune.app.runs import RunFolders
from synaprune.errors import InputError


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Three runs: one may not be read, one is removed between two looks."""
    for name in ("closed", "going", "paper"):
        made_up_run(tmp_path / name, own_study(arms={"untreated": []}, patients=1))
    really = module.is_begun

    def is_begun(folder):
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        found = really(folder)
        if folder.name == "going":
            shutil.rmtree(folder)
        return found

    monkeypatch.setattr(module, "is_begun", is_begun)
    return RunFolders(tmp_path)


def test_the_list_leaves_out_what_cannot_be_read(folders):
    assert [entry.id for entry in folders.listed()] == ["paper"]


def test_opening_what_cannot_be_read_is_one_line(folders):
    with pytest.raises(InputError, match=r"^run closed: cannot be read \(Permission denied\)$"):
        folders.manifest("closed")
    assert not folders.is_complete("closed")
    with pytest.raises(InputError, match=r"going: cannot be read \(No such file or directory\)$"):
        OpenRuns(folders).get("going")


def test_a_runs_folder_that_goes_is_empty(tmp_path):
    (tmp_path / "runs").mkdir()
    folders = RunFolders(tmp_path / "runs")
    (tmp_path / "runs").rmdir()
    assert folders.listed() == []


def test_a_runs_folder_that_cannot_be_used_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"^--runs .*file: is a file; give a folder$"):
        RunFolders(tmp_path / "file")

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "iterdir", refuse)
    with pytest.raises(InputError, match=r"^--runs .*: cannot be read \(Permission denied\)$"):
        RunFolders(tmp_path)
