"""Adam (Kingma and Ba, 2015), the optimiser of pretraining (Simulation Procedure).

Written out because torch's own needs more than a second in every new process to load what it could
compile; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import torch
from torch import Tensor

from synaprune.model.constants import Constants


class Adam:
    """Moving averages of each parameter's gradient and of its square.

    Parameters
    ----------
    parameters
        Changed in place.
    constants
        Learning rate, betas and epsilon.

    Attributes
    ----------
    steps
        Steps so far, the one under way included; raised by the caller.
    """

    def __init__(self, parameters: Sequence[Tensor], constants: Constants) -> None:
        self.steps = 0
        self._parameters, self._constants = parameters, constants
        self._means = [torch.zeros_like(parameter) for parameter in parameters]
        self._squares = [torch.zeros_like(parameter) for parameter in parameters]

    def step(self, number: int, gradient: Tensor) -> None:
        """Move one parameter down its gradient."""
        constants = self._constants
        beta1, beta2 = constants.adam_beta1, constants.adam_beta2
        mean, square = self._means[number], self._squares[number]
        mean.lerp_(gradient, 1.0 - beta1)
        square.mul_(beta2).addcmul_(gradient, gradient, value=1.0 - beta2)
        rate = constants.pretraining_learning_rate / (1.0 - beta1**self.steps)
        size = square.sqrt().div_(sqrt(1.0 - beta2**self.steps)).add_(constants.adam_epsilon)
        self._parameters[number].addcdiv_(mean, size, value=-rate)
