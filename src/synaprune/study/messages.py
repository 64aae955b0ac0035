"""Turns pydantic's errors into faults in the words of this project, and back.

Back, because validators have to hand several faults at once to pydantic, which puts the right
path in front of each.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from synaprune.study.faults import REQUIRED, Fault, Path, shown
from synaprune.study.rules import BROKEN, STATED

#: Labels of the kinds in a union (no name of a study can equal one).
NAMED, SPELLED_OUT = "<named>", "<spelled out>"

#: What pydantic puts into a path although it is no key.
_MARKS = frozenset({"[key]", NAMED, SPELLED_OUT})

_TEXTS = {
    "missing": REQUIRED,
    "dict_type": "must be a mapping",
    "mapping_type": "must be a mapping",
}


def faults(error: ValidationError) -> list[Fault]:
    """Read the faults out of a pydantic error, in its order.

    Parameters
    ----------
    error
        What a pydantic model raised.

    Returns
    -------
    list of Fault
        One for each error.
    """
    return [
        Fault(_path(details), _rule(details))
        for details in error.errors(include_url=False, include_context=True)
    ]


def failure(found: Iterable[Fault]) -> ValidationError:
    """Pack faults into the error that a pydantic validator may raise.

    Parameters
    ----------
    found
        Faults with paths relative to the value that is being validated.

    Returns
    -------
    ValidationError
        To be raised inside a validator; pydantic prefixes the paths.
    """
    details: list[InitErrorDetails] = [
        InitErrorDetails(
            type=PydanticCustomError(STATED, "{rule}", {"rule": fault.rule}),
            loc=fault.path,
            input=None,
        )
        for fault in found
    ]
    return ValidationError.from_exception_data("study", details)


def _path(details: ErrorDetails) -> Path:
    return tuple(step for step in details["loc"] if step not in _MARKS)


def _rule(details: ErrorDetails) -> str:
    kind = details["type"]
    if kind == STATED:
        return str(details["ctx"]["rule"])
    if kind == "missing":
        return _TEXTS[kind]
    text = details["ctx"]["rule"] if kind == BROKEN else _TEXTS.get(kind, details["msg"])
    return f"{text} (got {shown(details['input'])})"
