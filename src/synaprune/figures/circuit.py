"""The product's face: the circuit as a clinician knows it, losing its connections.

Each layer is a column, light while intact and dark when pruned; hatching thickens with
aggregates, the halo widens with noise, and the bands between layers thin out as connections go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path

from synaprune.figures.animation import moving
from synaprune.figures.captions import captioned
from synaprune.figures.circuit_state import LayerState, Scene, circuit_state, telling_scene
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, INK, SMALL, TWO_COLUMNS, in_house_style
from synaprune.figures.words import LAYER_NAMES, in_sentence, listed, number, time_in_words

#: Left edge, top and height of each column, in millimetres of the picture.
COLUMNS = {
    "prefrontal_limbic": (12.0, 0.0, 40.0),
    "upper_motor": (43.0, 0.0, 40.0),
    "lower_motor": (74.0, 6.0, 28.0),
    "neuromuscular_junction": (105.0, 11.0, 18.0),
    "bulbar": (131.0, 0.0, 10.0),
    "respiratory": (131.0, 15.0, 10.0),
    "fine_motor": (131.0, 30.0, 10.0),
}
FEEDS = (
    ("prefrontal_limbic", "upper_motor"),
    ("upper_motor", "lower_motor"),
    ("lower_motor", "neuromuscular_junction"),
    ("neuromuscular_junction", "bulbar"),
    ("neuromuscular_junction", "respiratory"),
    ("neuromuscular_junction", "fine_motor"),
)
STREAMS = ("bulbar", "respiratory", "fine_motor")
WIDTH, HEIGHT = 6.0, 40.0

#: Aggregate loads from which the hatching is one step denser.
HATCH_STEPS = (0.1, 0.5, 1.0, 1.5)

#: Millimetres of halo for a noise of 1, and the widest halo.
HALO, WIDEST_HALO = 1.5, 3.5

_SCALE = "cividis_r"
BAND = "#b8c2cc"
_DARK = 0.55
_OF_SCALE, _OF_TONE = 150, 50
_TOP, _PICTURE, _FOOT = 7.0, 44.0, 33.0


def planned(material: Material) -> Planned:
    """Describe the figure."""
    scene = telling_scene(material)
    when = time_in_words(scene.cycle, material.months(scene.profile))
    why = "the cycle at which the arms shown differ most" if scene.arms[1:] else "the final cycle"
    return captioned(
        material,
        name="circuit",
        title=f"The circuit at {when}",
        drawn=f"Median over patients with {in_sentence(material.profiles[scene.profile])} at "
        f"{when}, {why}. A column is a layer with the symptom read from it: light is intact, "
        "dark is pruned; the number is the share pruned. "
        "Denser hatching is more aggregate, a wider halo is more noise, and bands between layers "
        "thin out as connections go.",
        seen=seen(material, scene),
        make=lambda: figure(material, scene),
        animate=lambda: moving(
            lambda cycle: figure(material, replace(scene, cycle=cycle)),
            material.cycles,
            colours(),
        ),
    )


def seen(material: Material, scene: Scene) -> str:
    """Say how much of the circuit each arm has lost."""
    lost = []
    for arm in scene.arms:
        course = material.course(scene.profile, arm, "total_sparsity_percent")[:, scene.cycle]
        share = number(float(np.median(course)), 0)
        lost.append(f"{in_sentence(material.arm_titles[arm])} {share} %")
    return f"Share of all connections gone by then: {listed(lost)}."


@in_house_style
def figure(material: Material, scene: Scene) -> Figure:
    """Draw one circuit an arm, one below the other.

    Parameters
    ----------
    material
        The run.
    scene
        What to show.
    """
    pitch = _TOP + _PICTURE + 7
    sheet = Sheet(TWO_COLUMNS, pitch * len(scene.arms) + _FOOT - 9)
    for place, arm in enumerate(scene.arms):
        ax = _panel(sheet, place * pitch + _TOP, _PICTURE)
        draw_circuit(ax, circuit_state(material, scene.profile, arm, scene.cycle))
        title = f"{material.profiles[scene.profile]}, {in_sentence(material.arm_titles[arm])}"
        sheet.text(2, place * pitch + 1, title, weight="bold")
    when = time_in_words(scene.cycle, material.months(scene.profile))
    sheet.text(sheet.width - 2, 1, when.capitalize(), ha="right")
    names = pitch * len(scene.arms) - 5
    _draw_names(_panel(sheet, names - 2, 10))
    _draw_key(_panel(sheet, names + 12, 14))
    return sheet.figure


def _panel(sheet: Sheet, top: float, height: float) -> Axes:
    """Add axes that count in millimetres from their own upper left corner."""
    ax = sheet.panel(0, top, sheet.width, height)
    ax.set_xlim(0, sheet.width)
    ax.set_ylim(height, 0)
    ax.set_axis_off()
    return ax


def draw_circuit(ax: Axes, state: dict[str, LayerState]) -> None:
    """Draw columns, bands, hatching and halos.

    Parameters
    ----------
    ax
        Counting in millimetres, downwards.
    state
        By layer.
    """
    for source, target in FEEDS:
        _draw_band(ax, source, target, 1 - state[target].sparsity)
    for name, (left, top, height) in COLUMNS.items():
        layer = state[name]
        _draw_column(ax, left, top + 2, height, layer, name)
        words = f"{number(100 * layer.sparsity, 0)} %"
        if name in STREAMS:
            title, symptom = LAYER_NAMES[name]
            ax.text(left + WIDTH + 4, top + 2 + height / 2, f"{title}, {words}\n{symptom}",
                    va="center", fontsize=SMALL, color=INK)  # fmt: skip
        else:
            ax.text(left + WIDTH / 2, top + height / 2 + 2, words, ha="center", va="center",
                    fontsize=SMALL, color=INK, zorder=4,
                    bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"})  # fmt: skip


def _draw_band(ax: Axes, source: str, target: str, alive: float) -> None:
    """Draw the connections into a layer, as thick as the share that is alive."""
    left, top, height = COLUMNS[source]
    x0, y0 = left + WIDTH, top + 2 + height / 2
    half0 = height / 2 * alive
    left, top, height = COLUMNS[target]
    x1, y1, half1 = left, top + 2 + height / 2, height / 2 * alive
    middle = (x0 + x1) / 2
    points = [(x0, y0 - half0), (middle, y0 - half0), (middle, y1 - half1), (x1, y1 - half1),
              (x1, y1 + half1), (middle, y1 + half1), (middle, y0 + half0), (x0, y0 + half0),
              (x0, y0 - half0)]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    band = PathPatch(Path(points, codes), fc=BAND, ec=BAND, lw=0.4, alpha=0.75, zorder=1)
    band.set_gid(f"band-{target}")
    ax.add_patch(band)


def _draw_column(
    ax: Axes, left: float, top: float, height: float, layer: LayerState, name: str
) -> None:
    halo = min(HALO * layer.noise, WIDEST_HALO)
    ax.add_patch(
        FancyBboxPatch((left, top), WIDTH, height, boxstyle=f"round,pad={halo:.4f}", fc=FAINT,
                       ec="none", alpha=0.28, zorder=2)
    )  # fmt: skip
    hatch = "/" * sum(layer.aggregate >= step for step in HATCH_STEPS)
    mark = "white" if layer.sparsity > _DARK else INK
    column = Rectangle((left, top), WIDTH, height, fc=colour_of(layer.sparsity), ec=mark, lw=0,
                       hatch=hatch * 2 or None, zorder=3)  # fmt: skip
    column.set_gid(f"layer-{name}")
    ax.add_patch(column)
    ax.add_patch(Rectangle((left, top), WIDTH, height, fc="none", ec=INK, lw=0.6, zorder=3.5))


def colour_of(sparsity: float) -> tuple[float, float, float, float]:
    """Colour of a layer: light is intact, dark is pruned."""
    red, green, blue, alpha = colormaps[_SCALE](float(sparsity))
    return red, green, blue, alpha


def colours() -> list[tuple[float, float, float]]:
    """List the colours of the picture: the scale, and the way from white to text and bands."""
    found = [colour_of(float(sparsity))[:3] for sparsity in np.linspace(0, 1, _OF_SCALE)]
    for end in (INK, BAND):
        for tone in np.linspace(np.ones(3), to_rgb(end), _OF_TONE):
            found.append((float(tone[0]), float(tone[1]), float(tone[2])))
    return found


def _draw_names(ax: Axes) -> None:
    """Name the columns, with the symptom that is read from each."""
    for name, (left, _, _) in COLUMNS.items():
        if name in STREAMS:
            continue
        title, symptom = LAYER_NAMES[name]
        ax.text(left + WIDTH / 2, 2, title.replace(" j", "\nj"), ha="center", va="top",
                fontsize=SMALL, color=INK)  # fmt: skip
        lines = 2 if " j" in title else 1
        ax.text(left + WIDTH / 2, 2 + 3.4 * lines, symptom, ha="center", va="top",
                fontsize=SMALL, color=FAINT)  # fmt: skip


def _draw_key(ax: Axes) -> None:
    """Explain colour, hatching and halo."""
    _say(ax, 2, "Pruned", 5)
    for step in range(40):
        left = 16 + step * 0.7
        ax.add_patch(Rectangle((left, 3), 0.72, 4, fc=colour_of(step / 39), ec="none"))
    _say(ax, 16, "0", 11.5, ha="center")
    _say(ax, 44, "100 %", 11.5, ha="center")
    _say(ax, 56, "Aggregate", 5)
    for place, load in enumerate((0.0, 0.5, 1.5)):
        _key_column(ax, 74 + 11.0 * place, LayerState(0.35, load, 0.0), load)
    _say(ax, 112, "Noise", 5)
    for place, noise in enumerate((0.0, 1.0, 2.0)):
        _key_column(ax, 126 + 14.0 * place, LayerState(0.35, 0.0, noise), noise)


def _say(
    ax: Axes, left: float, words: str, top: float, *, ha: Literal["left", "center"] = "left"
) -> None:
    ax.text(left, top, words, ha=ha, va="center", fontsize=SMALL, color=INK)


def _key_column(ax: Axes, left: float, state: LayerState, value: float) -> None:
    _draw_column(ax, left, 3, 4, state, f"key-{left:g}")
    _say(ax, left + WIDTH / 2, f"{value:g}", 11.5, ha="center")
