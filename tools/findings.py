"""Measure what the page docs/findings.md says, in both presets.

Every treatment is compared with no treatment within the same patients: at the last cycle and over
the whole course, mean difference with its 95 % t interval, and in how many patients it is above 0.
A finding is robust where the intervals of both presets exclude 0 on the same side.

    .venv/bin/python tools/findings.py --patients 32 --seed 1 --out docs/findings.csv
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

import synaprune
from synaprune.paper.intervals import mean_interval
from synaprune.study import library

PRESETS = ("published", "from_text")
PROFILES = ("als_standard", "als_bulbar", "als_limb", "als_mdd", "mdd")
READOUTS = (
    "accuracy_percent",
    "total_sparsity_percent",
    "motor_integrity_percent",
    "respiratory_risk_percent",
    "depression_score",
    "cognitive_score",
    "nfl_proxy",
)
KEYS = ["profile", "arm", "patient"]


def study(preset: str, patients: int, seed: int) -> synaprune.Study:
    """All treatments in every profile with a disease."""
    return synaprune.Study(
        name=f"findings-{preset}",
        preset=preset,
        profiles=list(PROFILES),
        arms={name: name for name in library.treatments()},
        patients=patients,
        seed=seed,
    )


def measures(frame: pd.DataFrame) -> pd.DataFrame:
    """One number a patient: each readout at the last cycle and in the mean over the course."""
    final = frame[frame["cycle"] == frame["cycle"].max()].set_index(KEYS)[list(READOUTS)]
    mean = frame.groupby(KEYS)[list(READOUTS)].mean()
    return pd.concat({"last cycle": final, "mean over the course": mean}, axis=1).sort_index()


def rows(preset: str, frame: pd.DataFrame) -> Iterator[dict[str, object]]:
    """One row a profile, treatment, time and readout: treated minus untreated."""
    values = measures(frame)
    for profile in PROFILES:
        untreated = values.loc[profile, "untreated"]
        for arm in library.treatments():
            if arm == "untreated":
                continue
            differences = values.loc[profile, arm] - untreated
            for when, readout in differences.columns:
                numbers = differences[when, readout].to_numpy()
                mean = mean_interval(numbers)
                yield {
                    "profile": profile,
                    "treatment": arm,
                    "when": when,
                    "readout": readout,
                    "preset": preset,
                    "untreated": float(untreated[when, readout].mean()),
                    "difference": mean.value,
                    "lower": mean.lower,
                    "upper": mean.upper,
                    "above_0": int((numbers > 0).sum()),
                    "n": mean.n,
                }


def with_robustness(table: pd.DataFrame) -> pd.DataFrame:
    """Put both presets side by side and say where their intervals exclude 0 on the same side."""
    keys = ["profile", "treatment", "when", "readout"]
    sides = {
        preset: part.set_index(keys).drop(columns="preset").add_prefix(f"{preset}_")
        for preset, part in table.groupby("preset")
    }
    wide = pd.concat([sides[preset] for preset in PRESETS], axis=1)
    above = [wide[f"{preset}_lower"] > 0 for preset in PRESETS]
    below = [wide[f"{preset}_upper"] < 0 for preset in PRESETS]
    wide["robust"] = (above[0] & above[1]) | (below[0] & below[1])
    return wide.reset_index()


def main() -> None:
    """Run both presets and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("docs/findings.csv"))
    options = parser.parse_args()
    found: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for preset in PRESETS:
            run = synaprune.run(
                study(preset, options.patients, options.seed), Path(scratch) / preset
            )
            found += rows(preset, run.to_frame())
    table = with_robustness(pd.DataFrame(found))
    table.to_csv(options.out, index=False, float_format="%.4g", lineterminator="\n")


if __name__ == "__main__":
    main()
