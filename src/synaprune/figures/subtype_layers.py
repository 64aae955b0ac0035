"""The published Figure 3: which parts of the circuit fall first when ALS starts in the bulbus."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synaprune.figures.bands import draw_course
from synaprune.figures.captions import captioned, reading
from synaprune.figures.crossing import at_cycle, first_above
from synaprune.figures.end_labels import EndLabel, draw_end_labels
from synaprune.figures.material import FloatArray, Material
from synaprune.figures.palette import DASHES, MARKERS, Look
from synaprune.figures.published_marks import (
    draw_network,
    draw_published,
    published_end,
    published_text,
)
from synaprune.figures.record import Planned
from synaprune.figures.sheet import Sheet
from synaprune.figures.style import FAINT, TWO_COLUMNS, in_house_style
from synaprune.figures.time_axis import draw_flares, time_axis
from synaprune.figures.value_axis import percent_axis
from synaprune.figures.words import LAYER_NAMES, in_sentence, listed, number
from synaprune.paper.published import maximum
from synaprune.paper.scenarios import UNTREATED

PROFILE, COMPARED = "als_bulbar", "als_standard"

#: Layers with the score that Table 3 reads from them alone, where it has one.
LAYERS = {
    "bulbar": "bulbar_score",
    "respiratory": None,
    "fine_motor": "fine_motor_score",
    "lower_motor": "weakness_score",
}

_HALF = 50.0
_LEFT, _TOP, _NAMES = 14.0, 14.5, 54.0
_ALL_HEIGHT, _BELOW_ALL, _ONE_HEIGHT, _GAP = 50.0, 25.0, 30.0, 11.0


def planned(material: Material) -> Planned:
    """Describe the figure."""
    return captioned(
        material,
        name="bulbar_onset",
        title="Layers of the circuit in bulbar-onset ALS",
        drawn="Sparsity of four layers in untreated bulbar-onset ALS, together and each with its "
        "patients. The dashed grey line is the median of standard ALS. Published end values are "
        "the scores of Table 3 turned into sparsity.",
        seen=seen(material),
        make=lambda: figure(material),
    )


def seen(material: Material) -> str:
    """Say when the median patient has lost half of each layer."""
    reached = [
        f"{in_sentence(LAYER_NAMES[layer][0])} "
        f"{at_cycle(first_above(_course(material, PROFILE, layer), _HALF))}"
        for layer in LAYERS
    ]
    return f"In the median half of the connections are lost: {listed(reached)}."


def _course(material: Material, profile: str, layer: str) -> FloatArray:
    return material.layer_course(profile, UNTREATED, layer, "sparsity_percent")


@in_house_style
def figure(material: Material) -> Figure:
    """Draw the sparsity of four layers, together and one by one.

    Parameters
    ----------
    material
        The run.
    """
    sheet = Sheet(TWO_COLUMNS, _TOP + _ALL_HEIGHT + _BELOW_ALL + _ONE_HEIGHT + 19)
    ax = sheet.panel(_LEFT, _TOP, TWO_COLUMNS - _LEFT - _NAMES, _ALL_HEIGHT)
    _draw_together(ax, material)
    ax.set_title(f"{material.profiles[PROFILE]}, untreated: four layers", pad=5)
    width = (TWO_COLUMNS - _LEFT - len(LAYERS) * _GAP) / len(LAYERS)
    for place, layer in enumerate(LAYERS):
        left = _LEFT + place * (width + _GAP)
        ax = sheet.panel(left, _TOP + _ALL_HEIGHT + _BELOW_ALL, width, _ONE_HEIGHT)
        _draw_alone(ax, material, layer)
        if place:
            ax.set_yticklabels([])
    sheet.key(reading(doses=False, network=True, ends=True), _LEFT)
    return sheet.figure


def _look(material: Material, layer: str) -> Look:
    """Give a layer its marker and dash; the colour is the arm's."""
    place = list(LAYERS).index(layer)
    return Look(material.looks[UNTREATED].colour, MARKERS[place], DASHES[place])


def _draw_together(ax: Axes, material: Material) -> None:
    time_axis(ax, material.cycles, material.months(PROFILE, COMPARED), ticks=8)
    percent_axis(ax, "Sparsity of the layer (%)")
    labels = []
    for place, (layer, score) in enumerate(LAYERS.items()):
        values, look = _course(material, PROFILE, layer), _look(material, layer)
        draw_course(ax, values, look, f"all-{layer}", shift=place)
        end = float(np.median(values[:, -1]))
        known = published_end(material, PROFILE, UNTREATED, score) if score else None
        words = f"ends at {number(end, 1)}"
        if known is not None and score is not None:
            words += f"   {published_text(known, score)} of {maximum(score):g}"
        labels.append(EndLabel(end, look, f"{LAYER_NAMES[layer][0]}\n{words}"))
    draw_end_labels(ax, labels)


def _draw_alone(ax: Axes, material: Material, layer: str) -> None:
    look, score = _look(material, layer), LAYERS[layer]
    time_axis(ax, material.cycles, material.months(PROFILE, COMPARED), ticks=4, titled=False)
    percent_axis(ax, "")
    compared = np.median(_course(material, COMPARED, layer), axis=0)
    ax.plot(np.arange(material.cycles), compared, color=FAINT, lw=0.8, ls=(0, (2, 1)))
    draw_course(ax, _course(material, PROFILE, layer), look, layer, hairlines=True)
    draw_network(ax, material, PROFILE, UNTREATED, layer, layer)
    draw_flares(ax, material.flare_share(PROFILE, UNTREATED), look.colour, layer)
    known = published_end(material, PROFILE, UNTREATED, score) if score else None
    if known is not None and score is not None:
        sparsity = known * (100 / maximum(score))
        draw_published(ax, material.last, sparsity, layer, number(sparsity, 1))
    ax.set_title(LAYER_NAMES[layer][0], pad=4)
