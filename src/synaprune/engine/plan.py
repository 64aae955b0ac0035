"""How a study is cut into blocks.

A block is some patients of one profile with all their arms: what one process computes at a time
and what one file holds. Its size is fixed, so that neither the number of workers nor an
interruption can change which file holds what. No result depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from synaprune.study import ResolvedStudy

#: Patients of a block. Small enough for a smooth progress display, large enough to keep files few.
BLOCK_PATIENTS = 4


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


def plan(study: ResolvedStudy, block_patients: int | None = None) -> list[Block]:
    """Cut a study into blocks, profile by profile.

    Parameters
    ----------
    study
        The study.
    block_patients
        Patients of a block; by default `BLOCK_PATIENTS`.
    """
    size = block_patients or BLOCK_PATIENTS
    starts = range(0, study.patients, size)
    cuts = [range(start, min(start + size, study.patients)) for start in starts]
    pairs = [(profile, patients) for profile in study.profiles for patients in cuts]
    return [Block(number, profile, patients) for number, (profile, patients) in enumerate(pairs)]
