"""Which colour, marker and line a treatment has, the same in every figure.

Colour means treatment and nothing else. An arm is recognised by its doses, not by its name, so
that a user's arm that doses like a built-in treatment looks like it; anything else takes tones of
the text colour and is told apart by marker and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synaprune.figures.style import FAINT, INK
from synaprune.study import library
from synaprune.study.schedule import Schedule, schedule

LineStyle = str | tuple[int, tuple[float, ...]]

DASHES: tuple[LineStyle, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (2.5, 1.2)),
    (0, (6, 1.5, 1.2, 1.5)),
    (0, (3.5, 1.2, 1.2, 1.2, 1.2, 1.2)),
)
"""Line styles that tell layers, profiles and unnamed arms apart."""

MARKERS = ("o", "s", "^", "v", "X", "P", "*", "h")
"""Filled markers; the diamond is kept for published values."""

_SIZES = {"P": 6.2, "X": 6.0, "*": 7.5, "^": 5.4, "v": 5.4}


@dataclass(frozen=True, slots=True)
class Look:
    """How one arm is drawn.

    Attributes
    ----------
    colour
        At least 3 to 1 against white.
    marker
        Its mark on lines and beside its name.
    dash
        Line style.
    """

    colour: str
    marker: str
    dash: LineStyle = "-"

    @property
    def size(self) -> float:
        """Marker size in points at which all markers look about equally large."""
        return _SIZES.get(self.marker, 4.6)


#: Okabe-Ito tones, darkened where needed until they have 3 to 1 against white.
TREATMENT_LOOKS: Mapping[str, Look] = {
    "untreated": Look("#D55E00", "o"),
    "ketamine_every_5": Look("#0072B2", "^"),
    "ketamine_early": Look("#3A97CC", "X"),
    "ketamine_late": Look("#BC8000", "v"),
    "ketamine_maintenance": Look("#A0569A", "P"),
    "riluzole_continuous": Look("#009E73", "s"),
    "riluzole_early": Look("#6E7300", "*"),
}

_OTHERS = tuple(
    Look((INK, FAINT)[number % 2], MARKERS[number % len(MARKERS)], DASHES[number % len(DASHES)])
    for number in range(len(MARKERS) * len(DASHES))
)


def looks(
    arms: Mapping[str, Schedule], cycles: int, preset: str = library.DEFAULT_PRESET
) -> dict[str, Look]:
    """Give every arm its look.

    Parameters
    ----------
    arms
        By arm and drug the cycles of its doses.
    cycles
        Length of the course.
    preset
        Whose treatments are known.

    Returns
    -------
    dict of str to Look
        By arm. No two arms look the same, unless there are more than forty.

    Examples
    --------
    >>> looks({"none": {}, "mine": {"ketamine": (1,)}}, cycles=30)["none"].colour
    '#D55E00'
    """
    given: dict[str, Look] = {}
    others = iter(_OTHERS * (1 + len(arms) // len(_OTHERS)))
    for arm, doses in arms.items():
        treatment = treatment_of(doses, cycles, preset)
        look = TREATMENT_LOOKS.get(treatment) if treatment else None
        taken: Iterable[Look] = given.values()
        given[arm] = look if look is not None and look not in taken else next(others)
    return given


def treatment_of(doses: Schedule, cycles: int, preset: str = library.DEFAULT_PRESET) -> str | None:
    """Name the treatment of a preset that gives these doses over a course; None for any other."""
    for name, treatment in library.treatments(preset).items():
        if schedule(treatment.doses, cycles) == doses:
            return name
    return None
