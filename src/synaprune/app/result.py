"""The right side of the page: what came out, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from synaprune.app.circuit_view import fits, key_colours, picture
from synaprune.app.drawing import Drawing, inline_drawing
from synaprune.app.frames import values_by_cycle
from synaprune.app.marks import COURSE, TWINS, Mark, course_marks, twin_marks
from synaprune.app.page import part, safe
from synaprune.app.view import View
from synaprune.figures import Planned, single_readout, twins
from synaprune.figures.circuit_state import telling_scene
from synaprune.figures.material import Material
from synaprune.figures.words import READOUT, axis_title
from synaprune.report.answers import answers
from synaprune.report.asked import arms_asked, size_of_study
from synaprune.report.tables import end_values, twin_effects

#: Drawings that are kept for the next look.
_DRAWINGS = 16


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure with its words and its marks.

    Attributes
    ----------
    title, caption
        Of the figure.
    svg
        The drawing.
    marks
        Its values.
    keys
        What the arrow keys do among the marks.
    """

    title: str
    caption: str
    svg: Markup
    marks: Sequence[Mark]
    keys: str

    @classmethod
    def of(cls, planned: Planned, drawing: Drawing, marks: Sequence[Mark], keys: str) -> Plot:
        """Put a figure that was drawn together with its words."""
        return cls(planned.title, planned.caption, safe(drawing.svg), marks, keys)


def headline(material: Material, view: View) -> Markup:
    """Say what came out, the effect of treatments first, and offer what else can be seen."""
    found = next(answer for answer in answers(material) if answer.profile == view.profile)
    course, *effects = found.sentences
    return part(
        "headline",
        view=view,
        name=material.name,
        size=size_of_study(material),
        sentences=[*effects, course],
        profiles=material.profiles,
        readouts={name: readout.title for name, readout in READOUT.items()},
        arms=arms_asked(material),
    )


def course(material: Material, view: View) -> Markup:
    """Draw a readout over time, with its values at a cycle."""
    return part(
        "course",
        view=view,
        plot=_course_plot(material, view.profile, view.readout),
        axis=axis_title(view.readout),
        values=values_by_cycle(material, view.profile, view.readout),
        first=telling_scene(material, view.profile).cycle,
        last=material.last,
        months=material.months(view.profile),
    )


@lru_cache(_DRAWINGS)
def _course_plot(material: Material, profile: str, readout: str) -> Plot:
    planned = single_readout.planned(material, profile, readout)
    drawing = inline_drawing(planned, "course", COURSE)
    marks = course_marks(material, profile, readout, drawing.places)
    return Plot.of(planned, drawing, marks, "Left and right: cycle. Up and down: arm.")


@lru_cache(_DRAWINGS)
def _twins_plot(material: Material, profile: str) -> Plot:
    planned = twins.planned(material, (profile,))
    drawing = inline_drawing(planned, "twins", TWINS)
    marks = twin_marks(material, profile, drawing.places)
    return Plot.of(planned, drawing, marks, "Left and right: readout. Up and down: treatment.")


def circuit(material: Material, view: View) -> Markup:
    """Draw the circuit of the untreated arm and of another, moving with the cycle."""
    if not fits(material):
        return part("no_circuit")
    first = material.reference or next(iter(material.arms))
    shown = dict.fromkeys((first, view.arm))
    return part(
        "circuit",
        view=view,
        pictures=[picture(material, view.profile, arm, f"c{n}") for n, arm in enumerate(shown)],
        colours=key_colours(),
        arms=material.arm_titles,
    )


def tables(material: Material, view: View) -> Markup:
    """Show differences between twins and the values at the end."""
    compared = material.reference is not None and bool(material.treated)
    return part(
        "tables",
        twins=_twins_plot(material, view.profile) if compared else None,
        effects=twin_effects(material, view.profile) if compared else None,
        ends=end_values(material, view.profile),
    )


def files(run: str, view: View, folder: str) -> Markup:
    """Offer what can be taken away."""
    return part("files", run=run, view=view, folder=folder)
