"""Write docs/cost.md: what campaigns of any size cost, computed from measured numbers.

python benchmarks/campaign.py --json results.json
python benchmarks/cost.py results.json
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import synaprune
from synaprune.engine.plan import BLOCK_PATIENTS
from synaprune.study import Study, paper_study

PAGE = Path(__file__).parent.parent / "docs" / "cost.md"
SCALES = (1_000, 100_000, 10_000_000)
ARMS = 7

#: What the table at the end of `synaprune run` takes, in KiB a patient-arm: growth of the peak of
#: `Run.final` from 1,120 to 25,200 of them (2026-11-30).
ENDING_KIB = 1.8

#: What matters at each scale, whatever the precision.
KNOBS = {
    1_000: "nothing: `--workers` uses all cores by itself",
    100_000: "`--shard I/N` or `--dask`; many arms a study, because the arms of a patient share "
    "pretraining and draws",
    10_000_000: "disk and number of files: split by question into studies, `--shard` each, read "
    "only the columns needed",
}


def bytes_per_patient_arm() -> float:
    """Size of a full block on disk, divided by its runs."""
    tiny = {"prefrontal_limbic": 8, "upper_motor": 8, "lower_motor": 8, "neuromuscular_junction": 8,
            "bulbar": 8, "respiratory": 8, "fine_motor": 8}  # fmt: skip
    study = paper_study(BLOCK_PATIENTS, 1)
    study = Study(**{**study.as_given(), "profiles": ["als_standard"], "circuit": tiny,
                     "constants": {"samples": 400}})  # fmt: skip
    with TemporaryDirectory() as folder:
        run = synaprune.run(study, Path(folder) / "run", workers=1)
        size = sum(path.stat().st_size for path in (run.folder / "blocks").iterdir())
    return size / (BLOCK_PATIENTS * ARMS)


def page(measured: Mapping[str, Any], size: float) -> str:
    """Write the page.

    Parameters
    ----------
    measured
        Results of ``campaign.py``.
    size
        Bytes of a patient-arm on disk.
    """
    seconds = [measured[f"{name}_seconds_per_run"] for name in ("float32", "bfloat16")]
    lines = [
        "# What a campaign costs",
        "",
        "A patient-arm is one virtual patient under one arm for 30 cycles, full circuit. Computed",
        "by `benchmarks/cost.py` from a measurement of `benchmarks/campaign.py` on",
        f"{measured['cpu']}, {measured['workers']} workers, torch {measured['torch']}:",
        f"{seconds[0]:.3f} s a patient-arm in float32 and {seconds[1]:.3f} s in bfloat16 (all",
        f"workers together, seven arms a patient), {size / 1024:.1f} KiB a patient-arm on disk.",
        "Time grows linearly with patients; memory does not grow with them: about",
        f"{measured['peak_memory_mib']:.0f} MiB for {measured['workers']} workers and the process",
        "that writes, while it computes. The table that `synaprune run` prints at its end then",
        f"takes {ENDING_KIB} KiB a patient-arm more; `synaprune.run` in Python prints none.",
        "",
        "| patient-arms | core-hours float32 | core-hours bfloat16 | memory a worker | disk "
        "| files | what matters |",
        "|---|---|---|---|---|---|---|",
    ]
    memory = measured["peak_memory_mib"] / (measured["workers"] + 1)
    for scale in SCALES:
        hours = [
            scale * measured[f"{name}_seconds_per_run"] * measured["workers"] / 3600
            for name in ("float32", "bfloat16")
        ]
        files = -(-scale // (ARMS * BLOCK_PATIENTS))
        lines.append(
            f"| {scale:,} | {hours[0]:,.2f} | {hours[1]:,.2f} | {memory:.0f} MiB | "
            f"{_size(scale * size)} | {files:,} | {KNOBS[scale]} |"
        )
    lines += [
        "",
        "Pretraining is in these numbers; a second study on the same patients finds their healthy",
        "networks in the cache (at most 2 GiB) and saves it.",
        "",
        *_precision(*seconds),
        "",
    ]
    return "\n".join(lines)


def _precision(single: float, half: float) -> list[str]:
    """Whether bfloat16 pays, as this machine measured it."""
    if half < single:
        return [
            f"`precision: bfloat16` takes {half / single:.2f} of the time of float32 here: from",
            "100,000 patient-arms on it is worth its label, experimental.",
        ]
    return [
        f"`precision: bfloat16` takes {half / single:.2f} times as long as float32 here. It can",
        "pay where the processor multiplies bfloat16 (`lscpu` lists amx_bf16 or avx512_bf16).",
    ]


def _size(size: float) -> str:
    for unit in ("KiB", "MiB", "GiB"):
        size /= 1024
        if size < 1024:
            return f"{size:.1f} {unit}"
    return f"{size / 1024:.1f} TiB"


def main() -> None:
    """Read a measurement and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("results", type=Path)
    measured = json.loads(parser.parse_args().results.read_text())
    PAGE.write_text(page(measured, bytes_per_patient_arm()))
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
