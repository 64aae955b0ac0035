"""What a mechanism of the user's own does, as a hash, so that an edited one is told apart.

A study names such a form; its name stays when the function changes. A run keeps the hash, so that
going on never mixes blocks of two versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dis import get_instructions
from functools import partial
from hashlib import sha256
from types import CodeType, FunctionType, MethodType
from typing import Any

from synaprune.model.registry import is_built_in, resolve

_PLAIN = (bool, int, float, complex, str, bytes, type(None))


def fingerprints(forms: Mapping[str, str]) -> dict[str, str]:
    """Hash the functions of a study that do not come with this software.

    Parameters
    ----------
    forms
        Form by mechanism.

    Returns
    -------
    dict
        Hexadecimal hash by ``mechanism.form``.
    """
    return {
        f"{mechanism}.{form}": fingerprint(resolve(mechanism, form))
        for mechanism, form in forms.items()
        if not is_built_in(mechanism, form)
    }


def fingerprint(function: Callable[..., None] | None) -> str:
    """Hash what a function does: its instructions and constants, not its place or its words.

    Functions of the same module that it calls and the numbers, words and tuples of them that it
    reads there count. What it takes from other modules does not, nor what can change while it
    runs: lists, mappings, attributes.

    Examples
    --------
    >>> def halve(networks, context, constants, draws):
    ...     networks.aggregate *= 0.5
    >>> once = fingerprint(halve)
    >>> def halve(networks, context, constants, draws):
    ...     "The same, explained."
    ...     networks.aggregate *= 0.5
    >>> fingerprint(halve) == once
    True
    """
    return sha256("\n".join(_told(function, set())).encode()).hexdigest()


def _told(value: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(value, partial):
        for part in (value.func, *value.args, *sorted(value.keywords.items())):
            yield from _told(part, seen)
    elif isinstance(value, MethodType):
        yield from _told(value.__func__, seen)
    elif isinstance(value, FunctionType):
        yield from _function(value, seen)
    elif isinstance(value, CodeType):
        yield from _code(value)
    elif isinstance(value, _PLAIN):
        yield repr(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _told(part, seen)
    elif isinstance(value, frozenset):  # the order of its members differs between processes
        yield from sorted(" ".join(_told(part, seen)) for part in value)
    else:
        yield type(value).__qualname__
        call = getattr(type(value), "__call__", None)  # noqa: B004 - the method itself is wanted
        if isinstance(call, FunctionType):
            yield from _told(call, seen)


def _function(function: FunctionType, seen: set[int]) -> Iterator[str]:
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from _code(function.__code__)
    yield from _told(function.__defaults__, seen)
    for cell in function.__closure__ or ():
        yield from _told(cell.cell_contents, seen)
    for name in _names(function.__code__):
        read = function.__globals__.get(name)
        own = isinstance(read, FunctionType) and read.__module__ == function.__module__
        if own or isinstance(read, (*_PLAIN, tuple, frozenset)):
            yield name
            yield from _told(read, seen)


def _names(code: CodeType) -> Iterator[str]:
    """List what it looks up by name, in comprehensions and functions inside it as well."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _code(code: CodeType) -> Iterator[str]:
    for step in get_instructions(code):  # names and constants in place of their numbers
        yield step.opname
        yield from _told(step.argval, set())
