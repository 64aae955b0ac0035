"""Going on with a run: the same bytes as never having stopped, or one line that says why not."""

import json
import re
from pathlib import Path

import pytest
from durable_runs import change_manifest, files, quick_study, without

import synaprune
from synaprune.engine import work
from synaprune.errors import InputError
from synaprune.model import registry
from synaprune.results.lock import claimed

LAST = "mdd-00000008"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The files of a run that was never disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    synaprune.run(quick_study(), folder, workers=1)
    return files(folder)


@pytest.fixture
def folder(whole, tmp_path):
    """A copy of the run, to be harmed."""
    folder = tmp_path / "run"
    for name, content in whole.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def resumed(folder, study=None, **options):
    """Go on; give the notes and the numbers of computed blocks."""
    seen = []
    options = {"workers": 1, "resume": True, "on_progress": seen.append} | options
    synaprune.run(study or quick_study(), folder, **options)
    return [event.note for event in seen if event.note], seen


@pytest.mark.parametrize("begin", ["missing", "empty", "leftover"])
def test_resuming_nothing_begins_a_run(whole, tmp_path, begin):
    folder = tmp_path / "run"
    if begin != "missing":
        folder.mkdir()
    if begin == "leftover":
        (folder / "manifest.json.1234abcd.unfinished").write_text("{")
    assert resumed(folder)[0] == []
    assert files(folder) == whole


def test_an_unfinished_run_is_gone_on_with(whole, folder):
    without(folder, LAST, "als_standard-00000004")
    (folder / "blocks" / f"{LAST}.parquet").write_bytes(b"half written by someone else")
    (folder / "blocks" / "als_standard-00000004.parquet.9.unfinished").write_bytes(b"half")
    (folder / "blocks" / "bipolar-00000000.parquet").write_bytes(b"of a run that was replaced")
    notes, seen = resumed(folder)
    assert notes == []
    assert (seen[0].blocks, seen[0].cycles) == (4, 12)
    assert files(folder) == whole


def test_only_what_is_missing_is_computed(folder, monkeypatch):
    without(folder, LAST)
    computed = []
    real = work.simulate_block
    monkeypatch.setattr(work, "simulate_block",
                        lambda study, block, *more: computed.append(block.name)
                        or real(study, block, *more))  # fmt: skip
    resumed(folder)
    assert computed == [LAST]
    resumed(folder)
    assert computed == [LAST], "a finished run needs nothing"


def test_a_run_stopped_at_its_very_beginning_is_gone_on_with(whole, folder):
    without(folder, *(Path(name).stem for name in whole if name.startswith("blocks")))
    for path in [*folder.glob("blocks/*"), folder / "study.yaml", folder / "resolved.yaml"]:
        path.unlink()
    (folder / "blocks").rmdir()
    resumed(folder)
    assert files(folder) == whole


@pytest.mark.parametrize("workers", [1, 2])
def test_damage_is_found_said_and_mended(whole, folder, workers):
    blocks = sorted((folder / "blocks").iterdir())
    blocks[0].write_bytes(blocks[0].read_bytes()[:-100])
    flipped = bytearray(blocks[3].read_bytes())
    flipped[len(flipped) // 2] ^= 1
    blocks[3].write_bytes(flipped)
    blocks[5].unlink()
    notes, seen = resumed(folder, workers=workers)
    assert notes == [
        "als_standard-00000000: damaged, computed again",
        "mdd-00000000: damaged, computed again",
        "mdd-00000008: missing, computed again",
    ]
    assert (seen[0].blocks, seen[-1].blocks) == (3, 6)
    assert files(folder) == whole


def test_progress_counts_what_was_done_and_never_goes_back(folder):
    without(folder, LAST)
    _, seen = resumed(folder)
    assert seen[0] == synaprune.Progress(cycles=15, all_cycles=18, blocks=5, all_blocks=6)
    assert seen[-1] == synaprune.Progress(cycles=18, all_cycles=18, blocks=6, all_blocks=6)
    assert [event.cycles for event in seen] == sorted(event.cycles for event in seen)


DIFFERENT = {
    "patients": ({"patients": 8}, "patients is 12 there, 8 here"),
    "seed": ({"seed": 8}, "seed is 7 there, 8 here"),
    "name": ({"name": "other"}, "name is 'tiny' there, 'other' here"),
    "an arm": ({"arms": {"untreated": [], "ketamine": [{"drug": "ketamine", "at": 2}]}},
               "arms.ketamine.ketamine[0] is 1 there, 2 here"),
    "one arm fewer": ({"arms": {"untreated": []}}, "arms.ketamine is there, not here"),
    "order": ({"profiles": ["mdd", "als_standard"]},
              "the order of profiles is als_standard, mdd there, mdd, als_standard here"),
    "a constant": ({"constants": {"samples": 41, "pretraining_steps": 1,
                                  "retraining_batch": 16}},
                   "constants.samples is 40 there, 41 here"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_another_study_is_refused_and_nothing_touched(whole, folder, name):
    changes, difference = DIFFERENT[name]
    with pytest.raises(InputError) as refused:
        resumed(folder, quick_study(**changes))
    assert str(refused.value) == f"{folder}: holds another study: {difference}"
    assert files(folder) == whole


OTHER = {
    "numerics": ({"numerics_version": 0}, "numerics version 0, here is "),
    "randomness": ({"randomness_version": 0}, "randomness version 0, here is "),
    "torch": ({"versions": {"torch": "1.0"}}, "torch 1.0, here is "),
    "numpy": ({"versions": {"numpy": "1.0"}}, "numpy 1.0, here is "),
}


@pytest.mark.parametrize("name", OTHER)
def test_other_numbers_are_refused(folder, name):
    changes, said = OTHER[name]
    change_manifest(folder, **changes)
    with pytest.raises(InputError, match=re.escape(f"{folder}: was begun with {said}")) as refused:
        resumed(folder)
    assert str(refused.value).endswith(
        ": other numbers; go on with that version, or begin anew"
    )  # fmt: skip


def test_what_cannot_change_much_is_noted_and_kept(folder):
    change_manifest(folder, cpu_model="Abacus 1", versions={"pandas": "0.1"})
    without(folder, LAST)
    notes, _ = resumed(folder)
    assert re.fullmatch(r"begun on Abacus 1, here is .+: last digits may differ", notes[0])
    assert re.fullmatch(r"begun with pandas 0\.1, here is .+", notes[1])
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["cpu_model"], manifest["versions"]["pandas"]) == ("Abacus 1", "0.1")
    assert manifest["status"] == "complete"


def test_a_mechanism_that_was_changed_is_refused(tmp_path, monkeypatch):
    """Blocks of two versions of a function must not stand in one run."""

    def version(factor):
        def fading(networks, context, constants, draws):
            networks.aggregate *= factor

        return fading

    own = ("clearance", "test_changed")
    folder = tmp_path / "run"
    monkeypatch.setitem(registry._registered, own, version(0.5))
    study = quick_study(mechanisms=dict([own]))
    synaprune.run(study, folder, workers=1)
    without(folder, LAST)
    monkeypatch.setitem(registry._registered, own, version(0.25))
    with pytest.raises(InputError) as refused:
        resumed(folder, study)
    assert str(refused.value) == (
        f"{folder}: the function of mechanism clearance.test_changed was changed since the run was "
        "begun; begin anew, or register the new one under a name of its own"
    )
    monkeypatch.setitem(registry._registered, own, version(0.5))
    assert resumed(folder, study)[0] == []


def test_another_cut_is_refused(folder, monkeypatch):
    from synaprune.engine import plan

    monkeypatch.setattr(plan, "BLOCK_PATIENTS", 3)
    with pytest.raises(InputError, match="is cut into 6 blocks there, 8 here; begin it anew"):
        resumed(folder)


def test_a_folder_that_is_no_run_is_left_alone(tmp_path):
    (tmp_path / "study.yaml").write_text("mine")
    with pytest.raises(InputError, match="is not empty and not a run"):
        resumed(tmp_path)
    assert files(tmp_path) == {"study.yaml": b"mine"}


def test_a_run_being_computed_is_left_alone(folder):
    with claimed(folder, shared=False), pytest.raises(InputError) as refused:
        resumed(folder)
    assert str(refused.value) == f"{folder}: another process is computing this run"
    assert resumed(folder)[0] == []


def test_overwriting_leaves_nothing_of_the_other_run(whole, tmp_path):
    folder = tmp_path / "run"
    other = quick_study(profiles=["als_limb"], patients=4)
    synaprune.run(other, folder, workers=1)
    for leftover in ("tables/table2.csv", "shards/1-of-2.json", "blocks/x.parquet.1.unfinished"):
        (folder / leftover).parent.mkdir(exist_ok=True)
        (folder / leftover).write_text("of the other run")
    synaprune.run(quick_study(), folder, workers=1, overwrite=True)
    assert files(folder) == whole


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("stop", range(9))
def test_overwriting_stopped_anywhere_can_be_gone_on_with(whole, folder, monkeypatch, stop, shared):
    """Whatever was replaced last, the folder holds the old run or the new one."""
    from synaprune.results import folder as place

    if shared:
        folder = folder.with_name("shared")
        synaprune.run(quick_study(), folder, workers=1, shard="2/3")

    count = 0

    class Killed(BaseException):
        pass

    def counted(function):
        def step(*arguments, **options):
            nonlocal count
            count += 1
            if count > stop:
                raise Killed
            return function(*arguments, **options)

        return step

    other = quick_study(seed=2)  # its blocks have the same names
    with monkeypatch.context() as patch:
        patch.setattr(place, "write_atomically", counted(place.write_atomically))
        patch.setattr(place.shutil, "rmtree", counted(place.shutil.rmtree))
        patch.setattr(place.Manifest, "write", counted(place.Manifest.write))
        with pytest.raises(Killed):
            synaprune.run(other, folder, workers=1, overwrite=True)
    try:
        resumed(folder, other)
    except InputError:
        resumed(folder)
        assert files(folder) == whole
    else:
        synaprune.run(other, folder.with_name("undisturbed"), workers=1)
        assert files(folder) == files(folder.with_name("undisturbed"))


CHOICES = {
    "resume and overwrite": ({"resume": True, "overwrite": True, "out": "x"},
                             "resume and overwrite exclude each other"),
    "resume what": ({"resume": True}, "resume: needs out, the folder of the run to go on with"),
    "shard where": ({"shard": "1/2"}, "shard: needs out, the folder that all shards share"),
    "shard and overwrite": ({"shard": "1/2", "overwrite": True, "out": "x"},
                            "shard and overwrite exclude each other: shards share a folder"),
    "two machines": ({"workers": 2, "dask": "tcp://127.0.0.1:1", "out": "x"},
                     "workers: are counted by the Dask cluster; leave them out"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHOICES)
def test_choices_that_exclude_each_other(tmp_path, monkeypatch, name):
    options, said = CHOICES[name]
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as refused:
        synaprune.run(quick_study(), **options)
    assert str(refused.value) == said
    assert list(tmp_path.iterdir()) == []
