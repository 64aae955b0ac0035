"""The published tables and reference points, as the project's own data.

Source: Ngo Cheung, "Maintenance Plasticity Rescue Slows ALS Progression in a Pruning-Continuum
Model", 2026. The numbers stand in files beside this module, each with its table or section, so
that nobody has to look for them in code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from synaprune.model.quantities import READOUTS
from synaprune.paper.scenarios import Scenario

_SCORES_TO_4 = frozenset(readout.name for readout in READOUTS if readout.maximum == 4)

_TITLES = {readout.name: readout.title for readout in READOUTS}

_MAXIMA = {readout.name: readout.maximum for readout in READOUTS if readout.maximum is not None}


def data_text(name: str) -> str:
    """Read one of the data files beside this module."""
    return files(__package__).joinpath("data", name).read_text(encoding="utf-8")


def data_yaml(name: str) -> Any:
    """Read a YAML data file into plain Python objects."""
    return YAML(typ="safe", pure=True).load(data_text(name))


@lru_cache(maxsize=2)
def _table(name: str) -> pd.DataFrame:
    with files(__package__).joinpath("data", name).open(encoding="utf-8") as file:
        wide = pd.read_csv(file, comment="#")
    long = wide.melt(
        id_vars=["profile", "treatment"],
        var_name="readout",
        value_name="published",
        ignore_index=False,
    )
    return long.sort_index(kind="stable").reset_index(drop=True)


def published_table2() -> pd.DataFrame:
    """Untreated ALS subtypes at the final cycle (Table 2).

    Returns
    -------
    pandas.DataFrame
        24 rows in the paper's order: profile, treatment, readout, published.
    """
    return _table("table2.csv").copy()


def published_table3() -> pd.DataFrame:
    """Thirteen scenarios at the final cycle (Table 3).

    Returns
    -------
    pandas.DataFrame
        130 rows in the paper's order: profile, treatment, readout, published.

    Examples
    --------
    >>> len(published_table3()), published_table3()["readout"].nunique()
    (130, 10)
    """
    return _table("table3.csv").copy()


def published_value(scenario: Scenario, readout: str) -> float:
    """Look up one number of Table 3.

    Raises
    ------
    KeyError
        Table 3 has no such cell.
    """
    return _table3_cells()[scenario, readout]


@lru_cache(maxsize=1)
def _table3_cells() -> dict[tuple[Scenario, str], float]:
    rows = _table("table3.csv").itertuples(index=False, name=None)
    return {
        (Scenario(profile, treatment), readout): value
        for profile, treatment, readout, value in rows
    }


def printed_decimals(readout: str) -> int:
    """Count the decimals that Tables 2 and 3 print: two for a score from 0 to 4, else one.

    Examples
    --------
    >>> printed_decimals("bulbar_score"), printed_decimals("depression_score")
    (2, 1)
    """
    return 2 if readout in _SCORES_TO_4 else 1


def half_step(readout: str) -> float:
    """Give half of the last decimal that the tables print: how far rounding may move a number.

    Examples
    --------
    >>> round(half_step("bulbar_score"), 6)
    0.005
    """
    return float(0.5 * 10.0 ** -printed_decimals(readout))


def maximum(readout: str) -> float:
    """Give the upper end of a readout's range (Table 1).

    Raises
    ------
    KeyError
        It has none.

    Examples
    --------
    >>> maximum("depression_score"), maximum("bulbar_score")
    (48, 4)
    """
    return _MAXIMA[readout]


def in_words(readout: str) -> str:
    """Name a readout in the middle of a sentence.

    Examples
    --------
    >>> in_words("total_sparsity_percent"), in_words("nfl_proxy")
    ('total sparsity', 'NfL proxy')
    """
    title = _TITLES[readout]
    return title if title[1].isupper() or title.startswith("NfL") else title[0].lower() + title[1:]


@dataclass(frozen=True, slots=True)
class ReferencePoints:
    """What a network that knows nothing would show.

    Attributes
    ----------
    proxy_per_percent
        ALSFRS-R proxy points for one percent of accuracy (Table 1).
    chance_accuracy_percent
        Accuracy of guessing among four classes.
    dead_accuracy_percent, dead_sparsity_percent, dead_nfl_proxy
        A network with nothing left: accuracy, sparsity of every layer, NfL proxy.
    """

    proxy_per_percent: float
    chance_accuracy_percent: float
    dead_accuracy_percent: float
    dead_sparsity_percent: float
    dead_nfl_proxy: float

    @property
    def chance_proxy(self) -> float:
        """ALSFRS-R proxy of guessing."""
        return self.proxy_per_percent * self.chance_accuracy_percent


@lru_cache(maxsize=1)
def reference_points() -> ReferencePoints:
    """Read the chance level and the dead network.

    Examples
    --------
    >>> reference_points().chance_accuracy_percent, reference_points().chance_proxy
    (25.0, 12.0)
    """
    data = data_yaml("reference_points.yaml")
    dead = data["dead_network"]
    return ReferencePoints(
        proxy_per_percent=float(data["proxy_per_percent"]),
        chance_accuracy_percent=float(data["chance"]["accuracy_percent"]),
        dead_accuracy_percent=float(dead["accuracy_percent"]),
        dead_sparsity_percent=float(dead["layer_sparsity_percent"]),
        dead_nfl_proxy=float(dead["nfl_proxy"]),
    )
