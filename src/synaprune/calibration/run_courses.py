"""The courses of a finished run, arranged as targets read them."""

from __future__ import annotations

import numpy as np

from synaprune.calibration.observed import Courses, Float
from synaprune.errors import InputError
from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper.scenarios import Scenario
from synaprune.results.run import Run


def courses_of_run(run: Run) -> Courses:
    """Arrange all readouts of a run, patients in the same order in every scenario.

    Raises
    ------
    InputError
        A scenario lacks a patient or a cycle.
    """
    frame = run.to_frame()
    shape = frame["patient"].nunique(), frame["cycle"].nunique()
    found: dict[Scenario, dict[str, Float]] = {}
    for (profile, arm), part in frame.groupby(["profile", "arm"], observed=True, sort=False):
        if len(part) != shape[0] * shape[1]:
            raise InputError(f"{run.folder}: {profile}, {arm}: has {len(part)} rows for "
                             f"{shape[0]} patients and {shape[1]} cycles")  # fmt: skip
        rows = part.sort_values(["patient", "cycle"])
        found[Scenario(str(profile), str(arm))] = {
            name: rows[name].to_numpy(dtype=np.float64).reshape(shape) for name in READOUT_NAMES
        }
    return found
