"""The kernels in tensor operations, for any device."""

from __future__ import annotations

import torch
from torch import Tensor

from synaprune.model.selection import smallest

#: Whether slopes may leave out silent units: finding them would make the device wait.
PACKS = False


def native(tensor: Tensor) -> Tensor:
    """See `Kernels.native`."""
    return tensor


def count(alive: Tensor) -> int:
    """See `Kernels.count`."""
    return int(torch.count_nonzero(alive))


def prune(values: Tensor, alive: Tensor, keys: Tensor, weak: int, chance: int) -> Tensor:
    """See `Kernels.prune`."""
    candidates = torch.nonzero(alive.view(-1)).flatten()
    flat = values.view(-1)
    weakest = smallest(flat[candidates].abs(), weak)
    rest = candidates[~weakest]
    drawn = smallest(keys.view(-1)[rest], chance)
    pruned = torch.cat([candidates[weakest], rest[drawn]])
    flat[pruned] = 0.0
    alive.view(-1)[pruned] = False
    marks = torch.zeros(alive.numel(), dtype=torch.bool, device=alive.device)
    marks[pruned] = True
    return marks


def clear(values: Tensor, alive: Tensor) -> None:
    """See `Kernels.clear`."""
    values.mul_(alive)


def corrupt(weight: Tensor, where: Tensor, kept: float, spread: float, chance: Tensor) -> None:
    """See `Kernels.corrupt`."""
    at = torch.nonzero(where.view(-1)).flatten()
    flat = weight.view(-1)
    flat[at] = flat[at] * kept + chance.view(-1)[at] * spread


def fade(weight: Tensor, where: Tensor, kept: float) -> None:
    """See `Kernels.fade`."""
    weight.view(-1)[where.view(-1)] *= kept


def smooth(average: Tensor, values: Tensor, rate: float) -> None:
    """See `Kernels.smooth`."""
    average.mul_(1.0 - rate).add_(values.abs(), alpha=rate)


def mean_alive(values: Tensor, alive: Tensor, means: Tensor) -> None:
    """See `Kernels.mean_alive`."""
    sizes = (values.abs() * alive).sum(dim=1)
    means.copy_(sizes / alive.sum(dim=1).clamp(min=1))


def neighbours(marks: Tensor, alive: Tensor, radius: int) -> Tensor:
    """See `Kernels.neighbours`."""
    near = marks.flatten().clone()
    reached = 0
    while reached < min(radius, len(near) - 1):
        step = min(reached + 1, radius - reached, len(near) - 1)
        before = near.clone()
        near[step:] |= before[:-step]
        near[:-step] |= before[step:]
        reached += step
    return near & alive.view(-1)


def revive(alive: Tensor, need: Tensor, order: Tensor, jitter: float, number: int) -> Tensor:
    """See `Kernels.revive`."""
    score = need.view(-1, 1) + jitter * order.view(len(need), -1)
    dead = torch.nonzero(~alive.view(-1)).flatten()
    back = dead[smallest(-score.view(-1)[dead], number)]
    alive.view(-1)[back] = True
    return back


def hits(logits: Tensor, labels: Tensor) -> int:
    """See `Kernels.hits`."""
    return int(torch.count_nonzero(logits.argmax(dim=0) == labels))


def moments(weight: Tensor) -> tuple[float, float]:
    """See `Kernels.moments`."""
    wide = weight.double()
    return float(wide.sum()), float((wide * wide).sum())


def activate(
    values: Tensor, bits: Tensor, bias: Tensor, noise: Tensor, sd: float, heard: Tensor,
    rounded: bool, narrow: bool, first: bool,
) -> None:  # fmt: skip
    """See `Kernels.activate`."""
    if rounded:
        values.copy_(bits)
    values.add_(bias[:, None])
    if first:
        values.add_(noise, alpha=sd)
    values.relu_()
    torch.gt(values, 0, out=heard)
    if not first:
        values.add_(noise, alpha=sd)
    if narrow:
        bits.copy_(values)


def offset(
    values: Tensor, bits: Tensor, bias: Tensor, noise: Tensor, sd: float, rounded: bool
) -> None:
    """See `Kernels.offset`."""
    if rounded:
        values.copy_(bits)
    values.add_(bias[:, None]).add_(noise, alpha=sd)


def loss_slope(logits: Tensor, labels: Tensor, slope: Tensor) -> None:
    """See `Kernels.loss_slope`."""
    slope.copy_(torch.softmax(logits, dim=0))
    slope[labels, torch.arange(len(labels), device=slope.device)] -= 1
    slope.div_(len(labels))


def sum_samples(slope: Tensor, bits: Tensor, sums: Tensor, narrow: bool) -> None:
    """See `Kernels.sum_samples`."""
    torch.sum(slope, dim=1, out=sums)
    if narrow:
        bits.copy_(slope)


def rectify_back(
    slope: Tensor, bits: Tensor, heard: Tensor, sums: Tensor, units: Tensor,
    rounded: bool, narrow: bool, pack: int,
) -> int:  # fmt: skip
    """See `Kernels.rectify_back`."""
    if pack:
        raise NotImplementedError("silent units stay on this device")
    if rounded:
        slope.copy_(bits)
    slope.mul_(heard)
    sum_samples(slope, bits, sums, narrow)
    return len(units)


def gather(weight: Tensor, units: Tensor, rows: Tensor) -> None:
    """See `Kernels.gather`."""
    rows.copy_(weight[units[: len(rows)]])


def descend_rows(
    weight: Tensor, alive: Tensor, gradient: Tensor, units: Tensor, rate: float
) -> None:
    """See `Kernels.descend_rows`."""
    at = units[: len(gradient)]
    weight[at] -= rate * (gradient * alive[at])


def descend_rows_measured(
    weight: Tensor, alive: Tensor, gradient: Tensor, units: Tensor, rate: float, whole: Tensor
) -> None:
    """See `Kernels.descend_rows_measured`."""
    whole.zero_()
    whole[units[: len(gradient)]] = gradient
    descend_rows(weight, alive, gradient, units, rate)


def descend_half(
    weight: Tensor, bits: Tensor, alive: Tensor, gradient: Tensor, units: Tensor, rate: float
) -> None:
    """See `Kernels.descend_half`."""
    descend_rows(weight, alive, gradient.to(weight.dtype), units, rate)
    bits.copy_(weight)


def descend_half_measured(
    weight: Tensor, bits: Tensor, alive: Tensor, gradient: Tensor, units: Tensor, rate: float,
    whole: Tensor,
) -> None:  # fmt: skip
    """See `Kernels.descend_half_measured`."""
    descend_rows_measured(weight, alive, gradient.to(weight.dtype), units, rate, whole)
    bits.copy_(weight)


def descend_bias(bias: Tensor, alive: Tensor, slope: Tensor, rate: float) -> None:
    """See `Kernels.descend_bias`."""
    bias.sub_(slope * alive, alpha=rate)
