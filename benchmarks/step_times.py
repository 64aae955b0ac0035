"""Where a block spends its time, and how near its products come to the machine's peak."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import torch

from synaprune.engine import block as blocks
from synaprune.engine.plan import Block
from synaprune.engine.randomness import Streams
from synaprune.engine.record import Record
from synaprune.model import cycle
from synaprune.model.circuit import Circuit
from synaprune.model.cycle import choose_mechanisms
from synaprune.model.mechanisms import retraining
from synaprune.study import ResolvedStudy

#: Profiles that differ in how much of the circuit stays.
PROFILES = ("als_standard", "mdd", "control")

#: The profile that stays dense, whose retraining is all matrix products.
DENSE = "control"


class Clock:
    """Adds up the seconds spent in functions; time in a timed function inside counts there."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner = [0.0]

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function."""

        def run(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            start = perf_counter()
            result = function(*arguments, **named)
            whole = perf_counter() - start
            own = whole - self._inner.pop()
            self._inner[-1] += whole
            self.seconds[name] = self.seconds.get(name, 0.0) + own
            return result

        return run


def gemm_peak(repeats: int = 20) -> float:
    """Best float32 matrix product rate of one thread, in GFLOP/s."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        best = 0.0
        for size in (512, 1024):
            one, other = torch.ones(size, size), torch.ones(size, size)
            for _ in range(repeats):
                start = perf_counter()
                _ = one @ other
                best = max(best, 2 * size**3 / (perf_counter() - start) / 1e9)
        return best
    finally:
        torch.set_num_threads(before)


def step_times(study: ResolvedStudy) -> tuple[dict[str, dict[str, float]], float]:
    """Simulate one patient of some profiles; share of the time by step.

    Returns
    -------
    shares
        By profile and step.
    rate
        GFLOP/s of the retraining step of the dense profile, its noise and updates included.
    """
    shares, rate = {}, 0.0
    block = Block(0, DENSE, range(1))
    blocks.simulate_block(study, block, choose_mechanisms(study.mechanisms))  # pretrains
    for profile in PROFILES:
        clock, passes = _time_block(study, profile)
        whole = sum(clock.seconds.values())
        ordered = sorted(clock.seconds.items(), key=lambda item: -item[1])
        shares[profile] = {name: seconds / whole for name, seconds in ordered}
        if profile == DENSE:
            rate = passes * _flops(study) / clock.seconds["retraining"] / 1e9
    return shares, rate


def _time_block(study: ResolvedStudy, profile: str) -> tuple[Clock, int]:
    """Time one block; count its gradient passes."""
    clock = Clock()
    step, passes = retraining._step, [0]

    def counted(*arguments: Any, **named: Any) -> None:
        passes[0] += 1
        step(*arguments, **named)

    changes: list[tuple[Any, str, Callable[..., Any]]] = [
        (retraining, "_step", counted),
        (Streams, "normal", clock.timed("draws", Streams.normal)),
        (Streams, "uniform", clock.timed("draws", Streams.uniform)),
        (Record, "add", clock.timed("readouts", Record.add)),
        (cycle, "evaluate", clock.timed("evaluation", cycle.evaluate)),
    ]
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in changes]
    mechanisms = {
        name: None if form is None else clock.timed(name, form)
        for name, form in choose_mechanisms(study.mechanisms).items()
    }
    try:
        for owner, name, function in changes:
            setattr(owner, name, function)
        blocks.simulate_block(study, Block(0, profile, range(1)), mechanisms)
    finally:
        for owner, name, function in originals:
            setattr(owner, name, function)
    return clock, passes[0]


def _flops(study: ResolvedStudy) -> float:
    """Multiplications and additions of one dense gradient pass."""
    samples = study.constants.retraining_batch
    flops = 0.0
    for layer in Circuit.of_sizes(study.circuit):
        products = 3 if layer.fed_by else 2
        flops += 2.0 * products * layer.connections * samples
    return flops
