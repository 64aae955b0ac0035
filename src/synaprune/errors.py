"""What a user can get wrong, said in one line.

Every error that a user's input can cause derives from `InputError`; the command line prints its
text and exits with 2. Anything else is a defect of this software and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """Input that cannot be used: one line that says what, where and what is allowed."""


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
    close = get_close_matches(str(name), names, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}allowed: {', '.join(names)}"
