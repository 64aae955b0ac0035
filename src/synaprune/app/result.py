"""The right side of the page: what came out, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup

from synaprune.app.circuit_view import fits, key_colours, picture
from synaprune.app.computing import Standing
from synaprune.app.frames import values_by_cycle
from synaprune.app.opened import inline_svg
from synaprune.app.page import drawing, part
from synaprune.app.view import View
from synaprune.figures import single_readout, twins
from synaprune.figures.material import Material
from synaprune.figures.words import READOUT, axis_title
from synaprune.report.answers import answers
from synaprune.report.asked import arms_asked, size_of_study
from synaprune.report.tables import end_values, twin_effects

_SECONDS_A_MINUTE = 60

#: Drawings that are kept for the next look.
_DRAWINGS = 16


def headline(material: Material, view: View) -> Markup:
    """Say what came out, the effect of treatments first, and offer what else can be seen."""
    found = next(a for a in answers(material) if a.title == material.profiles[view.profile])
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
    planned = single_readout.planned(material, view.profile, view.readout)
    return part(
        "course",
        view=view,
        title=planned.title,
        caption=planned.caption,
        svg=_course_svg(material, view.profile, view.readout),
        axis=axis_title(view.readout),
        values=values_by_cycle(material, view.profile, view.readout),
        last=material.last,
        months=material.months_per_cycle,
    )


@lru_cache(_DRAWINGS)
def _course_svg(material: Material, profile: str, readout: str) -> Markup:
    return drawing(inline_svg(single_readout.planned(material, profile, readout), "course"))


@lru_cache(_DRAWINGS)
def _twins_svg(material: Material) -> Markup:
    return drawing(inline_svg(twins.planned(material), "twins"))


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
    figure = effects = None
    if material.reference is not None and material.treated:
        figure = twins.planned(material)
        effects = twin_effects(material, view.profile)
    return part(
        "tables",
        twins=figure,
        svg=_twins_svg(material) if figure else None,
        effects=effects,
        ends=end_values(material, view.profile),
        paper=material.comparison is not None,
    )


def files(run: str, view: View, folder: str) -> Markup:
    """Offer what can be taken away."""
    return part("files", run=run, view=view, folder=folder)


def under_way(name: str, standing: Standing) -> Markup:
    """Say what is being computed, how far, and how long still."""
    return part(
        "under_way", name=name, standing=standing, percent=int(100 * standing.share),
        left=time_in_words(standing.seconds_left),
    )  # fmt: skip


def stopped(run: str, what: str, *, resumable: bool) -> Markup:
    """Say why a run cannot be shown, and what to do."""
    return part("stopped", run=run, what=what, resumable=resumable)


def nothing(runs: Sequence[str]) -> Markup:
    """Say what to do where nothing is open yet."""
    return part("nothing", runs=runs)


def choices(runs: Mapping[str, str], chosen: str) -> Markup:
    """List the runs that can be opened."""
    return part("choices", runs=runs, chosen=chosen)


def time_in_words(seconds: float | None) -> str:
    """Write a time that is left; empty where it is not known.

    Examples
    --------
    >>> time_in_words(None), time_in_words(4.2), time_in_words(200)
    ('', 'about 5 s left', 'about 3 min left')
    """
    if seconds is None:
        return ""
    if seconds < 2 * _SECONDS_A_MINUTE:
        return f"about {int(seconds) + 1} s left"
    return f"about {round(seconds / _SECONDS_A_MINUTE)} min left"
