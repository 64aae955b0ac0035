"""One block, from the healthy networks to the table of everything that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray

from synaprune.engine.history import leaders, split, stress_readers
from synaprune.engine.patients import Patient, disease, make_patient
from synaprune.engine.plan import Block
from synaprune.engine.randomness import Streams
from synaprune.engine.record import Record
from synaprune.model.circuit import Circuit
from synaprune.model.context import CycleContext
from synaprune.model.cycle import Mechanism, run_cycle
from synaprune.model.networks import Networks
from synaprune.model.registry import is_built_in
from synaprune.model.treatment import Effects, course
from synaprune.study import ResolvedStudy

Float = NDArray[np.float64]

#: Threads of linear algebra in a process that computes blocks: one, because two processes beat
#: one process with two threads, and because a product may depend on the number of threads.
THREADS = 1


def simulate_block(
    study: ResolvedStudy,
    block: Block,
    mechanisms: Mapping[str, Mechanism | None],
    on_cycle: Callable[[], None] = lambda: None,
) -> pa.Table:
    """Simulate all runs of a block.

    Parameters
    ----------
    study
        The resolved study.
    block
        Which patients of which profile.
    mechanisms
        The mechanisms by name.
    on_cycle
        Called after every cycle.

    Returns
    -------
    pyarrow.Table
        One row a patient, arm and cycle; columns as in `synaprune.results.columns`.
    """
    with _single_threaded():
        circuit = Circuit.of_sizes(study.circuit)
        dtype = torch.float64 if study.precision == "float64" else torch.float32
        patients = _patients(study, block, circuit, dtype)
        record = Record(study, block, circuit)
        counted = _every(len(patients), on_cycle)
        for number, patient in enumerate(patients):
            keep = partial(record.add, number)
            _follow(study, block, circuit, patient, mechanisms, keep, counted)
        return record.table(patients)


def _follow(
    study: ResolvedStudy,
    block: Block,
    circuit: Circuit,
    patient: Patient,
    mechanisms: Mapping[str, Mechanism | None],
    keep: Callable[[Networks, CycleContext, Float, NDArray[np.intp]], None],
    on_cycle: Callable[[], None],
) -> None:
    """Take all arms of one patient through the cycles.

    One patient at a time, because its networks fit the processor's cache and a block's do not.
    """
    arms = len(study.arms)
    networks = Networks.of_patients(circuit, [patient.pretrained.parameters], arms)
    networks.half = study.precision == "bfloat16"
    constants = study.constants_of(block.profile)
    severity = disease(study.profiles[block.profile], [patient], circuit, arms)
    courses = [
        course(doses, study.drugs, study.cycles, constants.drug_level_floor)
        for doses in study.arms.values()
    ]
    effects = Effects.stacked(courses)
    lead = leaders(courses)
    readers = stress_readers(effects.guidance, lead) if _is_known(study) else None
    for cycle in range(study.cycles):
        computed_by = split(networks, lead, cycle)
        flare = np.zeros((networks.runs, len(circuit)), dtype=bool)
        context = CycleContext(
            cycle,
            severity,
            effects.at(cycle),
            [patient.pretrained.task],
            flare,
            None if readers is None else readers[:, cycle],
        )
        draws = [patient.streams.at(cycle)]
        accuracy = run_cycle(networks, context, constants, draws, mechanisms)
        keep(networks, context, accuracy, computed_by)
        on_cycle()


def _is_known(study: ResolvedStudy) -> bool:
    """Whether all mechanisms are built in, so that stress is read by guided regrowth alone."""
    return all(is_built_in(*item) for item in study.mechanisms.items())


def _every(times: int, act: Callable[[], None]) -> Callable[[], None]:
    """Act on every so many calls."""
    calls = count(1)

    def call() -> None:
        if next(calls) % times == 0:
            act()

    return call


def _patients(
    study: ResolvedStudy, block: Block, circuit: Circuit, dtype: torch.dtype
) -> list[Patient]:
    """Make the patients.

    Blocks of the same patients in several profiles often start together. Each leaves for the end
    whom another process is pretraining, so the processes share the work.
    """
    constants = study.constants_of(block.profile)
    made: dict[int, Patient] = {}
    for wait in (False, True):
        for number in block.patients:
            if number not in made:
                streams = Streams(study.seed, number, dtype=dtype, device=study.device)
                patient = make_patient(
                    circuit, constants, streams, half=study.precision == "bfloat16", wait=wait
                )
                if patient is not None:
                    made[number] = patient
    return [made[number] for number in block.patients]


@contextmanager
def _single_threaded() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(THREADS)
    try:
        yield
    finally:
        torch.set_num_threads(before)
