"""Measure what each difference between the paper's text and its published notebook changes.

Every difference of docs/text-and-code.md that is a switch (a constant, a form of a mechanism, a
dose) is switched alone, from the notebook's to the text's. Patients are the same in both, so the
differences are between twins: mean and 95 % t interval.

    .venv/bin/python tools/text_and_code.py --patients 16 --seed 1 --out docs/text-and-code.csv
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

import synaprune
from synaprune.paper.intervals import mean_interval
from synaprune.study import library

CYCLES = (10, 29)
READOUTS = (
    "accuracy_percent",
    "total_sparsity_percent",
    "depression_score",
    "nfl_proxy",
    "cognitive_score",
    "motor_integrity_percent",
)
UNTREATED = ("untreated",)
BOTH = ("untreated", "ketamine_maintenance")
MOTOR = tuple(
    layer
    for layer in library.presets()["published"].profile("mdd").vulnerability
    if layer not in ("prefrontal_limbic", "output")
)
ALS_CONSTANTS = library.presets()["published"].constants


@dataclass(frozen=True)
class Switch:
    """One difference: what changes in a study of some profiles and arms."""

    name: str
    profiles: tuple[str, ...]
    arms: tuple[str, ...]
    constants: Mapping[str, float] = field(default_factory=dict)
    mechanisms: Mapping[str, str] = field(default_factory=dict)
    vulnerability: Mapping[str, float] = field(default_factory=dict)
    doses: Mapping[str, list[dict[str, object]]] = field(default_factory=dict)


def _als(*names: str) -> dict[str, float]:
    """Constants of the ALS profiles, which the text gives to all."""
    given = {"noise_base": 0.05, "noise_slope": 0.008, "noise_sparsity_gain": 3.0}
    given |= {"weak_share": 0.7, "corruption_radius": 5}
    return {name: given.get(name, ALS_CONSTANTS.get(name, 0.0)) for name in names}


SWITCHES = (
    Switch("biases are pruned", ("als_standard", "mdd"), BOTH,
           mechanisms={"pruning": "pruning_biases"}),
    Switch("50 epochs of batches (350 steps)", ("als_standard", "mdd"), BOTH,
           constants={"pretraining_steps": 350}),
    Switch("50 epochs of full batches", ("als_standard", "mdd"), BOTH,
           constants={"pretraining_batch": 1600}),
    Switch("constants of ALS in depression and control", ("mdd", "control"), BOTH,
           constants=_als("pruning_slope", "aggregate_gain", "toxicity_threshold", "regrowth_base",
                          "noise_base", "noise_slope", "noise_sparsity_gain", "weak_share",
                          "corruption_radius", "corruption_magnitude", "flare_threshold",
                          "flare_probability", "flare_pruning")),
    Switch("noise of ALS in depression, motor vulnerability 2", ("mdd",), BOTH,
           constants=_als("noise_base", "noise_slope", "noise_sparsity_gain"),
           vulnerability=dict.fromkeys(MOTOR, 2.0)),
    Switch("noise on the output, too", ("als_standard", "mdd"), BOTH,
           mechanisms={"excitotoxicity": "before_rectifier"}),
    Switch("ketamine early at cycles 2 to 6", ("als_standard", "mdd"), ("ketamine_early",),
           doses={"ketamine_early": [{"drug": "ketamine", "from": 2, "until": 6}]}),
    Switch("ketamine late at cycles 15 to 24", ("als_standard", "mdd"), ("ketamine_late",),
           doses={"ketamine_late": [{"drug": "ketamine", "from": 15, "until": 24}]}),
    Switch("ketamine at cycle 25, too", ("als_standard", "mdd"), ("ketamine_every_5",),
           doses={"ketamine_every_5": [{"drug": "ketamine", "from": 5, "every": 5}]}),
    Switch("no regrowth without a drug", ("als_standard", "mdd", "control"), BOTH,
           constants={"regrowth_base": 0.0}),
    Switch("no penalty where autophagy works", ("mdd", "control"), BOTH,
           constants={"regrowth_penalty": 0.0}),
    Switch("any aggregate amplifies pruning", ("als_standard", "mdd"), BOTH,
           constants={"toxicity_threshold": 0.0}),
    Switch("regrowth always at random", ("als_standard", "mdd"), ("ketamine_maintenance",),
           constants={"guidance_level": 1.0}),
)  # fmt: skip


def published_study(patients: int, seed: int) -> synaprune.Study:
    """The notebook's side: every scenario of the switches, once."""
    return synaprune.Study(
        name="published",
        profiles=list(dict.fromkeys(name for switch in SWITCHES for name in switch.profiles)),
        arms={arm: arm for switch in SWITCHES for arm in switch.arms},
        patients=patients,
        seed=seed,
    )


def text_study(switch: Switch, patients: int, seed: int) -> synaprune.Study:
    """The text's side of one switch."""
    profiles: list[object] = list(switch.profiles)
    if switch.vulnerability:
        profiles = [
            {"name": f"{name}-text", "like": name, "vulnerability": dict(switch.vulnerability)}
            for name in switch.profiles
        ]
    return synaprune.Study(
        name="text",
        profiles=profiles,
        arms={arm: switch.doses.get(arm, arm) for arm in switch.arms},
        patients=patients,
        seed=seed,
        constants=dict(switch.constants),
        mechanisms=dict(switch.mechanisms),
    )


def readouts(study: synaprune.Study, folder: Path) -> pd.DataFrame:
    """Readouts at the cycles of the page, a row a profile, arm, cycle and patient."""
    found = synaprune.run(study, folder).to_frame()
    found["profile"] = found["profile"].str.removesuffix("-text")
    keys = ["profile", "arm", "cycle", "patient"]
    return found[found["cycle"].isin(CYCLES)].set_index(keys)[list(READOUTS)].sort_index()


def rows(switch: Switch, code: pd.DataFrame, text: pd.DataFrame) -> Iterator[dict[str, object]]:
    """One row a profile, arm, cycle and readout: the notebook's mean, and text minus notebook."""
    change = text - code.loc[text.index]
    for key, differences in change.groupby(level=["profile", "arm", "cycle"], sort=False):
        for readout in READOUTS:
            mean = mean_interval(differences[readout].to_numpy())
            yield {
                "switch": switch.name,
                "profile": key[0],
                "treatment": key[1],
                "cycle": key[2],
                "readout": readout,
                "published": float(code.loc[key, readout].mean()),
                "change": mean.value,
                "lower": mean.lower,
                "upper": mean.upper,
                "n": mean.n,
            }


def main() -> None:
    """Run every switch and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("docs/text-and-code.csv"))
    options = parser.parse_args()
    found: list[dict[str, object]] = []
    size = options.patients, options.seed
    with tempfile.TemporaryDirectory() as scratch:
        code = readouts(published_study(*size), Path(scratch) / "code")
        for number, switch in enumerate(SWITCHES):
            text = readouts(text_study(switch, *size), Path(scratch) / f"text-{number}")
            found += rows(switch, code, text)
            print(f"{number + 1} of {len(SWITCHES)}: {switch.name}", flush=True)
    pd.DataFrame(found).to_csv(options.out, index=False, float_format="%.4g", lineterminator="\n")


if __name__ == "__main__":
    main()
