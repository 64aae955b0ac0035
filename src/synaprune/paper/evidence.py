"""What a run shows, arranged so that a claim can ask for it in one line.

Arms and profiles of one patient share every random draw of the model, so a difference taken
within a patient is a difference between twins. Keeping all courses as patients by cycles, with
the patients in the same order everywhere, makes such differences plain subtraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.errors import InputError
from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper.frames import Grid, check_columns, check_scenarios, flat, grid
from synaprune.paper.scenarios import LAYERS_REQUIRED, REQUIRED, SCENARIOS, Scenario

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: The layers that a claim names; flares are read from every layer in the frame.
LAYERS_NAMED = ("lower_motor", "bulbar", "respiratory", "fine_motor")


@dataclass(frozen=True, eq=False)
class Evidence:
    """The courses of a run.

    Attributes
    ----------
    patients
        Patient numbers, sorted; the first axis of every array.
    pretraining
        Accuracy after pretraining, in percent, one number a patient.
    """

    patients: NDArray[np.int64]
    pretraining: FloatArray
    _readouts: Mapping[Scenario, Grid]
    _layers: Mapping[tuple[Scenario, str], Grid]

    @classmethod
    def of_frames(
        cls, readouts: pd.DataFrame, layers: pd.DataFrame, patients: pd.DataFrame
    ) -> Evidence:
        """Check the frames of a run and arrange what the comparison needs.

        Scenarios that the published notebook does not have are left out.

        Parameters
        ----------
        readouts
            One row a profile, arm, patient and cycle, with the readouts of Table 1.
        layers
            One row a profile, arm, patient, cycle and layer: sparsity_percent, flare.
        patients
            One row a patient: pretrain_accuracy_percent.

        Raises
        ------
        InputError
            A column, scenario, patient or cycle is missing, or a value is not finite.
        """
        keys = ("patient", "cycle")
        check_columns(
            readouts, "readouts", names=("profile", "arm"), integers=keys, numbers=READOUT_NAMES
        )
        check_columns(
            layers,
            "layers",
            names=("profile", "arm", "layer"),
            integers=keys,
            numbers=("sparsity_percent",),
            flags=("flare",),
        )
        check_scenarios(readouts, "readouts", REQUIRED)
        check_scenarios(layers, "layers", LAYERS_REQUIRED)
        columns, rows = flat(readouts, READOUT_NAMES), dict(_rows(readouts, ["profile", "arm"]))
        people = np.unique(columns["patient"][np.concatenate(list(rows.values()))])
        return cls(
            patients=people,
            pretraining=_pretraining(patients, people),
            _readouts={
                scenario: grid(columns, places, f"readouts of {scenario}", people)
                for (scenario, _), places in rows.items()
            },
            _layers=_layer_grids(layers, people),
        )

    @property
    def n(self) -> int:
        """Number of patients."""
        return len(self.patients)

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios of the run that the published notebook has, in its order."""
        return tuple(scenario for scenario in SCENARIOS if scenario in self._readouts)

    def layers(self, profile: str, treatment: str) -> tuple[str, ...]:
        """Name the layers of a scenario."""
        here = Scenario(profile, treatment)
        return tuple(layer for scenario, layer in self._layers if scenario == here)

    def course(self, profile: str, treatment: str, readout: str) -> FloatArray:
        """Give a readout, patients by cycles."""
        values: FloatArray = self._readouts[Scenario(profile, treatment)][readout]
        return values

    def final(self, profile: str, treatment: str, readout: str) -> FloatArray:
        """Give a readout at the final cycle, one number a patient."""
        return self.course(profile, treatment, readout)[:, -1]

    def sparsity(self, profile: str, treatment: str, layer: str) -> FloatArray:
        """Give the sparsity of a layer in percent, patients by cycles."""
        values: FloatArray = self._layers[Scenario(profile, treatment), layer]["sparsity_percent"]
        return values

    def column(self, profile: str, treatment: str, name: str) -> FloatArray:
        """Give a readout, or the sparsity of a layer, patients by cycles."""
        if name in READOUT_NAMES:
            return self.course(profile, treatment, name)
        return self.sparsity(profile, treatment, name)

    def flares(self, profile: str, treatment: str) -> BoolArray:
        """Tell the cycles at which any layer flares, patients by cycles."""
        scenario = Scenario(profile, treatment)
        flags = [grid["flare"] for (owner, _), grid in self._layers.items() if owner == scenario]
        result: BoolArray = np.any(flags, axis=0)
        return result


def _rows(
    frame: pd.DataFrame, keys: list[str]
) -> Iterator[tuple[tuple[Scenario, str], NDArray[np.intp]]]:
    """Give the positions of the rows of each published scenario, and of each layer of it."""
    groups: Mapping[Any, Any] = frame.groupby(keys, observed=True, sort=False).indices
    for key, places in groups.items():
        profile, arm, *layer = map(str, key)
        scenario = Scenario(profile, arm)
        if scenario in SCENARIOS:
            yield (scenario, "".join(layer)), np.asarray(places, dtype=np.intp)


def _layer_grids(
    frame: pd.DataFrame, people: NDArray[np.int64]
) -> dict[tuple[Scenario, str], Grid]:
    columns = flat(frame, ("sparsity_percent", "flare"))
    grids = {
        key: grid(columns, places, f"layers of {key[0]}, {key[1]}", people)
        for key, places in _rows(frame, ["profile", "arm", "layer"])
    }
    for scenario in LAYERS_REQUIRED:
        if lacking := [layer for layer in LAYERS_NAMED if (scenario, layer) not in grids]:
            raise InputError(f"layers of {scenario}: no layer {lacking[0]}")
    return grids


def _pretraining(frame: pd.DataFrame, people: NDArray[np.int64]) -> FloatArray:
    """Find each patient's accuracy after pretraining, which no profile changes."""
    column = "pretrain_accuracy_percent"
    check_columns(frame, "patients", integers=("patient",), numbers=(column,))
    accuracy: pd.Series[Any] = (
        frame[["patient", column]].drop_duplicates().set_index("patient")[column]
    )
    if accuracy.index.has_duplicates:
        twice = accuracy.index[accuracy.index.duplicated()][0]
        raise InputError(f"patients: patient {twice} has more than one {column}")
    missing = np.setdiff1d(people, accuracy.index.to_numpy())
    if len(missing):
        raise InputError(f"patients: no row for patient {missing[0]}, who is in readouts")
    found: FloatArray = accuracy.loc[people.tolist()].to_numpy(dtype=np.float64)
    return found
