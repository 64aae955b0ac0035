"""Is bfloat16 as good as float32? Paired patients, two one-sided tests, margins fixed beforehand.

The same patients run in both precisions. A readout is equivalent in a scenario when the 90 %
confidence interval of the mean paired difference lies inside the margin (the two one-sided tests
at 5 %). Margins are half of the tolerance by which a published number is held to be reproduced.

    python benchmarks/equivalence.py --patients 32
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats

import synaprune

#: Largest mean difference that does not matter, by readout: half the tolerance of a published cell
#: (accuracy: one binomial standard error of 400 points at chance).
MARGINS = {
    "accuracy_percent": 2.2,
    "total_sparsity_percent": 1.0,
    "depression_score": 0.5,
    "weakness_score": 0.05,
    "bulbar_score": 0.05,
    "fine_motor_score": 0.05,
    "nfl_proxy": 4.0,
    "respiratory_risk_percent": 1.0,
    "motor_integrity_percent": 1.0,
}
CYCLES = (5, 10, 29)
PROFILES = ("als_standard", "mdd", "control")
ARMS = ("untreated", "ketamine_every_5", "ketamine_maintenance", "riluzole_continuous")


def main() -> None:
    """Run both precisions and print what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--patients", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    frames = []
    for precision in ("float32", "bfloat16"):
        study = synaprune.Study(name=precision, profiles=list(PROFILES), precision=precision,
                                arms={arm: arm for arm in ARMS}, patients=options.patients,
                                seed=options.seed)  # fmt: skip
        with tempfile.TemporaryDirectory() as folder:
            frames.append(synaprune.run(study, Path(folder) / "run").to_frame())
    keys = ["profile", "arm", "cycle"]
    difference = frames[1].set_index([*keys, "patient"])[list(MARGINS)]
    difference -= frames[0].set_index([*keys, "patient"])[list(MARGINS)]
    failed = tested = 0
    for where, rows in difference.groupby(level=keys):
        profile, arm, cycle = where if isinstance(where, tuple) else (where, "", "")
        if cycle not in CYCLES:
            continue
        for name, margin in MARGINS.items():
            low, high = _interval(rows[name].to_numpy())
            tested += 1
            if low <= -margin or high >= margin:
                failed += 1
                print(f"not shown: {profile}, {arm}, cycle {cycle}, {name}: "
                      f"{low:+.3g} to {high:+.3g}, margin {margin:g}")  # fmt: skip
    print(f"{tested - failed} of {tested} equivalent, {options.patients} patients")


def _interval(values: np.ndarray) -> tuple[float, float]:
    """90 % confidence interval of a mean."""
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
    half = stats.t.ppf(0.95, len(values) - 1) * error
    return float(mean - half), float(mean + half)


if __name__ == "__main__":
    main()
