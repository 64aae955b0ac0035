"""The moment of a course that a target speaks of, written as a scientist says it.

``final``, ``cycle 5``, ``mean 20-29``, ``lowest 0-5``, ``highest 0-29``, ``slope 10-29``,
``cycles above 90`` and ``first above 90`` each turn a patient's course into one number. Keeping
the words as the data keeps a file of targets readable without this code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synaprune.errors import InputError

Float = NDArray[np.float64]

#: What can be said, for messages.
FORMS = (
    "final",
    "cycle N",
    "mean N-M",
    "lowest N-M",
    "highest N-M",
    "slope N-M",
    "cycles above X",
    "first above X",
)

_CYCLE = re.compile(r"cycle (\d{1,6})")
_SPAN = re.compile(r"(mean|lowest|highest|slope) (\d{1,6})-(\d{1,6})")
_ABOVE = re.compile(r"(cycles|first) above (-?\d{1,9}(?:\.\d{1,9})?)")


@dataclass(frozen=True, slots=True)
class When:
    """A number read off a course.

    Attributes
    ----------
    kind
        final, cycle, mean, lowest, highest, slope, cycles or first.
    first, last
        Cycles, both included; 0 where the kind needs none.
    level
        What is passed, in the readout's unit; 0 where the kind needs none.
    """

    kind: str
    first: int = 0
    last: int = 0
    level: float = 0.0

    @property
    def needs(self) -> int:
        """The last cycle that is looked at; 0 where any length of course will do."""
        return self.last

    def read(self, course: Float) -> Float:
        """Read the number off each patient's course.

        Parameters
        ----------
        course
            (patients, cycles), in the readout's unit.

        Returns
        -------
        numpy.ndarray
            (patients,). ``first above`` is the number of cycles where a course never passes the
            level; ``cycles above`` and ``first above`` count strictly above.
        """
        span = course[:, self.first : self.last + 1]
        value: Float = _READERS[self.kind](self, course, span)
        return value


def parse_when(text: str) -> When:
    """Understand the words.

    Parameters
    ----------
    text
        One of `FORMS`.

    Raises
    ------
    InputError
        It is none of them, or the span is empty.

    Examples
    --------
    >>> parse_when("lowest 0-5")
    When(kind='lowest', first=0, last=5, level=0.0)
    """
    if text == "final":
        return When("final")
    if found := _CYCLE.fullmatch(text):
        return When("cycle", int(found[1]), int(found[1]))
    if found := _SPAN.fullmatch(text):
        first, last = int(found[2]), int(found[3])
        if first > last or (found[1] == "slope" and first == last):
            raise InputError(f"spans no cycles (got {text!r})")
        return When(found[1], first, last)
    if found := _ABOVE.fullmatch(text):
        return When(found[1], level=float(found[2]))
    raise InputError(f"must be one of {', '.join(FORMS)} (got {text!r})")


def _slope(when: When, course: Float, span: Float) -> Float:
    del course
    cycles = np.arange(when.first, when.last + 1) - (when.first + when.last) / 2
    value: Float = span @ cycles / (cycles @ cycles)
    return value


def _first_above(when: When, course: Float, span: Float) -> Float:
    del span
    above = course > when.level
    first: Float = np.where(above.any(axis=1), above.argmax(axis=1), course.shape[1])
    return first.astype(np.float64)


_READERS: Mapping[str, Callable[[When, Float, Float], Float]] = {
    "final": lambda when, course, span: course[:, -1],  # noqa: ARG005 - one signature for all
    "cycle": lambda when, course, span: span[:, 0],  # noqa: ARG005
    "mean": lambda when, course, span: span.mean(axis=1),  # noqa: ARG005
    "lowest": lambda when, course, span: span.min(axis=1),  # noqa: ARG005
    "highest": lambda when, course, span: span.max(axis=1),  # noqa: ARG005
    "slope": _slope,
    "cycles": lambda when, course, span: (  # noqa: ARG005
        (course > when.level).sum(axis=1).astype(np.float64)
    ),
    "first": _first_above,
}
