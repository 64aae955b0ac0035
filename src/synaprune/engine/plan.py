"""How a study is cut into blocks.

A block is some patients of one profile with all their arms: what one process computes at a time
and what one file holds. Its size is fixed, so that neither the number of workers nor an
interruption can change which file holds what. No result depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synaprune.study import ResolvedStudy

#: Patients of a block. Small enough for a smooth progress display, large enough to keep files few.
BLOCK_PATIENTS = 4

#: Blocks of one profile before the next profile's turn. The healthy networks of their patients stay
#: in the cache meanwhile, so that every patient is pretrained once whatever the size of a study.
BLOCKS_IN_TURN = 64


@dataclass(frozen=True, slots=True)
class Block:
    """Some patients of one profile.

    Attributes
    ----------
    number
        Position in the plan.
    profile
        The profile's name.
    patients
        The patients' numbers.
    """

    number: int
    profile: str
    patients: range

    @property
    def name(self) -> str:
        """Name of the block's file, without its ending."""
        return f"{self.profile}-{self.patients.start:08d}"


@dataclass(frozen=True, slots=True)
class Plan:
    """All blocks of a study in their order, made one at a time.

    A campaign may have millions of blocks; none of them needs to be held.

    Attributes
    ----------
    profiles
        Their names.
    patients
        Of the study.
    size
        Patients of a block.
    """

    profiles: tuple[str, ...]
    patients: int
    size: int

    def __len__(self) -> int:
        return len(self.profiles) * self._cuts()

    def __iter__(self) -> Iterator[Block]:
        return map(self.block, range(len(self)))

    def block(self, number: int) -> Block:
        """Give a block by its number."""
        turn, rest = divmod(number, BLOCKS_IN_TURN * len(self.profiles))
        first = turn * BLOCKS_IN_TURN
        profile, cut = divmod(rest, min(BLOCKS_IN_TURN, self._cuts() - first))
        start = (first + cut) * self.size
        patients = range(start, min(start + self.size, self.patients))
        return Block(number, self.profiles[profile], patients)

    def _cuts(self) -> int:
        return -(-self.patients // self.size)


def plan(study: ResolvedStudy, block_patients: int | None = None) -> Plan:
    """Cut a study into blocks: some patients through all profiles, then the next patients.

    Parameters
    ----------
    study
        The study.
    block_patients
        Patients of a block; by default `BLOCK_PATIENTS`.
    """
    return Plan(tuple(study.profiles), study.patients, block_patients or BLOCK_PATIENTS)
