"""The courses of a finished run, arranged as targets read them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synaprune.calibration.targets.observed import Courses, Float
from synaprune.errors import InputError
from synaprune.paper.scenarios import Scenario
from synaprune.results.columns import KEYS, layer_column
from synaprune.results.run import Run


def courses_of_run(run: Run) -> Courses:
    """Arrange all readouts of a run and the sparsity of its layers.

    Patients stand in the same order in every scenario.

    Raises
    ------
    InputError
        A scenario lacks a patient or a cycle.
    """
    frame = run.to_frame().merge(_layer_sparsity(run), on=list(KEYS), validate="1:1")
    names = [str(name) for name in frame if name not in {*KEYS, "month"}]
    shape = frame["patient"].nunique(), frame["cycle"].nunique()
    found: dict[Scenario, dict[str, Float]] = {}
    for (profile, arm), part in frame.groupby(["profile", "arm"], observed=True, sort=False):
        if len(part) != shape[0] * shape[1]:
            raise InputError(f"{run.folder}: {profile}, {arm}: has {len(part)} rows for "
                             f"{shape[0]} patients and {shape[1]} cycles")  # fmt: skip
        rows = part.sort_values(["patient", "cycle"])
        found[Scenario(str(profile), str(arm))] = {
            name: rows[name].to_numpy(dtype=np.float64).reshape(shape) for name in names
        }
    return found


def _layer_sparsity(run: Run) -> pd.DataFrame:
    """Sparsity of every layer, a column each."""
    long = run.to_frame("layers")
    wide = long.pivot(index=list(KEYS), columns="layer", values="sparsity_percent")
    return wide.rename(columns=lambda name: layer_column("sparsity_percent", name)).reset_index()
