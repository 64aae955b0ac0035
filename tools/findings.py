"""Measure what docs/findings.md says, in both presets: the tables beside that page.

Structure follows from counts of connections, so a thousand patients take seconds; accuracy and NfL
proxy need networks. Every treatment is compared with no treatment within the same patients. A
difference is robust where the 95 % t intervals of both presets exclude 0 on the same side.

    .venv/bin/python tools/findings.py --structure docs/findings-structure.csv
    .venv/bin/python tools/findings.py --patients 16 --networks docs/findings-networks.csv
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import synaprune
from synaprune.calibration.counts.bookkeeping import draw_people, readouts
from synaprune.model.circuit import LAYERS, Circuit
from synaprune.model.counting import count
from synaprune.model.treatment import course
from synaprune.paper.intervals import mean_interval
from synaprune.study import library

PRESETS = ("published", "from_text")
PROFILES = ("als_standard", "als_bulbar", "als_limb", "als_mdd", "mdd")
UNTREATED = "untreated"
#: Profiles and treatments that are run with networks: the terminal proxy of ALS.
ALS = PROFILES[:4]
TREATED = ("ketamine_every_5", "ketamine_maintenance")
#: Patients that are counted without networks.
COUNTED = 1000
#: What is read off counts; the last is the aggregate of all layers, each by its size.
STRUCTURE = (
    "total_sparsity_percent",
    "motor_integrity_percent",
    "respiratory_risk_percent",
    "depression_score",
    "aggregate",
)
NETWORKS = ("accuracy_percent", "nfl_proxy", "cognitive_score")

Values = Mapping[str, NDArray[np.float64]]


def counted_study(preset: str, seed: int) -> synaprune.Study:
    """All treatments in every profile with a disease."""
    return synaprune.Study(
        name="structure",
        preset=preset,
        profiles=list(PROFILES),
        arms={name: name for name in library.treatments()},
        patients=COUNTED,
        seed=seed,
    )


def counted(preset: str, seed: int) -> Iterator[tuple[str, Values]]:
    """Courses without networks by profile: (patients, treatments, cycles) by readout."""
    resolved = counted_study(preset, seed).resolve()
    circuit = Circuit.of_sizes(resolved.circuit)
    sizes = np.array([layer.connections for layer in circuit], float)
    for name, profile in resolved.profiles.items():
        constants = resolved.constants_of(name)
        people = draw_people(
            seed, range(COUNTED), resolved.cycles, circuit, constants, resolved.mechanisms["flares"]
        )
        effects = [
            course(doses, resolved.drugs, resolved.cycles, constants.drug_level_floor)
            for doses in resolved.arms.values()
        ]
        base_rate = np.array([profile.base_rate[layer] for layer in LAYERS])
        counts = count(
            base_rate, profile.clearance, effects, people, circuit, constants, resolved.mechanisms
        )
        load = counts.aggregate @ sizes / sizes.sum()
        yield name, {**readouts(counts, circuit, constants), "aggregate": load}


def simulated(preset: str, patients: int, seed: int) -> Iterator[tuple[str, Values]]:
    """Courses of ALS with networks, in the same form."""
    arms = (UNTREATED, *TREATED)
    study = synaprune.Study(
        name="networks",
        preset=preset,
        profiles=list(ALS),
        arms={name: name for name in arms},
        patients=patients,
        seed=seed,
    )
    with tempfile.TemporaryDirectory() as scratch:
        data = synaprune.run(study, Path(scratch) / "run").to_xarray()
    order = data.sel(arm=list(arms)).transpose("profile", "patient", "arm", "cycle", "layer")
    for name in ALS:
        yield name, {readout: order[readout].sel(profile=name).to_numpy() for readout in NETWORKS}


def rows(
    preset: str, name: str, values: Values, treatments: Sequence[str], columns: Sequence[str]
) -> Iterator[dict[str, object]]:
    """One row a treatment, readout and time: treated minus untreated."""
    for readout in columns:
        array = values[readout]
        times = {"last cycle": array[:, :, -1], "highest": array.max(2), "mean": array.mean(2)}
        for when, numbers in times.items():
            before = numbers[:, treatments.index(UNTREATED)]
            for place, treatment in enumerate(treatments):
                differences = numbers[:, place] - before
                mean = mean_interval(differences)
                yield {
                    "profile": name,
                    "treatment": treatment,
                    "readout": readout,
                    "when": when,
                    "preset": preset,
                    "median": float(np.median(numbers[:, place])),
                    "difference": mean.value,
                    "lower": mean.lower,
                    "upper": mean.upper,
                    "above_untreated": float((differences > 0).mean()),
                    "n": mean.n,
                }


def side_by_side(table: pd.DataFrame) -> pd.DataFrame:
    """Put both presets next to each other and say what is robust."""
    keys = ["profile", "treatment", "readout", "when"]
    sides = {
        preset: part.set_index(keys).drop(columns="preset").add_prefix(f"{preset}_")
        for preset, part in table.groupby("preset")
    }
    wide = pd.concat([sides[preset] for preset in PRESETS], axis=1)
    above = [wide[f"{preset}_lower"] > 0 for preset in PRESETS]
    below = [wide[f"{preset}_upper"] < 0 for preset in PRESETS]
    wide["robust"] = (above[0] & above[1]) | (below[0] & below[1])
    return wide.reset_index()


def write(found: list[dict[str, object]], place: Path) -> None:
    """Write a table, the same bytes every time."""
    table = side_by_side(pd.DataFrame(found))
    table.to_csv(place, index=False, float_format="%.4g", lineterminator="\n")


def main() -> None:
    """Write the tables that are named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patients", type=int, default=16, help="Patients with networks.")
    parser.add_argument("--structure", type=Path)
    parser.add_argument("--networks", type=Path)
    options = parser.parse_args()
    if options.structure:
        write(
            [row for preset in PRESETS for name, values in counted(preset, options.seed)
             for row in rows(preset, name, values, list(library.treatments()), STRUCTURE)],
            options.structure,
        )  # fmt: skip
    if options.networks:
        write(
            [row for preset in PRESETS
             for name, values in simulated(preset, options.patients, options.seed)
             for row in rows(preset, name, values, (UNTREATED, *TREATED), NETWORKS)],
            options.networks,
        )  # fmt: skip


if __name__ == "__main__":
    main()
