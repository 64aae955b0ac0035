"""Where the published network lies among the patients of a run: bands, ranks and shares.

All its scenarios are one patient, so its numbers lie inside the bands together or outside them
together, and bands of few patients hold less than 95 % of the numbers of one more. How much of
that is chance shows when patients of the run take its place in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper.evidence import Evidence
from synaprune.paper.published import half_step
from synaprune.paper.published_network import published_evidence
from synaprune.paper.scenarios import CYCLES, Scenario

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: Numbers closer than this are ties: an accuracy that was averaged in float32 is off by up to
#: 3e-6, and the smallest true step, one connection of 262,144 on a score from 0 to 4, is 1.5e-5.
TIE = 1e-5

#: Shares of patients below the median and the edges of the 50 % and of the 95 % band.
EDGES = {"median": 0.5, "lower_50": 0.25, "upper_50": 0.75, "lower_95": 0.025, "upper_95": 0.975}

#: The 95 % band and the 95 % range.
OUTER = (0.025, 0.975)

#: So many patients at most take the place of the published network.
MOST = 200

#: Columns that repeat another by Table 1, up to a factor: a score and its layer, the proxy and
#: accuracy, overall disability and total sparsity.
REPEATING = frozenset(
    {
        "prefrontal_limbic",
        "upper_motor",
        "lower_motor",
        "neuromuscular_junction",
        "bulbar",
        "fine_motor",
        "alsfrs_r_proxy",
        "overall_disability_percent",
    }
)

#: The row of the shares that counts all columns.
ALL = "all"


def mid_rank(values: FloatArray, number: FloatArray | float, tie: float = TIE) -> FloatArray:
    """Share of patients below a number; ties count half.

    Parameters
    ----------
    values
        Patients first.
    number
        What is ranked, of the shape of one patient.
    tie
        Numbers no further apart than this are ties.

    Examples
    --------
    >>> mid_rank(np.array([1.0, 2.0, 2.0, 5.0]), 2.0)
    np.float64(0.5)
    """
    below, above = (values < number - tie).sum(axis=0), (values > number + tie).sum(axis=0)
    rank: FloatArray = (len(values) + below - above) / (2 * len(values))
    return rank


def inside_others(values: FloatArray, people: int) -> BoolArray:
    """Tell whether each of the first patients lies inside the 95 % band of all others.

    Parameters
    ----------
    values
        Patients first; at least two.
    people
        How many of them take their turn.

    Returns
    -------
    numpy.ndarray
        Of the shape of the first ``people`` patients.
    """
    ordered, mine = np.sort(values, axis=0), values[:people]
    last = len(values) - 2

    def smallest(place: int) -> FloatArray:
        """The value at a place among the others: one's own is passed over."""
        place = min(place, last)
        value: FloatArray = np.where(mine > ordered[place], ordered[place], ordered[place + 1])
        return value

    def quantile(share: float) -> FloatArray:
        place, part = divmod(share * last, 1)
        first, after = smallest(int(place)), smallest(int(place) + 1)
        return first + part * (after - first)

    low, high = map(quantile, OUTER)
    inside: BoolArray = (low - TIE <= mine) & (mine <= high + TIE)
    return inside


def _columns(evidence: Evidence, scenario: Scenario) -> tuple[str, ...]:
    """Name what is compared in a scenario: readouts, and layers for their sparsity."""
    layers = published_evidence().layers(*scenario)
    here = evidence.layers(*scenario)
    return (*READOUT_NAMES, *(layer for layer in layers if layer in here))


def _stack(evidence: Evidence, scenario: Scenario, columns: Iterable[str]) -> FloatArray:
    """Give the courses of a scenario: patients, columns, cycles."""
    return np.stack([evidence.column(*scenario, column) for column in columns], axis=1)


def rank_numbers(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set every number of the published network among the patients of a run.

    Parameters
    ----------
    evidence
        The run. Scenarios and layers that it lacks are left out.

    Returns
    -------
    numbers : pandas.DataFrame
        One row a scenario, column and cycle: profile, treatment, cycle, column (a readout, or a
        layer for its sparsity in percent), published, median, lower_50, upper_50, lower_95,
        upper_95, rank (`mid_rank`), inside_95, n.
    shares : pandas.DataFrame
        One row for all numbers and one a column: column, numbers, share_inside, lower, upper,
        in_range, patients. The share of the published network's numbers inside the 95 % bands of
        all n patients; the 2.5 and 97.5 % quantiles of that share over the patients that take
        the network's place in turn (their number stands last, at most `MOST`), each against the
        bands of the n - 1 others; whether the former lies within them. One patient gives no
        range.
    """
    people = min(evidence.n, MOST) if evidence.n > 1 else 0  # one patient has no others
    tables, counts = [], []
    for scenario in evidence.scenarios:
        columns = _columns(evidence, scenario)
        values = _stack(evidence, scenario, columns)
        published = _stack(published_evidence(), scenario, columns)[0]
        table = _scenario_table(scenario, columns, values, published)
        hits = [table["inside_95"].to_numpy().reshape(1, *published.shape)]
        if people:
            hits.append(inside_others(values, people))
        inside = np.concatenate(hits).sum(axis=2)
        counts.append(pd.DataFrame(inside.T, index=pd.Index(columns, name="column")))
        tables.append(table)
    return pd.concat(tables, ignore_index=True), _shares(pd.concat(counts))


def _scenario_table(
    scenario: Scenario, columns: Sequence[str], values: FloatArray, published: FloatArray
) -> pd.DataFrame:
    """Lay one scenario out, the cycles of each column together."""
    edges = dict(zip(EDGES, np.quantile(values, list(EDGES.values()), axis=0), strict=True))
    low, high = edges["lower_95"], edges["upper_95"]
    flat = {
        "published": published,
        **edges,
        "rank": mid_rank(values, published),
        "inside_95": (low - TIE <= published) & (published <= high + TIE),
    }
    return pd.DataFrame(
        {
            "profile": scenario.profile,
            "treatment": scenario.treatment,
            "cycle": np.tile(np.arange(CYCLES), len(columns)),
            "column": np.repeat(columns, CYCLES),
            **{name: array.ravel() for name, array in flat.items()},
            "n": len(values),
        }
    )


def _shares(counts: pd.DataFrame) -> pd.DataFrame:
    """Turn counts inside, a row a scenario and column, into shares with their ranges.

    The first column is the published network, each other one a patient in its place.
    """
    by_column = counts.groupby(level="column", sort=False)
    hits, numbers = by_column.sum(), CYCLES * by_column.size()
    hits.loc[ALL], numbers.loc[ALL] = hits.sum(), numbers.sum()
    shares = hits.div(numbers, axis=0).loc[[ALL, *hits.index[:-1]]]
    others = shares.iloc[:, 1:].to_numpy(dtype=np.float64)
    known = others.shape[1] > 0
    lower, upper = (
        np.quantile(others, OUTER, axis=1) if known else np.full((2, len(shares)), np.nan)
    )
    inside = shares.iloc[:, 0].to_numpy(dtype=np.float64)
    within = (lower - TIE <= inside) & (inside <= upper + TIE)
    missing = pd.array([pd.NA] * len(shares), dtype="boolean")
    return pd.DataFrame(
        {
            "column": shares.index,
            "numbers": numbers.loc[shares.index].to_numpy(),
            "share_inside": inside,
            "lower": lower,
            "upper": upper,
            "in_range": pd.array(within, dtype="boolean") if known else missing,
            "patients": others.shape[1],
        }
    )


def outside_bands(numbers: pd.DataFrame) -> pd.DataFrame:
    """Gather the numbers outside the 95 % bands by scenario and column, the most first.

    Columns that repeat another (`REPEATING`) are left out.

    Parameters
    ----------
    numbers
        Of `rank_numbers`.

    Returns
    -------
    pandas.DataFrame
        profile, treatment, column, count, cycles (as text, ``5-9 12``), lowest_rank,
        highest_rank of these cycles.
    """
    outside = numbers[~numbers["inside_95"] & ~numbers["column"].isin(REPEATING)]
    table = outside.groupby(["profile", "treatment", "column"], sort=False).agg(
        count=("cycle", "size"),
        cycles=("cycle", _spans),
        lowest_rank=("rank", "min"),
        highest_rank=("rank", "max"),
    )
    return table.reset_index().sort_values(
        "count", ascending=False, kind="stable", ignore_index=True
    )


def _spans(cycles: Iterable[int]) -> str:
    """Write cycles with runs drawn together.

    Examples
    --------
    >>> _spans([1, 2, 3, 7])
    '1-3 7'
    """
    return " ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in _runs(list(cycles)))


def _runs(cycles: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give first and last of every run of consecutive cycles."""
    first = 0
    for place, cycle in enumerate(cycles):
        if place + 1 == len(cycles) or cycles[place + 1] != cycle + 1:
            yield cycles[first], cycle
            first = place + 1


def rank_table(evidence: Evidence, printed: pd.DataFrame) -> pd.DataFrame:
    """Set the printed numbers of a table of the paper among the patients of a run.

    Parameters
    ----------
    evidence
        The run.
    printed
        Columns profile, treatment, readout, published; values at the final cycle. A printed
        number stands for all that round to it: within half of its last decimal lie ties.

    Returns
    -------
    pandas.DataFrame
        The same rows with median, lower_95, upper_95, rank, inside_95, n.
    """
    rows = []
    for row in printed.to_dict(orient="records"):
        values = evidence.final(row["profile"], row["treatment"], row["readout"])
        tie = half_step(row["readout"]) + TIE
        low, high = np.quantile(values, OUTER)
        rows.append(
            row
            | {
                "median": np.median(values),
                "lower_95": low,
                "upper_95": high,
                "rank": mid_rank(values, row["published"], tie),
                "inside_95": bool(low - tie <= row["published"] <= high + tie),
                "n": len(values),
            }
        )
    return pd.DataFrame(rows)
