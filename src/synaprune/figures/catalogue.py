"""Which figures fit a run: the paper's where it has the paper's scenarios, else a user's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from synaprune.errors import InputError, nearest
from synaprune.figures import (
    circuit,
    cognition,
    functional_decline,
    neurofilament,
    overview,
    rank_map,
    respiratory_risk,
    single_readout,
    subtype_layers,
    twins,
)
from synaprune.figures.circuit import COLUMNS
from synaprune.figures.material import Material
from synaprune.figures.record import Planned
from synaprune.figures.words import READOUT

PAPERS = (functional_decline, neurofilament, subtype_layers, respiratory_risk, cognition)


def fitting(material: Material, readouts: Sequence[str] = ()) -> list[Planned]:
    """List the figures that fit a run, numbered, in the order of a report.

    Parameters
    ----------
    material
        The run.
    readouts
        Readouts to draw on their own as well, in every profile.

    Raises
    ------
    InputError
        An unknown readout.
    """
    for readout in readouts:
        if readout not in READOUT:
            raise InputError(f"unknown readout {readout!r}; {nearest(readout, READOUT)}")
    found = list(_main(material))
    found += [
        single_readout.planned(material, profile, readout)
        for readout in dict.fromkeys(readouts)
        for profile in material.profiles
    ]
    return [
        replace(planned, title=f"Figure {number}. {planned.title}")
        for number, planned in enumerate(found, start=1)
    ]


def _main(material: Material) -> Iterable[Planned]:
    if material.comparison is not None:
        yield from (figure.planned(material) for figure in PAPERS)
    else:
        yield from (overview.planned(material, profile) for profile in material.profiles)
    if set(COLUMNS) <= set(material.layer_names):
        yield circuit.planned(material)
    if material.reference is not None and material.treated:
        yield twins.planned(material)
    if material.comparison is not None:
        yield rank_map.planned(material, material.comparison)


def chosen(figures: Sequence[Planned], only: Sequence[str]) -> list[Planned]:
    """Keep the figures of some names; all where none is named.

    Raises
    ------
    InputError
        The run has no figure of that name.
    """
    names = [figure.name for figure in figures]
    for name in only:
        if name not in names:
            raise InputError(f"unknown figure {name!r}; {nearest(name, names)}")
    return [figure for figure in figures if not only or figure.name in only]
