"""What is wrong with a study, before it is turned into one line of text.

A fault knows the key path it concerns, so that the same rule can be reported with a file and a
line when the study was read from a file, and without when it was written in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from synaprune.errors import InputError

#: Keys and list positions that lead to a value.
Path = tuple[str | int, ...]

_LONGEST_SHOWN = 60

#: Rule of a key that must be given and is not.
REQUIRED = "is required"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule.

    Attributes
    ----------
    path
        Where: keys and list positions from the top of the document.
    rule
        What is allowed, with the value that was given.
    """

    path: Path
    rule: str

    def __str__(self) -> str:
        return f"{shown_path(self.path)}: {self.rule}" if self.path else self.rule


class StudyError(InputError):
    """A study, or a part of one, that cannot be used.

    Parameters
    ----------
    faults
        At least one; the first is reported, the others are counted.
    where
        The file with its line, or what was being built in Python.
    """

    def __init__(self, faults: Sequence[Fault], where: str) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{where}: {faults[0]}{more}")
        self.faults = tuple(faults)
        self.where = where

    def __reduce__(self) -> tuple[type[StudyError], tuple[tuple[Fault, ...], str]]:
        return type(self), (self.faults, self.where)

    def in_file(self, file: str, line_of: Callable[[Path], int]) -> StudyError:
        """Report the same faults with the file and the line of the first, in the file's order."""
        ordered = sorted(self.faults, key=lambda fault: line_of(fault.path))
        return type(self)(ordered, f"{file}:{line_of(ordered[0].path)}")


def shown(value: object) -> str:
    """Show a value in an error: one line, at most 60 characters.

    Examples
    --------
    >>> shown(True), shown(None), shown("x" * 99)[-4:]
    ('true', 'null', 'x...')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no whole number of more than some thousand digits
        return "a value too long to show"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def shown_path(path: Path) -> str:
    """Write a key path.

    Examples
    --------
    >>> shown_path(("arms", "combined", 1, "until"))
    'arms.combined[1].until'
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            plain = step.isprintable() and 0 < len(step) <= _LONGEST_SHOWN
            text += f".{step if plain else shown(step)}"
    return text.removeprefix(".")
