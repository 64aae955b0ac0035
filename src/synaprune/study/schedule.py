"""From the doses of an arm to the cycles at which each drug is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from synaprune.study.dose import Dose

#: Dose cycles by drug: sorted, each cycle once.
Schedule = dict[str, tuple[int, ...]]


def dose_cycles(dose: Dose, cycles: int) -> tuple[int, ...]:
    """List the cycles of one dose line.

    Parameters
    ----------
    dose
        The line.
    cycles
        Length of the course; its cycles are 0 to cycles - 1.

    Returns
    -------
    tuple of int
        Sorted, each cycle once, all below `cycles`.

    Examples
    --------
    >>> dose_cycles(Dose(**{"drug": "ketamine", "from": 5, "every": 5}), cycles=30)
    (5, 10, 15, 20, 25)
    """
    if dose.at is not None:
        listed = dose.at if isinstance(dose.at, tuple) else (dose.at,)
        return tuple(sorted({cycle for cycle in listed if cycle < cycles}))
    stop = cycles if dose.until is None else min(dose.until + 1, cycles)
    return tuple(range(dose.start or 0, stop, dose.every or 1))


def schedule(doses: Iterable[Dose], cycles: int) -> Schedule:
    """Unite the dose lines of an arm, drug by drug.

    Parameters
    ----------
    doses
        The lines of one arm; several may give the same drug.
    cycles
        Length of the course.

    Returns
    -------
    dict
        Dose cycles by drug, without drugs that are never given.

    Examples
    --------
    >>> schedule([Dose(drug="riluzole", at=[4, 2]), Dose(drug="riluzole", at=3)], cycles=30)
    {'riluzole': (2, 3, 4)}
    """
    united: dict[str, set[int]] = {}
    for dose in doses:
        united.setdefault(dose.drug, set()).update(dose_cycles(dose, cycles))
    return {drug: tuple(sorted(days)) for drug, days in united.items() if days}


def past_the_end(dose: Dose, cycles: int) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Find explicit cycles of a dose line that the course does not reach.

    Yields
    ------
    tuple
        The key path within the line, and the cycle.
    """
    listed = dose.at if isinstance(dose.at, tuple) else ()
    single = dose.at if isinstance(dose.at, int) else None
    explicit: list[tuple[tuple[str | int, ...], int | None]] = [
        (("from",), dose.start),
        (("until",), dose.until),
        (("at",), single),
        *((("at", position), cycle) for position, cycle in enumerate(listed)),
    ]
    yield from ((path, cycle) for path, cycle in explicit if cycle is not None and cycle >= cycles)
