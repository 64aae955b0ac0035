"""Between the cycles that are ticked on the page and the dose lines of a study file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from synaprune.study import library
from synaprune.study.dose import Dose
from synaprune.study.library import Treatment
from synaprune.study.schedule import Schedule, past_the_end, schedule

#: From so many evenly spaced doses on, a line says how they are spaced.
_ROW = 3


def as_arm(
    name: str,
    doses: Mapping[str, Sequence[int]],
    cycles: int,
    preset: str = library.DEFAULT_PRESET,
) -> str | list[dict[str, Any]]:
    """Write an arm as a study file would.

    Parameters
    ----------
    name
        Of the arm; a treatment's name with its doses is written as that name.
    doses
        Cycles by drug, in any order.
    cycles
        Length of the course.
    preset
        Whose treatments are meant.

    Returns
    -------
    str or list
        Name of a treatment, or dose lines that give exactly these cycles.

    Examples
    --------
    >>> as_arm("mine", {"riluzole": range(30), "ketamine": [3, 6, 9]}, 30)
    [{'drug': 'riluzole'}, {'drug': 'ketamine', 'from': 3, 'until': 9, 'every': 3}]
    >>> as_arm("riluzole_continuous", {"riluzole": range(30)}, 30)
    'riluzole_continuous'
    """
    given: Schedule = {drug: tuple(sorted(set(days))) for drug, days in doses.items() if days}
    known = fitting_treatments(cycles, preset).get(name)
    if known is not None and given and schedule(known.doses, cycles) == given:
        return name
    return [_line(drug, days, cycles) for drug, days in given.items()]


def _line(drug: str, days: tuple[int, ...], cycles: int) -> dict[str, Any]:
    steps = {later - earlier for earlier, later in pairwise(days)}
    if len(days) < _ROW or len(steps) > 1:
        return {"drug": drug, "at": list(days)}
    step = steps.pop()
    line: dict[str, Any] = {"drug": drug}
    if days[0]:
        line["from"] = days[0]
    if days[-1] + step < cycles:
        line["until"] = days[-1]
    if step > 1:
        line["every"] = step
    return line


def fitting_treatments(cycles: int, preset: str = library.DEFAULT_PRESET) -> dict[str, Treatment]:
    """Give a preset's treatments whose doses all lie within a course, by name.

    Examples
    --------
    >>> list(fitting_treatments(7))
    ['untreated', 'ketamine_early', 'ketamine_maintenance', 'riluzole_continuous']
    """
    return {
        name: treatment
        for name, treatment in library.treatments(preset).items()
        if not any(any(past_the_end(dose, cycles)) for dose in treatment.doses)
    }


def as_cycles(lines: Sequence[Dose], cycles: int) -> dict[str, list[int]]:
    """List the cycles of dose lines by drug, for the page."""
    return {drug: list(days) for drug, days in schedule(lines, cycles).items()}
