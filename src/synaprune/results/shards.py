"""A run whose blocks are shared out among machines that know nothing of each other.

Each shard lists its blocks in a part manifest of its own under ``shards/``. Whoever finds all
parts complete writes the run's manifest from them and removes the folder, after which nothing
tells the run from one that was never shared out.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from synaprune.errors import InputError
from synaprune.results.blocks import ENDING
from synaprune.results.files import remove_unfinished
from synaprune.results.folder import BLOCKS, RESOLVED, SHARDS, STUDY
from synaprune.results.manifest import NAME, Manifest, parse_manifest, read_manifest

_PART = re.compile(r"[0-9]+-of-[0-9]+\.json")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of N equal shares of a run: every N-th block.

    Attributes
    ----------
    number
        Which shard, from 1.
    of
        How many there are.

    Examples
    --------
    >>> [block for block in range(7) if Shard.parse("2/3").holds(block)]
    [1, 4]
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``I/N``.

        Raises
        ------
        InputError
            Not of this form, or not 1 <= I <= N.
        """
        found = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", text)
        number, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= of:
            raise InputError(f"shard: must be I/N with 1 <= I <= N (got {text!r})")
        return cls(number, of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, block: int) -> bool:
        """Whether a block, by its number in the plan, is this shard's."""
        return block % self.of == self.number - 1

    def count(self, blocks: int) -> int:
        """How many of a number of blocks are this shard's."""
        return len(range(self.number - 1, blocks, self.of))

    def path(self, folder: Path) -> Path:
        """Where the part manifest stands in a run folder."""
        return folder / SHARDS / f"{self.number}-of-{self.of}.json"

    def siblings(self) -> Iterator[Shard]:
        """All shards of the run, this one among them."""
        return (Shard(number, self.of) for number in range(1, self.of + 1))


def check_cut(folder: Path, shard: Shard) -> None:
    """Refuse a run that is shared out otherwise.

    Raises
    ------
    InputError
        It is cut into another number of shards.
    """
    for path in _parts(folder):
        others = path.stem.rpartition("-")[2]
        if others != str(shard.of):
            raise InputError(
                f"{folder}: is cut into {others} shards there, {shard.of} here; "
                f"give I/{others}, or no shard and resume"
            )


def part_blocks(folder: Path, study_sha256: str) -> tuple[dict[str, str], list[str]]:
    """Collect what the parts of a run list, and notes on parts that do not count.

    Whoever closes the run removes the parts; read its manifest after them, and nothing is missed.

    Parameters
    ----------
    folder
        The run folder.
    study_sha256
        Of the run; a part of another study, left by a run that was replaced, does not count.

    Returns
    -------
    tuple
        SHA-256 by file name, and notes.
    """
    blocks: dict[str, str] = {}
    notes = []
    for path in _parts(folder):
        try:
            part = parse_manifest(path.read_bytes(), path)
        except FileNotFoundError:  # another shard has closed the run
            continue
        except InputError:
            notes.append(f"{SHARDS}/{path.name}: damaged, its blocks are computed again")
            continue
        if part.study_sha256 == study_sha256:
            blocks |= part.blocks
        else:
            notes.append(f"{SHARDS}/{path.name}: of another study, its blocks do not count")
    return blocks, notes


def finish(folder: Path, shard: Shard) -> bool:
    """Write the run's manifest if all shards are complete.

    Parameters
    ----------
    folder
        The run folder.
    shard
        One that is complete.

    Returns
    -------
    bool
        Whether the run is complete.

    Raises
    ------
    OSError
        The manifest cannot be written.
    """
    whole = read_manifest(folder)
    if whole.complete:  # another shard noticed first, maybe while this one wrote its part
        shutil.rmtree(folder / SHARDS, ignore_errors=True)
        return True
    parts = [_part(sibling.path(folder)) for sibling in shard.siblings()]
    found = [part for part in parts if part is not None and part.complete]
    if len(found) < shard.of or any(p.study_sha256 != whole.study_sha256 for p in found):
        return False
    blocks = {name: sha256 for part in found for name, sha256 in part.blocks.items()}
    try:
        replace(whole, blocks=blocks).write(folder / NAME)
    except FileNotFoundError:  # another shard noticed too, and has tidied up already
        return read_manifest(folder).complete
    tidy(folder, blocks)
    return True


def tidy(folder: Path, blocks: dict[str, str]) -> None:
    """Remove all that does not belong to a complete run: parts, leftovers, unknown blocks.

    Another shard that found the run complete may be writing tables and figures, so only what is
    left of the run itself goes.
    """
    shutil.rmtree(folder / SHARDS, ignore_errors=True)
    remove_unfinished(folder / BLOCKS)
    for name in (NAME, STUDY, RESOLVED):
        remove_unfinished(folder, name)
    remove_strangers(folder, blocks)


def remove_strangers(folder: Path, blocks: dict[str, str]) -> None:
    """Remove files of blocks that no manifest lists: nothing says that they are right."""
    for path in (folder / BLOCKS).glob(f"*{ENDING}"):
        if path.name not in blocks:
            path.unlink(missing_ok=True)


def _parts(folder: Path) -> list[Path]:
    """List the part manifests; whoever closes the run may be removing them."""
    try:
        names = sorted(os.listdir(folder / SHARDS))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder / SHARDS / name for name in names if _PART.fullmatch(name)]


def _part(path: Path) -> Manifest | None:
    """Read a part; None where there is none to be read."""
    try:
        return parse_manifest(path.read_bytes(), path)
    except (OSError, InputError):
        return None
