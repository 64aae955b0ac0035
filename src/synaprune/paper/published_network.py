"""The published network: one virtual patient, 42 scenarios, every cycle, as a run's frames.

Source: Ngo Cheung, "Maintenance Plasticity Rescue Slows ALS Progression in a Pruning-Continuum
Model", 2026, published notebook, seed 42; replayed by this project's reference implementation.
The file has the columns of a run's block, so that all that reads a run reads this patient too.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from synaprune.model.quantities import LAYER_QUANTITIES, READOUT_NAMES
from synaprune.paper.evidence import Evidence
from synaprune.paper.scenarios import Scenario
from synaprune.results.columns import FACTORS, KEYS, PRETRAINED, layer_column, layers_in

_FILE = "published_network.parquet"


class Frames(NamedTuple):
    """The three tidy frames of a run, as `synaprune.load_run` gives them.

    Attributes
    ----------
    readouts
        One row a profile, arm, patient and cycle.
    layers
        One row a layer of those.
    patients
        One row a patient.
    """

    readouts: pd.DataFrame
    layers: pd.DataFrame
    patients: pd.DataFrame


def published_network() -> Frames:
    """Load the published network.

    Returns
    -------
    Frames
        As those of a run with one patient, number 0.

    Examples
    --------
    >>> readouts, layers, patients = published_network()
    >>> len(readouts), len(layers), len(patients)
    (1260, 10080, 1)
    """
    with files(__package__).joinpath("data", _FILE).open("rb") as file:
        block = pq.read_table(file).to_pandas(strings_to_categorical=False, categories=[])
    names = layers_in(block.columns, LAYER_QUANTITIES[0])
    keys = [*KEYS, "month"]
    factors = [layer_column(factor, layer) for factor in FACTORS for layer in names]
    patients = block[["patient", PRETRAINED, *factors]].drop_duplicates("patient")
    return Frames(block[[*keys, *READOUT_NAMES]], _long(block, keys, names), patients)


def _long(block: pd.DataFrame, keys: list[str], names: list[str]) -> pd.DataFrame:
    """Give every layer a row of its own."""
    rows = block[keys].loc[block.index.repeat(len(names))].reset_index(drop=True)
    wide = {q: block[[layer_column(q, layer) for layer in names]] for q in LAYER_QUANTITIES}
    return rows.assign(
        layer=np.tile(names, len(block)),
        **{quantity: columns.to_numpy().ravel() for quantity, columns in wide.items()},
    )


@lru_cache(maxsize=1)
def published_evidence() -> Evidence:
    """Arrange the published network as the courses of a run with one patient."""
    return Evidence.of_frames(*published_network())


def published_course(profile: str, treatment: str, column: str) -> NDArray[np.float64]:
    """Give one course of the published network, one number a cycle.

    Parameters
    ----------
    profile, treatment
        The scenario.
    column
        A readout, or a layer for its sparsity in percent.

    Raises
    ------
    KeyError
        The published notebook has no such scenario or column.

    Examples
    --------
    >>> f"{published_course('als_standard', 'untreated', 'alsfrs_r_proxy')[-1]:.1f}"
    '11.8'
    """
    evidence = published_evidence()
    if Scenario(profile, treatment) not in evidence.scenarios:
        raise KeyError(f"{profile}, {treatment}")
    course: NDArray[np.float64] = evidence.column(profile, treatment, column)[0]
    return course
