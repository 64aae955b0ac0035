"""What the targets tell about each constant: screening first, then ranges, as tables.

Screening says which constants move the loss by more than other patients do; ranges say which
values of a constant fit equally well once everything else is fitted again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from synaprune.calibration.search.trial import evaluate
from synaprune.calibration.sensitivity.curves import PASSES, Plan
from synaprune.calibration.sensitivity.ground import Ground, loss_by_readout
from synaprune.calibration.sensitivity.kept import KEPT, Kept
from synaprune.calibration.sensitivity.known_ranges import known_ranges
from synaprune.calibration.sensitivity.screening import SAMPLER, Design, design, screened
from synaprune.calibration.sensitivity.slices import Slices, slices
from synaprune.calibration.space.space import COUNTS, NETWORKS, Parameter
from synaprune.calibration.space.values import values_sha256
from synaprune.engine.pool import Pool
from synaprune.errors import InputError, RunError
from synaprune.paper.writing import csv_text, json_text
from synaprune.results.files import write_atomically

#: Ways of computing a screening.
COUNTING = "counting"

#: What was computed, and for which values; beside the tables.
RECORD = "sensitivity.json"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much to compute.

    Attributes
    ----------
    counting_trajectories
        Of the screening without networks; an evaluation costs some ten milliseconds.
    network_trajectories
        Of the screening with networks; an evaluation costs a trial. 0 leaves it out.
    slices
        Values on each side of a constant that only networks show, each a trial; 0 leaves them out.
    curves
        Of the other ranges.
    """

    counting_trajectories: int = 40
    network_trajectories: int = 0
    slices: int = 0
    curves: Plan = field(default_factory=Plan)


def write_sensitivity(
    folder: str | Path,
    ground: Ground,
    pool: Pool | None = None,
    extent: Extent | None = None,
    tell: Tell = lambda note: None,  # noqa: ARG005 - a listener that does nothing
) -> None:
    """Compute sensitivity and ranges, and write them into the folder's ``tables``.

    Everything computed is kept, so that it goes on where it was stopped. Writes
    ``sensitivity.csv``, ``ranges.csv``, ``range_points.csv`` and ``sensitivity.json``; no
    ``sensitivity.csv`` where no target is counted and no screening with networks is asked for.

    Parameters
    ----------
    folder
        Of a calibration.
    ground
        Best values, space, targets and seed.
    pool
        Computes networks; needed for the screening with them and for slices.
    extent
        How much to compute.
    tell
        Told how far it is.

    Raises
    ------
    InputError
        Networks are asked for without a pool, or the calibration has no trials.
    """
    place, much = Path(folder), extent or Extent()
    parts = []
    if ground.counted:
        parts.append(screen_counting(ground, much.counting_trajectories, tell))
    sliced = Slices()
    if much.network_trajectories or much.slices:
        if pool is None:
            raise InputError("sensitivity: networks need a pool")
        if much.network_trajectories:
            parts.append(screen_networks(place, ground, much.network_trajectories, pool, tell))
        if much.slices:
            sliced = slices(ground, much.slices, pool, place / KEPT, tell)
    points, found = known_ranges(place, ground, much.curves, sliced, tell)
    tables = {"ranges": found, "range_points": points}
    if parts:
        tables["sensitivity"] = pd.concat(parts, ignore_index=True)
    target = place / "tables"
    target.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_atomically(target / f"{name}.csv", csv_text(table).encode())
    write_atomically(target / RECORD, json_text(_record(ground, much)).encode())


def screen_counting(ground: Ground, trajectories: int, tell: Tell) -> pd.DataFrame:
    """Screen the constants of both stages on the targets that need no networks.

    Base rates stay as they are: a constant that they can make up for shows here, and its range
    tells that they do.
    """
    parameters = ground.numbers(COUNTS, NETWORKS)
    laid = design([p.name for p in parameters], trajectories, ground.seed)
    tell(f"screening {len(parameters)} constants without networks: {len(laid)} evaluations")

    def outputs(shares: Mapping[str, float], people: int) -> Mapping[str, float]:
        candidate = ground.space.apply(ground.preset, _moved(parameters, shares))
        return loss_by_readout(ground.counted_fits(candidate.preset, people))

    return _screened(laid, [_tried(outputs, *place) for place in laid]).assign(by=COUNTING)


def screen_networks(
    folder: Path, ground: Ground, trajectories: int, pool: Pool, tell: Tell
) -> pd.DataFrame:
    """Screen the constants of the networks stage on all targets, by trials of the engine."""
    parameters = ground.numbers(NETWORKS)
    laid = design([p.name for p in parameters], trajectories, ground.seed)
    kept = Kept(folder / KEPT, ground.document() | {"screening": trajectories})

    def outputs(shares: Mapping[str, float], people: int) -> Mapping[str, float]:
        candidate = ground.space.apply(ground.preset, _moved(parameters, shares))
        return loss_by_readout(evaluate(candidate, ground.targets, ground.counter(people), pool))

    rows = []
    for number, place in enumerate(laid):
        rows.append(kept.get(number, partial(_tried, outputs, *place)))
        tell(f"screening with networks: evaluation {number + 1} of {len(laid)}")
    return _screened(laid, rows).assign(by=NETWORKS)


def _moved(parameters: tuple[Parameter, ...], shares: Mapping[str, float]) -> dict[str, float]:
    return {p.name: p.value(shares[p.name]) for p in parameters}


def _tried(
    outputs: Callable[[Mapping[str, float], int], Mapping[str, float]],
    shares: Mapping[str, float],
    people: int,
) -> Mapping[str, float]:
    """Evaluate; nothing where the rules refuse a point or a block fails."""
    try:
        return dict(outputs(shares, people))
    except (InputError, RunError):
        return {}


def _screened(laid: Design, rows: list[Mapping[str, float]]) -> pd.DataFrame:
    names = dict.fromkeys(name for row in rows for name in row)
    if not names:
        raise RunError("screening: no evaluation could be computed")
    return screened(laid, {n: [row.get(n, float("nan")) for row in rows] for n in names})


def _record(ground: Ground, extent: Extent) -> dict[str, Any]:
    return {
        "values_sha256": values_sha256(ground.preset),
        "sampler": SAMPLER,
        "salib": version("SALib"),
        "seed": ground.seed,
        "patients_seed": ground.setting.seed,
        "patients_counted": ground.counter().patients,
        "patients_networks": ground.setting.patients,
        "counting_trajectories": extent.counting_trajectories,
        "network_trajectories": extent.network_trajectories,
        "slices": extent.slices,
        "values": extent.curves.values,
        "effort": extent.curves.effort,
        "passes": PASSES,
    }
