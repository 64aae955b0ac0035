"""What a user can get wrong, and what can go wrong with a run, said in one line.

Every error that a user's input can cause derives from `InputError`; the command line prints its
text and exits with 2. A run that began and could not be finished ends in a `RunError` and 1.
Anything else is a defect of this software and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class InputError(ValueError):
    """Input that cannot be used: one line that says what, where and what is allowed."""


class RunError(RuntimeError):
    """A run that could not be finished. What is done is kept, and resuming goes on from there.

    Parameters
    ----------
    summary
        What happened and where, in one line.
    failures
        Where parts of the run failed, one line each.

    Examples
    --------
    >>> print(RunError("1 of 12 blocks failed", ["mdd-00000004: ValueError: too small"]))
    1 of 12 blocks failed:
      mdd-00000004: ValueError: too small
    """

    def __init__(self, summary: str, failures: Sequence[str] = ()) -> None:
        super().__init__(summary, tuple(failures))
        self.summary = summary
        self.failures = tuple(failures)

    def __str__(self) -> str:
        lines = "".join(f"\n  {line}" for line in self.failures)
        return f"{self.summary}:{lines}" if lines else self.summary


class NotFiniteError(RunError):
    """A state of the simulation stopped being a finite number.

    Parameters
    ----------
    profile, patient, arm, cycle, layer
        Where that was seen first.

    Examples
    --------
    >>> print(NotFiniteError("als_standard", 3, "late", 12, "bulbar"))
    als_standard, patient 3, arm late, cycle 12, layer bulbar: not a finite number
    """

    def __init__(self, profile: str, patient: int, arm: str, cycle: int, layer: str) -> None:
        where = f"{profile}, patient {patient}, arm {arm}, cycle {cycle}, layer {layer}"
        super().__init__(f"{where}: not a finite number")
        self.profile, self.patient, self.arm = profile, patient, arm
        self.cycle, self.layer = cycle, layer

    def __reduce__(self) -> tuple[type[NotFiniteError], tuple[str, int, str, int, str]]:
        """Travel between processes by what it was made from."""
        return type(self), (self.profile, self.patient, self.arm, self.cycle, self.layer)


def nearest(name: object, allowed: Iterable[str]) -> str:
    """Say which names are allowed, the nearest first where one is near.

    Parameters
    ----------
    name
        What was given.
    allowed
        The names that would do.

    Returns
    -------
    str
        ``did you mean 'x'? allowed: ...`` or ``allowed: ...``.

    Examples
    --------
    >>> nearest("contol", ["control", "mdd"])
    "did you mean 'control'? allowed: control, mdd"
    """
    names = list(allowed)
    close = meant(name, names)
    hint = f"did you mean '{close}'? " if close is not None else ""
    return f"{hint}allowed: {', '.join(names)}"


def meant(name: object, allowed: Iterable[str]) -> str | None:
    """Give the name that `nearest` asks about; None where none is near.

    Examples
    --------
    >>> meant("patiens", ["profiles", "patients"])
    'patients'
    """
    return next(iter(get_close_matches(str(name), list(allowed), n=1)), None)
