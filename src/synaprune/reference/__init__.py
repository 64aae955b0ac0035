"""One network of the model in plain torch and autograd: the yardstick of the engine.

It follows one patient under one treatment, one tensor after the other, as a reader of the model
would write it down, and imports nothing of the rest of this software. What chance decides comes
from a `Draws`: `PublishedDraws` draws in the order of the author's published notebook (Ngo Cheung,
"Maintenance Plasticity Rescue Slows ALS Progression in a Pruning-Continuum Model", 2026), so that
the very network of the paper is repeated; `NamedDraws` takes the engine's named streams, so that
both programs must give the same numbers.
"""

from synaprune.reference.course import Course, Healthy, follow, pretrain, run
from synaprune.reference.draws import Draws, Task
from synaprune.reference.named_draws import NamedDraws, Streams
from synaprune.reference.published_draws import PublishedDraws
from synaprune.reference.scenario import LAYERS, Constants, Drug, Layer, Scenario

__all__ = [
    "LAYERS",
    "Constants",
    "Course",
    "Draws",
    "Drug",
    "Healthy",
    "Layer",
    "NamedDraws",
    "PublishedDraws",
    "Scenario",
    "Streams",
    "Task",
    "follow",
    "pretrain",
    "run",
]
