"""The circuit picture as a moving part of the page: the figure's shapes, for every cycle.

Places, colours and steps are those of the figure; here they become attributes of SVG elements
that follow the cycle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_hex
from numpy.typing import NDArray

from synaprune.app.frames import TEXT, Frames
from synaprune.app.marks import Mark
from synaprune.figures.circuit import (
    BAND,
    COLUMNS,
    FEEDS,
    HALO,
    HATCH_STEPS,
    HEIGHT,
    STREAMS,
    WIDEST_HALO,
    WIDTH,
    colour_of,
)
from synaprune.figures.circuit_state import LayerState, circuit_state
from synaprune.figures.material import Material
from synaprune.figures.style import FAINT, INK
from synaprune.figures.words import LAYER_NAMES, in_sentence, number, patients_in_words

#: Sparsity from which hatching is white.
_DARK = 0.55

#: Width and height of the picture with its names, in millimetres.
VIEW = (175, 56)

#: Space above the columns for halos, in millimetres of the picture.
_TOP = 4.0

#: Steps of the colour scale in the key.
_KEY_STEPS = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A layer in the picture; places in millimetres."""

    key: str
    left: float
    top: float
    height: float
    title: str
    symptom: str
    stream: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The circuit of one arm.

    Attributes
    ----------
    title
        Profile and arm in words.
    columns
        The layers.
    bands
        Ids of the connections between them.
    marks
        The layers' values; their labels follow the cycle.
    frames
        Everything that follows the cycle.
    """

    title: str
    columns: tuple[Column, ...]
    bands: tuple[str, ...]
    marks: tuple[Mark, ...]
    frames: Frames

    #: What the template needs beside it.
    width: float = WIDTH
    tall: float = HEIGHT
    band: str = BAND
    ink: str = INK
    faint: str = FAINT
    view: tuple[int, int] = VIEW


def fits(material: Material) -> bool:
    """Whether a run has the layers of the picture."""
    return set(COLUMNS) <= set(material.layer_names)


def picture(material: Material, profile: str, arm: str, prefix: str) -> Picture:
    """Work out the circuit of an arm at every cycle.

    Parameters
    ----------
    material
        The run.
    profile, arm
        What is shown.
    prefix
        Put before all ids.
    """
    states = [circuit_state(material, profile, arm, cycle) for cycle in range(material.cycles)]
    frames = Frames()
    for layer in COLUMNS:
        _follow(frames, f"{prefix}-{layer}", layer, [state[layer] for state in states])
    for source, target in FEEDS:
        outlines = [_band(source, target, 1 - state[target].sparsity) for state in states]
        frames.add(f"{prefix}-band-{target}", "d", outlines)
    marks = _marks(frames, material, (profile, arm), states, prefix)
    title = f"{material.profiles[profile]}, {in_sentence(material.arm_titles[arm])}"
    columns = tuple(
        Column(f"{prefix}-{layer}", left, top + _TOP, height, *LAYER_NAMES[layer], layer in STREAMS)
        for layer, (left, top, height) in COLUMNS.items()
    )
    bands = tuple(f"{prefix}-band-{target}" for _, target in FEEDS)
    return Picture(title, columns, bands, marks, frames)


def key_colours() -> list[str]:
    """List colours from intact to pruned, for the key."""
    return [to_hex(colour_of(step / (_KEY_STEPS - 1))) for step in range(_KEY_STEPS)]


def _follow(frames: Frames, key: str, layer: str, states: list[LayerState]) -> None:
    """Let fill, hatching, halo and number of a column follow the cycle."""
    stream = f"{LAYER_NAMES[layer][0]}, " if layer in STREAMS else ""
    parts: dict[tuple[str, str], Callable[[LayerState], object]] = {
        ("fill", "fill"): lambda state: to_hex(colour_of(state.sparsity)),
        ("hatch", "fill"): _hatch,
        ("halo", "stroke-width"): lambda s: f"{2 * min(HALO * s.noise, WIDEST_HALO):.2f}",
        ("share", TEXT): lambda s: f"{stream}{number(100 * s.sparsity, 0)} %",
    }
    for (part, attribute), value in parts.items():
        frames.add(f"{key}-{part}", attribute, [value(state) for state in states])


def _marks(
    frames: Frames,
    material: Material,
    where: tuple[str, str],
    states: list[dict[str, LayerState]],
    prefix: str,
) -> tuple[Mark, ...]:
    """Mark the middle of every column; its label follows the cycle."""
    marks = []
    for place, (layer, (left, top, height)) in enumerate(COLUMNS.items()):
        pruned = material.layer_course(*where, layer, "sparsity_percent")
        what = f"{LAYER_NAMES[layer][0]}, {in_sentence(material.arm_titles[where[1]])}"
        labels = [
            f"{what}, cycle {cycle}: {'; '.join(_words(state[layer], pruned[:, cycle]))}"
            for cycle, state in enumerate(states)
        ]
        key = f"{prefix}-{layer}-mark"
        frames.add(key, "aria-label", labels)
        at = 100 * (left + WIDTH / 2) / VIEW[0], 100 * (top + _TOP + height / 2) / VIEW[1]
        marks.append(Mark(0, place, labels[-1], (at,), key))
    return tuple(marks)


def _words(state: LayerState, pruned: NDArray[np.float64]) -> list[str]:
    """Say the state of a layer, with the spread over patients where there are several."""
    several = len(pruned) > 1
    edges = [number(float(edge), 1) for edge in np.quantile(pruned, (0.025, 0.975))]
    return [
        f"{number(100 * state.sparsity, 1)} % pruned{' (median)' if several else ''}",
        *([f"95 % of patients {edges[0]} to {edges[1]} %"] if several else []),
        f"aggregate {number(state.aggregate, 2)}",
        f"noise {number(state.noise, 2)}",
        patients_in_words(len(pruned)),
    ]


def _hatch(state: LayerState) -> str:
    density = sum(state.aggregate >= step for step in HATCH_STEPS)
    if not density:
        return "none"
    return f"url(#hatch-{density}-{'light' if state.sparsity > _DARK else 'dark'})"


def _band(source: str, target: str, alive: float) -> str:
    """Outline the connections into a layer, as thick as the share that is alive."""
    left, top, height = COLUMNS[source]
    x0, y0, half0 = left + WIDTH, top + _TOP + height / 2, height / 2 * alive
    left, top, height = COLUMNS[target]
    x1, y1, half1 = left, top + _TOP + height / 2, height / 2 * alive
    middle = (x0 + x1) / 2
    return (
        f"M{x0:g} {y0 - half0:.2f}C{middle:g} {y0 - half0:.2f} {middle:g} {y1 - half1:.2f} "
        f"{x1:g} {y1 - half1:.2f}V{y1 + half1:.2f}C{middle:g} {y1 + half1:.2f} "
        f"{middle:g} {y0 + half0:.2f} {x0:g} {y0 + half0:.2f}Z"
    )
