"""What is kept of a block: one row a patient, arm and cycle.

Recording is apart from the dynamics, so that what is kept can change without touching the model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synaprune.engine.patients import Patient
from synaprune.engine.plan import Block
from synaprune.errors import NotFiniteError
from synaprune.model.circuit import Circuit
from synaprune.model.context import CycleContext
from synaprune.model.networks import Networks
from synaprune.model.quantities import READOUT_NAMES
from synaprune.model.readouts import layer_state, readouts
from synaprune.results.arrow import names, numbers
from synaprune.results.columns import layer_column
from synaprune.study import ResolvedStudy

Float = NDArray[np.float64]


class Record:
    """Fills up cycle by cycle and becomes the block's table.

    Parameters
    ----------
    study
        The study.
    block
        The block.
    circuit
        The circuit.
    """

    def __init__(self, study: ResolvedStudy, block: Block, circuit: Circuit) -> None:
        self._study, self._block, self._circuit = study, block, circuit
        self._constants = study.constants_of(block.profile)
        self._connections = np.array([layer.connections for layer in circuit], float)
        runs = len(block.patients) * len(study.arms)
        shape = (runs, study.cycles)
        self._readouts = {name: np.zeros(shape) for name in READOUT_NAMES}
        wide = (*shape, len(circuit))
        self._sparsity, self._aggregate, self._noise = (np.zeros(wide) for _ in range(3))
        self._flare = np.zeros(wide, dtype=bool)

    def add(
        self,
        patient: int,
        networks: Networks,
        context: CycleContext,
        accuracy: Float,
        computed_by: NDArray[np.intp],
    ) -> None:
        """Keep the state of one patient's runs after a cycle.

        Parameters
        ----------
        patient
            Position in the block.
        networks, context
            After the cycle's steps.
        accuracy
            In percent: (arms,).
        computed_by
            For each of the patient's runs, the run that was computed for it: (arms,).

        Raises
        ------
        NotFiniteError
            A weight is not a finite number; names patient, arm, cycle and layer.
        """
        t = context.cycle
        first = patient * networks.runs
        for run in networks.active:
            alive, deviation = layer_state(networks, run)
            self._check(first + run, t, deviation)
            values = readouts(
                self._circuit,
                self._constants,
                alive=alive,
                deviation=deviation,
                aggregate=networks.aggregate[run],
                noise=networks.noise[run],
                accuracy_percent=float(accuracy[run]),
            )
            for name, value in values.items():
                self._readouts[name][first + run, t] = value
            self._sparsity[first + run, t] = 100.0 * (1.0 - alive / self._connections)
        mine = slice(first, first + networks.runs)
        for kept in (*self._readouts.values(), self._sparsity):
            kept[mine, t] = kept[first + computed_by, t]
        self._aggregate[mine, t] = networks.aggregate[computed_by]
        self._noise[mine, t] = networks.noise[computed_by]
        self._flare[mine, t] = context.flare[computed_by]

    def table(self, patients: Sequence[Patient]) -> pa.Table:
        """Lay everything out as one table: rows by patient, arm and cycle."""
        columns = self._keys()
        columns |= {name: numbers(values.ravel()) for name, values in self._readouts.items()}
        for position, layer in enumerate(self._circuit):
            for quantity, values in (
                ("sparsity_percent", self._sparsity),
                ("aggregate", self._aggregate),
                ("noise", self._noise),
                ("flare", self._flare),
            ):
                column = numbers(values[:, :, position].ravel())
                columns[layer_column(quantity, layer.name)] = column
        columns |= self._patient_columns(patients)
        return pa.table(columns)

    def _check(self, run: int, cycle: int, deviation: Float) -> None:
        """Stop at the first layer whose weights are not finite numbers."""
        wrong = np.flatnonzero(~np.isfinite(deviation))
        if len(wrong):
            patient, arm = divmod(run, len(self._study.arms))
            raise NotFiniteError(
                self._block.profile,
                self._block.patients[patient],
                list(self._study.arms)[arm],
                cycle,
                self._circuit.layers[wrong[0]].name,
            )

    def _keys(self) -> dict[str, pa.Array]:
        study, block = self._study, self._block
        arms, cycles = list(study.arms), study.cycles
        patients, rows = len(block.patients), len(arms) * cycles
        profile = np.zeros(patients * rows, dtype=np.int32)
        arm = np.tile(np.repeat(np.arange(len(arms), dtype=np.int32), cycles), patients)
        cycle = np.tile(np.arange(cycles, dtype=np.int64), patients * len(arms))
        return {
            "profile": names(profile, [block.profile]),
            "arm": names(arm, arms),
            "patient": numbers(np.repeat(np.array(block.patients, dtype=np.int64), rows)),
            "cycle": numbers(cycle),
            "month": numbers(cycle * self._constants.months_per_cycle),
        }

    def _patient_columns(self, patients: Sequence[Patient]) -> dict[str, pa.Array]:
        rows = len(self._study.arms) * self._study.cycles
        accuracy = np.array([patient.pretrained.accuracy_percent for patient in patients])
        columns = {"pretrain_accuracy_percent": numbers(np.repeat(accuracy, rows))}
        for position, layer in enumerate(self._circuit):
            for quantity in ("base_rate_factor", "vulnerability_factor"):
                values = np.array([getattr(patient, quantity)[position] for patient in patients])
                columns[layer_column(quantity, layer.name)] = numbers(np.repeat(values, rows))
        return columns
