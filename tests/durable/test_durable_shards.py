"""A run shared out: the shards together give the same bytes as one process."""

import time
from dataclasses import replace

import pytest
from durable_runs import files, kill_all, quick_study, said, start

import synaprune
from synaprune.errors import InputError
from synaprune.results import shards
from synaprune.results.folder import make
from synaprune.results.manifest import read_manifest
from synaprune.results.shards import Shard


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    synaprune.run(quick_study(), folder, workers=1)
    return files(folder)


def shard(folder, text, study=None, **options):
    return synaprune.run(study or quick_study(), folder, workers=1, shard=text, **options)


@pytest.mark.parametrize("order", [[1, 2, 3], [3, 1, 2]])
def test_shards_one_after_the_other_make_the_run(whole, tmp_path, order):
    folder = tmp_path / "run"
    for number in order:
        assert not folder.exists() or not read_manifest(folder).complete
        results = shard(folder, f"{number}/3")
    assert results.manifest.complete
    assert files(folder) == whole


def test_more_shards_than_blocks(whole, tmp_path):
    for number in range(1, 9):
        shard(tmp_path / "run", f"{number}/8")
    assert files(tmp_path / "run") == whole


def test_a_shard_computes_its_blocks_and_lists_them_apart(tmp_path):
    seen = []
    results = shard(tmp_path / "run", "2/3", on_progress=seen.append)
    assert sorted(path.name for path in (tmp_path / "run" / "blocks").iterdir()) == [
        "als_standard-00000004.parquet", "mdd-00000004.parquet"]  # fmt: skip
    assert (seen[0].all_blocks, seen[-1].blocks) == (2, 2)
    assert [path.name for path in (tmp_path / "run" / "shards").iterdir()] == ["2-of-3.json"]
    assert repr(results).startswith("<Run 'tiny': 2 of 6 blocks")
    assert set(results.to_frame()["patient"]) == {4, 5, 6, 7}
    with pytest.raises(InputError, match=r"not complete \(0 of 6 blocks\)"):
        synaprune.load_run(results.folder)


def test_three_started_together_and_one_killed(tmp_path):
    study = quick_study(patients=36)
    (tmp_path / "study.yaml").write_text(study.to_yaml())
    options = ["run", "study.yaml", "--out", "out", "--workers", 1]

    def begin(number, *more):
        return start(*options, "--shard", f"{number}/3", *more, cwd=tmp_path)

    running = [begin(number) for number in (1, 2, 3)]
    mine = [f"{study.profiles[0]}-{start:08d}.parquet" for start in (4, 16, 28)]
    while not any((tmp_path / "out" / "blocks" / name).exists() for name in mine):
        assert running[1].poll() is None
        time.sleep(0.01)
    kill_all(running[1])
    for run in running:
        run.communicate(timeout=120)
    assert [run.returncode for run in running] == [0, -9, 0]
    assert not read_manifest(tmp_path / "out").complete
    again = begin(2, "--resume")
    printed, error = again.communicate(timeout=120)
    assert again.returncode == 0, error
    assert "Research use only" in printed, "the last shard shows the whole run"
    synaprune.run(study, tmp_path / "undisturbed", workers=1)
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")


def test_a_shard_that_is_done_says_that_others_are_not(tmp_path, capsys):
    (tmp_path / "study.yaml").write_text(quick_study().to_yaml())
    code, printed, _ = said(capsys, "run", tmp_path / "study.yaml", "--out", tmp_path / "out",
                            "--shard", "1/2", "--workers", 1)  # fmt: skip
    assert code == 0
    assert printed == f"Shard 1/2 is done in {tmp_path / 'out'}; others are still to come.\n"


def test_a_run_that_was_shared_out_can_be_finished_without(whole, tmp_path):
    folder = tmp_path / "run"
    shard(folder, "2/3")
    seen = []
    synaprune.run(quick_study(), folder, workers=1, resume=True, on_progress=seen.append)
    assert seen[0].blocks == 2
    assert files(folder) == whole


def test_a_run_that_was_not_can_be_shared_out(whole, tmp_path):
    def stop(event):
        if event.blocks == 3:
            raise KeyboardInterrupt

    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        synaprune.run(quick_study(), folder, workers=1, on_progress=stop)
    seen = []
    for number in (1, 2):
        shard(folder, f"{number}/2", resume=True, on_progress=seen.append)
    assert seen[0].blocks == 2
    assert files(folder) == whole


def test_a_part_of_another_study_does_not_count(whole, tmp_path):
    """A run that was replaced may have left one; its blocks have the same names."""
    folder, other = tmp_path / "run", tmp_path / "other"
    shard(folder, "1/3")
    shard(other, "2/3", quick_study(seed=2))
    for inside in ("shards", "blocks"):
        for path in (other / inside).iterdir():
            (folder / inside / path.name).write_bytes(path.read_bytes())
    assert set(synaprune.load_run(folder, partial=True).to_frame()["patient"]) == {0, 1, 2, 3}
    seen = []
    synaprune.run(quick_study(), folder, workers=1, resume=True, on_progress=seen.append)
    assert "shards/2-of-3.json: of another study, its blocks do not count" in [e.note for e in seen]
    assert files(folder) == whole


def test_another_shard_may_close_the_run_meanwhile(whole, tmp_path, monkeypatch):
    folder = tmp_path / "run"
    shard(folder, "1/2")
    listed = shards._parts(folder)
    shard(folder, "2/2")
    monkeypatch.setattr(shards, "_parts", lambda _: listed)
    assert shards.part_blocks(folder, read_manifest(folder).study_sha256) == ({}, [])

    folder = tmp_path / "again"
    shard(folder, "1/2")

    def closing(place, study_sha256):
        found = {}, []  # as if all parts had gone between their listing and their reading
        monkeypatch.undo()
        shard(place, "2/2")
        return found

    monkeypatch.setattr("synaprune.results.run.part_blocks", closing)
    assert len(synaprune.load_run(folder, partial=True).manifest.blocks) == 6
    assert files(folder) == whole


def test_a_part_written_while_the_run_was_closed_goes(whole, tmp_path):
    folder = tmp_path / "run"
    shard(folder, "1/2")
    part = (folder / "shards" / "1-of-2.json").read_bytes()
    shard(folder, "2/2")
    (folder / "shards").mkdir()
    (folder / "shards" / "1-of-2.json").write_bytes(part)
    shard(folder, "1/2", resume=True)
    assert files(folder) == whole


def test_closing_a_run_spares_what_another_shard_makes_of_it(tmp_path):
    folder = tmp_path / "run"
    shard(folder, "1/2")
    left = [
        folder / name for name in ("blocks/a.parquet.1.unfinished", "manifest.json.1.unfinished")
    ]
    made = folder / "tables" / "table2.csv.1.unfinished"
    made.parent.mkdir()
    for path in (*left, made):
        path.write_text("half")
    shard(folder, "2/2")
    assert [path for path in (*left, made) if path.exists()] == [made]


def test_a_shard_that_begins_a_moment_later_erases_nothing(tmp_path):
    folder = tmp_path / "run"
    shard(folder, "1/2")
    before = files(folder)
    make(folder, replace(read_manifest(folder), seed=9), "study", "resolved", replace=False)
    assert files(folder) == before


def test_a_damaged_part_is_computed_again(whole, tmp_path):
    folder = tmp_path / "run"
    shard(folder, "2/3")
    (folder / "shards" / "2-of-3.json").write_text("{")
    seen = []
    synaprune.run(quick_study(), folder, workers=1, resume=True, on_progress=seen.append)
    assert "shards/2-of-3.json: damaged, its blocks are computed again" in [e.note for e in seen]
    assert files(folder) == whole


def test_resuming_a_shard_of_a_finished_run(whole, tmp_path):
    folder = tmp_path / "run"
    synaprune.run(quick_study(), folder, workers=1)
    shard(folder, "1/2", resume=True)
    assert files(folder) == whole
    (folder / "blocks" / "als_standard-00000000.parquet").write_bytes(b"")
    with pytest.raises(InputError) as refused:
        shard(folder, "1/2", resume=True)
    assert str(refused.value) == (
        f"{folder}: als_standard-00000000 is damaged, and the run is complete; "
        "resume it without a shard"
    )


def test_misuse_is_one_line(tmp_path):
    folder = tmp_path / "run"
    for text in ("0/3", "4/3", "1", "1/0", "a/b", "-1/3", "1/3/5", ""):
        with pytest.raises(InputError) as refused:
            shard(folder, text)
        assert str(refused.value) == f"shard: must be I/N with 1 <= I <= N (got {text!r})"
    assert not folder.exists()
    shard(folder, "1/3")
    with pytest.raises(InputError, match="shard 1/3 was begun already; resume it"):
        shard(folder, "1/3")
    with pytest.raises(InputError, match="is cut into 3 shards there, 4 here"):
        shard(folder, "2/4")
    with pytest.raises(InputError, match="holds another study: seed is 7 there, 8 here"):
        shard(folder, "2/3", quick_study(seed=8))
    synaprune.run(quick_study(), folder, workers=1, resume=True)
    with pytest.raises(InputError, match="holds a run already; give another folder, or resume it"):
        shard(folder, "1/3")


def test_two_that_notice_at_once_both_succeed(whole, tmp_path, monkeypatch):
    """The last two shards may both see that all is done; one tidies up before the other."""
    from synaprune.results import shards

    folder = tmp_path / "run"
    shard(folder, "1/2")
    real = shards.Manifest.write

    def late(manifest, path):
        if path.name == "manifest.json" and manifest.complete:
            monkeypatch.setattr(shards.Manifest, "write", real)
            assert shards.finish(folder, Shard(1, 2))
            raise FileNotFoundError
        real(manifest, path)

    monkeypatch.setattr(shards.Manifest, "write", late)
    assert shard(folder, "2/2").manifest.complete
    assert files(folder) == whole


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--resume"], "--resume needs --out, the folder of the run to go on with"),
        (["--resume", "--overwrite", "--out", "x"], "--resume and --overwrite exclude each other"),
        (["--shard", "1/2"], "--shard needs --out, the folder that all shards share"),
        (["--shard", "1/2", "--overwrite", "--out", "x"],
         "--shard and --overwrite exclude each other: shards share a folder"),
        (["--shard", "3/2", "--out", "x"], "shard: must be I/N with 1 <= I <= N (got '3/2')"),
        (["--dask", "here", "--out", "x"], "dask: must be tcp://HOST:PORT (got 'here')"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["run", "demo", "reproduce"])
def test_a_mistake_in_options(tmp_path, capsys, monkeypatch, verb, options, expected):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.yaml").write_text(quick_study().to_yaml())
    arguments = [verb, "study.yaml"] if verb == "run" else [verb]
    code, printed, error = said(capsys, *arguments, *options)
    assert (code, printed, error) == (2, "", f"synaprune: {expected}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["study.yaml"]
