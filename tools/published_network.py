"""Write the published network as this software replays it: 42 scenarios as package data.

Runs `reference` in the published order of draws (seed 42, float32, one thread; four minutes) and
writes `src/synaprune/paper/data/published_network.parquet` in the columns of a run's block, one row
a scenario and cycle. Its metadata name the versions and the processor. Made on a processor with
AVX-512: with narrower instructions a few courses under ketamine part, because a choice by gradient
amplifies rounding.

    python tools/published_network.py
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch

from synaprune.engine.reference import PUBLISHED_SEED, replay
from synaprune.model.quantities import LAYER_QUANTITIES, READOUT_NAMES
from synaprune.paper.scenarios import PROFILES, TREATMENTS
from synaprune.reference import LAYERS, Course
from synaprune.results.arrow import names, numbers
from synaprune.results.columns import FACTORS, PRETRAINED, layer_column
from synaprune.results.manifest import cpu_model

PLACE = Path(__file__).parent.parent / "src/synaprune/paper/data/published_network.parquet"


def published_network(courses: Iterable[tuple[str, str, Course]]) -> pa.Table:
    """Lay courses out as a block: one row a scenario and cycle, the healthy network left out.

    Parameters
    ----------
    courses
        With profile and treatment.
    """
    tables = []
    for profile, treatment, course in courses:
        every = course.columns()
        cycles = len(course.month)
        columns = {
            "profile": names(np.zeros(cycles, np.int32), [profile]),
            "arm": names(np.zeros(cycles, np.int32), [treatment]),
            "patient": numbers(np.zeros(cycles, np.int64)),
        }
        layered = [layer_column(q, layer.name) for layer in LAYERS for q in LAYER_QUANTITIES]
        for name in ("cycle", "month", *READOUT_NAMES, *layered):
            columns[name] = numbers(every[name][1:])
        columns[PRETRAINED] = numbers(np.full(cycles, course.healthy["accuracy_percent"]))
        rate, vulnerability = FACTORS
        for layer, factor in course.base_rate_factor.items():
            columns[layer_column(rate, layer)] = numbers(np.full(cycles, factor))
            columns[layer_column(vulnerability, layer)] = numbers(np.ones(cycles))
        tables.append(pa.table(columns))
        print(f"{len(tables)} of 42: {profile}, {treatment}", flush=True)
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def origin() -> dict[str, str]:
    """Name what made the file."""
    return {
        "made_by": f"tools/published_network.py, seed {PUBLISHED_SEED}, one thread",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "cpu_model": cpu_model(),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
    }


def main() -> None:
    """Replay all scenarios and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=PLACE)
    place = parser.parse_args().out
    every = [(profile, treatment) for profile in PROFILES for treatment in TREATMENTS]
    table = published_network(replay(every)).replace_schema_metadata(origin())
    pq.write_table(table, place, compression="zstd")
    print(f"{place.name}: {table.num_rows} rows, {place.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
