"""The published network's course as a thin dark line, and published end values as diamonds."""

from __future__ import annotations

from matplotlib.axes import Axes

from synaprune.figures.material import Material
from synaprune.figures.style import INK, SMALL
from synaprune.paper.published import printed_decimals, published_value
from synaprune.paper.scenarios import CYCLES, Scenario

#: The sign of a published value in text.
SIGN = "◇"


def published_end(material: Material, profile: str, arm: str, readout: str) -> float | None:
    """Look up the end value that Table 3 gives for an arm; None where it gives none.

    The arm is recognised by its doses, the profile by its name; a course of another length has
    another end.
    """
    treatment = material.treatment(arm)
    if treatment is None or material.cycles != CYCLES:
        return None
    try:
        return published_value(Scenario(profile, treatment), readout)
    except KeyError:
        return None


def published_text(value: float, readout: str) -> str:
    """Write a published value with its sign, in the decimals that the table prints."""
    return f"{SIGN} {value:.{printed_decimals(readout)}f}"


def draw_network(
    ax: Axes, material: Material, profile: str, arm: str, column: str, name: str
) -> None:
    """Draw the course of the published network, where it has the scenario.

    Parameters
    ----------
    ax
        Where to; the x axis counts cycles.
    material, profile, arm, column
        The run, the scenario, and a readout or layer.
    name
        Names the artist, ``network-<name>``.
    """
    course = material.published_course(profile, arm, column)
    if course is not None:
        (line,) = ax.plot(course, color=INK, lw=0.8, zorder=3)
        line.set_gid(f"network-{name}")


def draw_published(
    ax: Axes, at: float, value: float, name: str, words: str = "", *, colour: str = INK
) -> None:
    """Draw a hollow diamond, with its number to the right where `words` holds one.

    Parameters
    ----------
    ax
        Where to.
    at, value
        Cycle, and the published value in the units of the y axis.
    name
        Whose value it is; names the artist.
    words
        The number as text.
    colour
        Edge of the diamond.
    """
    (mark,) = ax.plot(
        [at], [value], ls="", marker="D", ms=4.2, mfc="white", mec=colour, mew=0.9,
        clip_on=False, zorder=5,
    )  # fmt: skip
    mark.set_gid(f"published-{name}")
    if words:
        ax.annotate(
            words, (at, value), xytext=(4, 0), textcoords="offset points", ha="left",
            va="center", fontsize=SMALL, annotation_clip=False,
        )  # fmt: skip
