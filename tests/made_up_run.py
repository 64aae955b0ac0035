"""Run folders with made-up numbers, written without computing anything.

Courses are smooth and differ by profile, arm and patient, so that everything that reads a run has
something to show; nothing in them is a result of the model.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import synaprune
from synaprune.model.circuit import LAYERS
from synaprune.results.manifest import Manifest
from synaprune.results.run import Run
from synaprune.study import ResolvedStudy, Study, paper_study

VERSIONS = {"python": "3.11.0", "synaprune": synaprune.__version__, "torch": "2.0.0"}


def made_up_run(folder: Path, study: Study) -> Run:
    """Write a finished run of a study and open it."""
    resolved = study.resolve()
    (folder / "blocks").mkdir(parents=True)
    (folder / "study.yaml").write_text(study.to_yaml())
    (folder / "resolved.yaml").write_text(resolved.to_yaml())
    block = folder / "blocks" / "all-00000000.parquet"
    pq.write_table(pa.Table.from_pandas(made_up_rows(resolved), preserve_index=False), block)
    manifest = Manifest(
        name=resolved.name, seed=resolved.seed, preset=resolved.preset,
        precision=resolved.precision, device=resolved.device, study_sha256=resolved.sha256(),
        numerics_version=1, randomness_version=1, sparse_version=1, threads=1, planned_blocks=1,
        blocks={block.name: sha256(block.read_bytes()).hexdigest()}, versions=VERSIONS,
    )  # fmt: skip
    document = asdict(manifest) | {"status": "complete"}
    (folder / "manifest.json").write_text(json.dumps(document))
    return synaprune.load_run(folder)


def made_up_paper_run(folder: Path, patients: int = 5, **changes: object) -> Run:
    """Write a run with the paper's 42 scenarios; keywords replace keys of the study."""
    asked = paper_study(patients, seed=7)
    return made_up_run(folder, Study(**(asked.as_given() | changes)) if changes else asked)


def made_up_rows(study: ResolvedStudy) -> pd.DataFrame:
    """One row a profile, arm, patient and cycle, with every column of a block."""
    rows = [
        _rows(study, place, profile, arm, patient)
        for place, profile in enumerate(study.profiles)
        for arm in study.arms
        for patient in range(study.patients)
    ]
    return pd.concat(rows, ignore_index=True)


def _rows(study: ResolvedStudy, place: int, profile: str, arm: str, patient: int) -> pd.DataFrame:
    cycle = np.arange(study.cycles)
    given = np.zeros(study.cycles)
    for days in study.arms[arm].values():
        given[list(days)] += 1
    speed = (0.10 + 0.005 * (patient % 7) + 0.01 * place) / (1 + 3 * given.mean())
    fallen = 1 - np.exp(-speed * (cycle + 0.5))
    sparsity = {
        layer: 97.0 * np.clip(fallen * (1 + 0.02 * number), 0, 1)
        for number, layer in enumerate(LAYERS)
    }
    accuracy = 25 + 70 / (1 + np.exp(cycle - 7 - patient % 4 - 4 * given.mean()))
    mean = np.mean(list(sparsity.values()), axis=0)
    frame = {
        "profile": profile, "arm": arm, "patient": patient, "cycle": cycle,
        "month": cycle * study.constants.months_per_cycle,
        "accuracy_percent": accuracy, "total_sparsity_percent": mean,
        "depression_score": 0.48 * sparsity["prefrontal_limbic"],
        "spasticity_score": 0.04 * sparsity["upper_motor"],
        "weakness_score": 0.04 * sparsity["lower_motor"],
        "fatigue_score": 0.1 * sparsity["neuromuscular_junction"],
        "bulbar_score": 0.04 * sparsity["bulbar"],
        "respiratory_risk_percent":
            0.6 * sparsity["respiratory"] + 0.4 * sparsity["neuromuscular_junction"],
        "fine_motor_score": 0.04 * sparsity["fine_motor"], "alsfrs_r_proxy": 0.48 * accuracy,
        "nfl_proxy": 70 + 12 * fallen + patient - 4 * given.cumsum() / study.cycles,
        "overall_disability_percent": mean, "cognitive_score": 28 * (1 - fallen),
        "motor_integrity_percent": 100 - mean, "excitotoxicity_load": 0.5 + fallen,
        "pretrain_accuracy_percent": 95.5,
    }  # fmt: skip
    for number, layer in enumerate(LAYERS):
        frame[f"sparsity_percent/{layer}"] = sparsity[layer]
        frame[f"aggregate/{layer}"] = 2 * fallen
        frame[f"noise/{layer}"] = 0.1 + 0.05 * cycle
        frame[f"flare/{layer}"] = (cycle > 5) & ((cycle + patient) % 3 == 0) & (number == 2)
        frame[f"base_rate_factor/{layer}"] = 1.0
        frame[f"vulnerability_factor/{layer}"] = 1.0
    return pd.DataFrame(frame)


def own_study(**changes: object) -> Study:
    """A study that has not the paper's scenarios; keywords replace or add keys."""
    keys: dict[str, object] = {
        "name": "own",
        "profiles": ["als_standard", {"name": "mild_form", "like": "als_limb", "clearance": 0.2}],
        "patients": 4,
        "seed": 3,
    }
    return Study(**(keys | changes))
