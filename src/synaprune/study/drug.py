"""What a drug does, in terms of the mechanisms it changes and how fast it wears off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from synaprune.study.part import Part
from synaprune.study.rules import Number, Text

Share = Annotated[float, Number(0, 1)]
Gain = Annotated[float, Number(0)]


class Drug(Part):
    """A drug by its effects at full level.

    A dose sets the level d to 1; it halves every `half_life` cycles. Effects left out are 0. The
    paper describes two drugs (Treatment Implementation).

    Examples
    --------
    >>> Drug(half_life=2, noise_reduction=0.3).pruning_reduction
    0.0
    """

    title: Annotated[str | None, Text()] = Field(default=None, description="Name in words.")
    half_life: Annotated[float, Number(0, above=True)] = Field(
        description="Cycles until half of a dose is left."
    )
    noise_reduction: Share = Field(default=0.0, description="Noise x (1 - reduction x d).")
    pruning_reduction: Share = Field(default=0.0, description="Pruning rate x (1 - reduction x d).")
    regrowth: Annotated[float, Number(0, 10)] = Field(
        default=0.0, description="Strength of regrowth x d; 0 means that nothing grows back."
    )
    learning_rate_gain: Gain = Field(default=0.0, description="Learning rate x (1 + gain x d).")
    clearance_gain: Gain = Field(default=0.0, description="Clearance x (1 + gain x d), up to 1.")
