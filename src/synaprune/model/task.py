"""The task: which of four motor functions a point in the plane belongs to.

Four Gaussian clusters at plus or minus one on each axis, one a function (Network Architecture).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from synaprune.model.circuit import CLASSES, INPUT_UNITS
from synaprune.model.constants import Constants
from synaprune.model.draws import Draws
from synaprune.model.selection import smallest

#: Signs of the cluster centres, in the order of `CLASSES`.
CENTRES = ((1, 1), (1, -1), (-1, 1), (-1, -1))


@dataclass(frozen=True, slots=True)
class Task:
    """The points of one patient.

    Attributes
    ----------
    train_points, test_points
        (2, points).
    train_labels, test_labels
        int64, (points,), positions in `CLASSES`.
    """

    train_points: Tensor
    train_labels: Tensor
    test_points: Tensor
    test_labels: Tensor


def draw_batch(draws: Draws, purpose: str, size: int, points: int, step: int) -> Tensor:
    """Draw some of the training points without replacement; all of them where there are fewer.

    Returns
    -------
    torch.Tensor
        Their positions in ascending order, int64: (min(size, points),).
    """
    keys = draws.uniform(purpose, (points,), step=step)
    return torch.nonzero(smallest(keys, size)).flatten()


def draw_task(constants: Constants, draws: Draws) -> Task:
    """Draw the points of one patient and split them at random.

    Classes are equally large up to rounding (silent); the split ignores them (silent).
    """
    points = draws.normal("cluster", (constants.samples, INPUT_UNITS))
    number = torch.arange(constants.samples, device=points.device)
    labels = number * len(CLASSES) // constants.samples
    centres = torch.tensor(CENTRES, dtype=points.dtype, device=points.device)
    points = constants.cluster_distance * centres[labels] + constants.cluster_sd * points
    order = torch.argsort(draws.uniform("split", (constants.samples,)), stable=True)
    held_out = round(constants.test_share * constants.samples)
    test, train = order[:held_out], order[held_out:]
    return Task(
        train_points=points[train].T.contiguous(),
        train_labels=labels[train],
        test_points=points[test].T.contiguous(),
        test_labels=labels[test],
    )
