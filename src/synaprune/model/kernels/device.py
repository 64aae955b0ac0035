"""The kernels in tensor operations, for any device."""

from __future__ import annotations

import torch
from torch import Tensor

from synaprune.model.selection import smallest


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


def moments(weight: Tensor) -> tuple[float, float]:
    """See `Kernels.moments`."""
    wide = weight.double()
    return float(wide.sum()), float((wide * wide).sum())


def activate(values: Tensor, bias: Tensor, noise: Tensor, sd: float) -> Tensor:
    """See `Kernels.activate`."""
    values.add_(bias[:, None]).relu_()
    heard = values > 0
    values.add_(noise, alpha=sd)
    return heard


def rectify_back(slope: Tensor, heard: Tensor) -> Tensor:
    """See `Kernels.rectify_back`."""
    slope.mul_(heard)
    return slope.sum(dim=1)


def descend(weight: Tensor, alive: Tensor, gradient: Tensor, rate: float) -> Tensor:
    """See `Kernels.descend`."""
    gradient = gradient * alive
    weight.sub_(gradient, alpha=rate)
    return gradient.abs().sum(dim=1) / alive.sum(dim=1).clamp(min=1)


def descend_bias(bias: Tensor, alive: Tensor, slope: Tensor, rate: float) -> None:
    """See `Kernels.descend_bias`."""
    bias.sub_(slope * alive, alpha=rate)


def loss_slope(logits: Tensor, labels: Tensor) -> Tensor:
    """See `Kernels.loss_slope`."""
    slope = torch.softmax(logits, dim=0)
    slope[labels, torch.arange(len(labels), device=slope.device)] -= 1
    return slope / len(labels)
