"""The disease in one plain network: an independent check of the package, and its speed peer.

One network at a time, torch modules and autograd, loops in Python. It reads the model's numbers
as plain dictionaries and imports nothing of the package. Given the same named draws it computes
what the package computes, up to rounding; given `TorchDraws` it is as fast as this style allows.
Run as a program, it times itself on an untreated patient with ALS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

import torch

from plain_cycle import MECHANISMS, Course
from plain_draws import Draws, TorchDraws
from plain_pretraining import Network, Pretrained, factors, pretrain


def simulate(
    pretrained: Pretrained,
    draws: Draws,
    *,
    constants: Mapping[str, float],
    base_rate: Mapping[str, float],
    vulnerability: Mapping[str, float],
    clearance: float,
    drugs: Mapping[str, Mapping[str, float]],
    doses: Mapping[str, Sequence[int]],
    cycles: int = 30,
    off: frozenset[str] = frozenset(),
    forms: Mapping[str, str] | None = None,
    exact: bool = True,
) -> list[dict[str, Any]]:
    """Run one network through the disease.

    Parameters
    ----------
    pretrained
        The healthy network; it is copied, so that several arms can start from it.
    draws
        The patient's random numbers, of the precision of the network.
    constants
        The model's constants by name.
    base_rate, vulnerability
        By layer, the patient's factors already in them.
    clearance
        Share of the aggregates removed in a cycle without drugs.
    drugs
        By name: ``half_life`` (cycles), ``noise_reduction``, ``pruning_reduction``,
        ``regrowth``, ``learning_rate_gain``, ``clearance_gain``.
    doses
        Cycles of the doses, by drug; empty for no treatment.
    cycles
        Length of the course.
    off
        Mechanisms that do nothing, of `MECHANISMS`.
    forms
        Forms of pruning (``sparing_biases``), of corruption and flare_corruption (of
        `plain_cycle.DAMAGE`) and of excitotoxicity (``before_rectifier``, ``sparing_logits``); the
        paper's by default.
    exact
        Whether equal keys are settled by position; False is faster.

    Returns
    -------
    list of dict
        One a cycle: ``cycle``, ``month`` and what `plain_readouts.readouts` returns.

    Raises
    ------
    ValueError
        An unknown mechanism in `off`, or a drug in `doses` that `drugs` lacks.
    """
    course = Course(
        pretrained,
        draws,
        constants=constants,
        base_rate=base_rate,
        vulnerability=vulnerability,
        clearance=clearance,
        drugs=drugs,
        doses=doses,
        off=off,
        forms=forms,
        exact=exact,
    )
    return [course.cycle(t) for t in range(cycles)]


#: The paper's sizes (Network Architecture), and typical numbers for the paper's silent constants.
SIZES = {
    "prefrontal_limbic": 512,
    "upper_motor": 512,
    "lower_motor": 256,
    "neuromuscular_junction": 128,
    "bulbar": 64,
    "respiratory": 64,
    "fine_motor": 64,
    "output": 4,
}
CONSTANTS: dict[str, float] = {
    "months_per_cycle": 1.5,
    "samples": 2000,
    "test_share": 0.2,
    "cluster_distance": 1.0,
    "cluster_sd": 0.5,
    "pretraining_epochs": 50,
    "pretraining_learning_rate": 0.001,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-8,
    "drug_level_floor": 0.05,
    "noise_base": 0.05,
    "noise_slope": 0.008,
    "noise_sparsity_gain": 3.0,
    "flare_threshold": 0.53,
    "flare_probability": 0.55,
    "flare_pruning": 1.13,
    "flare_corruption": 0.76,
    "weak_share": 0.7,
    "pruning_slope": 0.112,
    "toxicity_amplification": 1.15,
    "rate_cap": 0.5,
    "sparsity_wall": 0.964,
    "aggregate_gain": 2.1,
    "corruption_radius": 5,
    "corruption_strength": 0.010,
    "corruption_half_load": 0.055,
    "corruption_sd": 0.10,
    "regrowth_share": 0.165,
    "regrowth_penalty": 0.14,
    "impaired_clearance": 0.1,
    "regrowth_sd": 0.008,
    "regrowth_jitter": 0.05,
    "retraining_steps": 3,
    "retraining_batch": 256,
    "retraining_learning_rate": 0.006,
    "stress_smoothing": 0.1,
    "respiratory_weight": 0.6,
    "junction_weight": 0.4,
    "cognitive_aggregate": 10.0,
    "cognitive_instability": 5.0,
    "heterogeneity": 0.15,
}
ALS_BASE_RATE = {**dict.fromkeys(SIZES, 0.0667), "lower_motor": 0.0687, "output": 0.020}
ALS_VULNERABILITY = {
    "prefrontal_limbic": 1.33,
    "upper_motor": 1.82,
    "lower_motor": 1.52,
    "neuromuscular_junction": 1.52,
    "bulbar": 1.85,
    "respiratory": 1.85,
    "fine_motor": 1.85,
    "output": 0.59,
}
ALS_CLEARANCE = 0.05
KETAMINE = {
    "half_life": 3,
    "noise_reduction": 0.5,
    "pruning_reduction": 0.4,
    "regrowth": 0.6,
    "learning_rate_gain": 1.0,
    "clearance_gain": 0.0,
}


def timing(seed: int = 0) -> None:
    """Time pretraining, an untreated run and a run on maintenance ketamine; print the course."""
    draws = TorchDraws(seed)
    # the first training of a process loads parts of torch, which is not the network's time
    pretrain(draws, SIZES, {**CONSTANTS, "pretraining_epochs": 1})
    start = perf_counter()
    pretrained = pretrain(draws, SIZES, CONSTANTS)
    print(f"threads {torch.get_num_threads()}, torch {torch.__version__}")
    print(f"pretraining {perf_counter() - start:.2f} s, {pretrained.accuracy_percent:.1f} %")
    rate, harm = factors(draws, list(SIZES), CONSTANTS)
    for arm, doses in {"untreated": [], "ketamine_maintenance": list(range(3, 30, 3))}.items():
        start = perf_counter()
        course = simulate(
            pretrained,
            draws,
            constants=CONSTANTS,
            base_rate={name: ALS_BASE_RATE[name] * rate[name] for name in SIZES},
            vulnerability={name: ALS_VULNERABILITY[name] * harm[name] for name in SIZES},
            clearance=ALS_CLEARANCE,
            drugs={"ketamine": KETAMINE},
            doses={"ketamine": doses},
            exact=False,
        )
        print(f"{arm} {perf_counter() - start:.2f} s")
        print("cycle  accuracy %  sparsity %   NfL")
        for record in (course[t] for t in (0, 3, 5, 6, 8, 10, 15, 20, 29)):
            print(
                f"{record['cycle']:5d}  {record['accuracy_percent']:10.1f}"
                f"  {record['total_sparsity_percent']:10.1f}  {record['nfl_proxy']:5.1f}"
            )


__all__ = [
    "MECHANISMS",
    "Course",
    "Draws",
    "Network",
    "Pretrained",
    "TorchDraws",
    "factors",
    "pretrain",
    "simulate",
]

if __name__ == "__main__":
    timing()
