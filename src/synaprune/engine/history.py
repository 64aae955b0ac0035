"""Which arms share their past.

Arms of a patient are twins: as long as their drugs have done the same, they are the same run bit
by bit, so it is computed once. An arm gets a run of its own in the cycle in which it first
differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from synaprune.model.networks import Networks
from synaprune.model.treatment import Effects


def leaders(courses: Sequence[Effects]) -> NDArray[np.intp]:
    """For each arm and cycle, the first arm whose drugs have had the same effects so far.

    Parameters
    ----------
    courses
        Effects of each arm over all cycles.

    Returns
    -------
    numpy.ndarray
        (arms, cycles); an arm that leads itself has its own number.
    """
    arms = np.array([[getattr(course, part.name) for part in fields(Effects)]
                     for course in courses])  # fmt: skip
    cycles = arms.shape[2]
    found = np.empty((len(arms), cycles), dtype=np.intp)
    for cycle in range(cycles):
        past = arms[:, :, : cycle + 1].reshape(len(arms), -1)
        _, first, group = np.unique(past, axis=0, return_index=True, return_inverse=True)
        found[:, cycle] = first[group.reshape(-1)]
    return found


def stress_readers(guidance: NDArray[np.float64], lead: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell whose stress a later cycle reads: a drug guides regrowth by it then.

    Parameters
    ----------
    guidance
        Level of the drug that promotes regrowth: (arms, cycles).
    lead
        From `leaders`: (arms, cycles).

    Returns
    -------
    numpy.ndarray
        (arms, cycles); a run that several arms share is read where one of them reads it.

    Examples
    --------
    >>> guidance = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    >>> stress_readers(guidance, lead=np.array([[0, 0, 0], [0, 1, 1]]))
    array([[ True, False, False],
           [False, False, False]])
    """
    later = np.zeros(guidance.shape, dtype=bool)
    later[:, :-1] = np.logical_or.accumulate(guidance[:, :0:-1] > 0, axis=1)[:, ::-1]
    found = np.zeros_like(later)
    arms, cycles = np.nonzero(later)
    found[lead[arms, cycles], cycles] = True
    return found


def split(networks: Networks, lead: NDArray[np.intp], cycle: int) -> NDArray[np.intp]:
    """Give arms that differ from this cycle on a run of their own.

    Parameters
    ----------
    networks
        The state before the cycle; the new runs start as copies.
    lead
        From `leaders`.
    cycle
        The cycle that is about to run.

    Returns
    -------
    numpy.ndarray
        For each run of the block, the run that computes it in this cycle: (runs,).
    """
    arms = len(lead)
    patients = networks.runs // arms
    now = lead[:, cycle]
    for patient in range(patients):
        base = patient * arms
        for arm in np.unique(now) if cycle else ():
            before = lead[arm, cycle - 1]
            if before != arm:
                networks.copy_run(base + int(before), base + int(arm))
        networks.twins[patient] = [base + int(arm) for arm in np.unique(now)]
    return np.concatenate([patient * arms + now for patient in range(patients)])
