"""The engine against the reference: runs per second of a campaign, side by side.

A campaign is six profiles x seven treatments x some patients, full circuit, 30 cycles. Both sides
start with an empty cache and pretrain each patient once. The reference is timed on runs spread
over profiles and arms, a third of them before, between and after the engine's two campaigns, so
that a machine that changes its speed meanwhile favours no side.

    python benchmarks/campaign.py --json results.json
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

import synaprune
from step_times import gemm_peak, step_times
from synaprune.engine.cache import PLACE
from synaprune.engine.reference import scenario
from synaprune.reference import PublishedDraws, follow, pretrain
from synaprune.results.manifest import cpu_model
from synaprune.study import ResolvedStudy, Study, paper_study

SEED = 1
PEER_RUNS = 24


@contextmanager
def empty_cache() -> Iterator[Path]:
    """Give a folder whose cache of healthy networks is empty."""
    before = os.environ.get(PLACE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[PLACE] = str(Path(folder) / "cache")
        yield Path(folder)
    if before is None:
        del os.environ[PLACE]
    else:
        os.environ[PLACE] = before


def engine_seconds(study: Study, workers: int) -> float:
    """Seconds of a whole campaign, start of the workers included."""
    with empty_cache() as folder:
        start = perf_counter()
        synaprune.run(study, folder / "run", workers=workers)
        return perf_counter() - start


class Peer:
    """The reference on as many patients, on all threads, with torch's own draws."""

    def __init__(self, study: ResolvedStudy) -> None:
        self.study = study
        any_course = scenario(study, next(iter(study.profiles)), next(iter(study.arms)))
        pretrain(any_course, PublishedDraws(study.patients))
        start = perf_counter()
        self.patients = [
            pretrain(any_course, PublishedDraws(number)) for number in range(study.patients)
        ]
        self.pretraining_seconds = perf_counter() - start

    def scenarios(self, runs: int) -> list[tuple[str, str, int]]:
        """Spread runs evenly over profiles, arms and patients."""
        every = [(profile, arm) for profile in self.study.profiles for arm in self.study.arms]
        chosen = [every[number * len(every) // runs] for number in range(runs)]
        return [(*pair, number % self.study.patients) for number, pair in enumerate(chosen)]

    def seconds(self, profile: str, arm: str, patient: int) -> float:
        """Seconds of one run."""
        course = scenario(self.study, profile, arm)
        start = perf_counter()
        follow(course, self.patients[patient])
        return perf_counter() - start


def campaign(
    patients: int, workers: int, peer_runs: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Measure everything once."""
    study = paper_study(patients, SEED)
    runs = patients * len(study.profiles) * len(study.arms)
    say("compiling loops")
    engine_seconds(_brief(study, "float32"), workers)
    engine_seconds(_brief(study, "bfloat16"), workers)
    say("reference, first third")
    peer = Peer(study.resolve())
    scenarios = peer.scenarios(peer_runs)
    times = [peer.seconds(*scenario) for scenario in scenarios[::3]]
    engine = {}
    for third, precision in enumerate(("float32", "bfloat16"), 1):
        say(f"engine, {precision}")
        engine[precision] = engine_seconds(_as(study, precision), workers) / runs
        say("reference, the next third")
        times += [peer.seconds(*scenario) for scenario in scenarios[third::3]]
    peer_seconds = sum(times) / len(times) + peer.pretraining_seconds / runs
    say("time by step")
    peak = gemm_peak()
    profile, reached = step_times(study.resolve())
    return {
        "cpu": cpu_model(),
        "torch": torch.__version__,
        "peer_threads": torch.get_num_threads(),
        "workers": workers,
        "runs": runs,
        "peer_seconds_per_run": peer_seconds,
        "peer_pretraining_seconds": peer.pretraining_seconds / patients,
        "float32_seconds_per_run": engine["float32"],
        "bfloat16_seconds_per_run": engine["bfloat16"],
        "float32_ratio": peer_seconds / engine["float32"],
        "bfloat16_ratio": peer_seconds / engine["bfloat16"],
        "gemm_peak_gflops": peak,
        "gemm_fraction": reached / peak,
        "peak_memory_mib": peak_memory(workers),
        "profile": profile,
    }


def _as(study: Study, precision: str) -> Study:
    return study.model_copy(update={"precision": precision})


def _brief(study: Study, precision: str) -> Study:
    """Ask for enough to compile every loop on every worker."""
    return study.model_copy(update={"precision": precision, "patients": 1})


def peak_memory(workers: int) -> float:
    """Peak memory of this process and its workers together in MiB, from above."""
    import resource

    here, children = (resource.getrusage(who).ru_maxrss for who in
                      (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip
    return (here + workers * children) / 1024


def main() -> None:
    """Measure, print, and write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--patients", type=int, default=4)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--peer-runs", type=int, default=PEER_RUNS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = campaign(options.patients, options.workers, options.peer_runs,
                     lambda what: print(f"... {what}", flush=True))  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")
    for name, value in found.items():
        if name != "profile":
            print(f"{name:28} {value:.3f}" if isinstance(value, float) else f"{name:28} {value}")
    print("share of the time of a block by step (one patient, all arms)")
    for profile, steps in found["profile"].items():
        print(
            f"  {profile}: "
            + ", ".join(f"{step} {100 * part:.0f} %" for step, part in steps.items())
        )


if __name__ == "__main__":
    main()
