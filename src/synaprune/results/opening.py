"""Opening a run folder to compute in it: a new run, in place of another, or going on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from synaprune.errors import InputError, RunError
from synaprune.results import folder as place
from synaprune.results.blocks import ENDING, fault
from synaprune.results.files import remove_unfinished
from synaprune.results.ledger import Ledger
from synaprune.results.lock import claimed
from synaprune.results.manifest import NAME, Manifest, read_manifest
from synaprune.results.sameness import check_same
from synaprune.results.shards import (
    Shard,
    check_cut,
    finish,
    part_blocks,
    remove_strangers,
    tidy,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The run that is to stand in a folder.

    Attributes
    ----------
    manifest
        As it begins, with no blocks.
    study, resolved
        The study as given and as resolved, YAML.
    files
        Names of all its blocks' files, as often as they are asked for.
    overwrite
        Whether an earlier run may be replaced.
    resume
        Whether to go on with the same run.
    shard
        The share of the blocks to be computed, or None for all.
    """

    manifest: Manifest
    study: str
    resolved: str
    files: Iterable[str]
    overwrite: bool = False
    resume: bool = False
    shard: Shard | None = None

    def mine(self) -> Iterator[str]:
        """Names of the files of this shard."""
        for number, name in enumerate(self.files):
            if self.shard is None or self.shard.holds(number):
                yield name


@contextmanager
def opened(folder: Path, asked: Asked) -> Iterator[Ledger]:
    """Open a run folder; its manifest is written when this ends, however it ends.

    Parameters
    ----------
    folder
        The run folder.
    asked
        What is to stand there.

    Yields
    ------
    Ledger
        With the blocks that are done and need not be computed.

    Raises
    ------
    InputError
        Something else stands there, or a run that is not to be touched. Nothing is changed then.
    RunError
        The disk does not take what must be written.
    """
    _check(folder, asked)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise place.refused(folder, error) from error
    with claimed(folder, shared=asked.shard is not None):
        _check(folder, asked)  # another process may have finished since
        if asked.shard is None:
            remove_unfinished(folder)
        if place.is_begun(folder) and not asked.overwrite:
            ledger = _gone_on_with(folder, asked)
        else:
            ledger = _begun(folder, asked)
        with _written_at_the_end(ledger):
            yield ledger
        if ledger.manifest.complete:
            _finish(folder, asked, ledger.manifest)


def _check(folder: Path, asked: Asked) -> None:
    """Refuse a folder where the run must not be computed; touch nothing."""
    place.check_place(folder)
    if not place.is_begun(folder) or asked.overwrite:
        return
    there = read_manifest(folder)
    if asked.shard is not None:
        check_cut(folder, asked.shard)
        begun = asked.shard.path(folder).exists()
        joins = (folder / place.SHARDS).is_dir() or not there.blocks
        if not asked.resume and begun:
            raise InputError(f"{folder}: shard {asked.shard} was begun already; resume it")
        if not asked.resume and not joins:
            raise InputError(f"{folder}: holds a run already; give another folder, or resume it")
    elif not asked.resume:
        raise InputError(
            f"{folder}: holds a run already; give another folder, --resume or --overwrite"
        )
    check_same(folder, there, asked.manifest, asked.resolved)


def _begun(folder: Path, asked: Asked) -> Ledger:
    """Begin a run, in place of another where that is asked for."""
    place.make(folder, asked.manifest, asked.study, asked.resolved, replace=asked.overwrite)
    if asked.shard is None:
        return Ledger(folder, folder / NAME, asked.manifest)
    return _part(folder, asked, asked.shard, asked.manifest, [])


def _gone_on_with(folder: Path, asked: Asked) -> Ledger:
    """Go on with a run: what is listed and undamaged is done."""
    listed, not_counted = part_blocks(folder, asked.manifest.study_sha256)
    there = read_manifest(folder)  # after the parts: whoever removes them writes it first
    notes = check_same(folder, there, asked.manifest, asked.resolved)
    place.complete(folder, asked.study, asked.resolved)
    listed |= there.blocks
    mine = replace(there, blocks={name: listed[name] for name in asked.mine() if name in listed})
    if asked.shard is not None:
        return _part(folder, asked, asked.shard, mine, notes)
    strange = sorted(set(listed) - set(mine.blocks))
    if strange:
        raise InputError(f"{folder}: has other blocks there ({strange[0]}); begin it anew")
    remove_strangers(folder, mine.blocks)
    ledger = Ledger(folder, folder / NAME, mine)
    ledger.notes = (*notes, *not_counted, *_without_damage(folder, mine))
    if mine != there:
        ledger.write()
    return ledger


def _part(folder: Path, asked: Asked, shard: Shard, manifest: Manifest, notes: list[str]) -> Ledger:
    """Keep a shard's blocks in a manifest of its own."""
    part = replace(manifest, planned_blocks=shard.count(asked.manifest.planned_blocks))
    damage = _without_damage(folder, part)
    ledger = Ledger(folder, shard.path(folder), part, (*notes, *damage))
    if not read_manifest(folder).complete:
        try:
            shard.path(folder).parent.mkdir(exist_ok=True)
        except OSError as error:
            raise place.refused(folder, error) from error
        ledger.write()
    elif damage:
        block = damage[0].partition(",")[0].replace(":", " is")
        raise InputError(f"{folder}: {block}, and the run is complete; resume it without a shard")
    return ledger


def _without_damage(folder: Path, manifest: Manifest) -> list[str]:
    """Strike blocks whose files are not what the manifest says; note each."""
    notes = []
    for name, sha256 in list(manifest.blocks.items()):
        what = fault(folder / place.BLOCKS / name, sha256)
        if what:
            del manifest.blocks[name]
            notes.append(f"{name.removesuffix(ENDING)}: {what}, computed again")
    return notes


@contextmanager
def _written_at_the_end(ledger: Ledger) -> Iterator[None]:
    try:
        yield
    except BaseException as failure:
        try:
            ledger.flush()
        except RunError as error:  # what ended the run says more
            failure.add_note(str(error))
        raise
    ledger.flush()


def _finish(folder: Path, asked: Asked, manifest: Manifest) -> None:
    """Leave nothing in a finished run that tells how it came about."""
    try:
        if asked.shard is not None:
            finish(folder, asked.shard)
        elif (folder / place.SHARDS).is_dir():
            tidy(folder, manifest.blocks)
    except OSError as error:
        raise place.refused(folder, error) from error
