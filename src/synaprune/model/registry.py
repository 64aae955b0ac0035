"""The mechanisms of a cycle and the named forms each can take.

A study chooses a form by name (``mechanisms: {corruption: off}``). Built-in forms stand here as
``module:function`` and are imported only when a run needs them, so that a study can be checked
without loading torch. Others are added with `register`, or by a package through the entry-point
group ``synaprune.mechanisms`` (an entry is named ``mechanism.form``); a study file never holds an
import path.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from synaprune.errors import InputError, nearest

#: A mechanism; `synaprune.model.cycle.Mechanism` gives its signature.
Form = TypeVar("Form", bound=Callable[..., None])

#: What can be switched off or replaced, in the order of a cycle.
MECHANISMS: tuple[str, ...] = (
    "flares",
    "pruning",
    "corruption",
    "flare_corruption",
    "clearance",
    "regrowth",
    "excitotoxicity",
    "retraining",
    "stress",
)

#: The form of the author's published notebook; flare corruption alone has none.
PUBLISHED = "published"

#: The form made of the paper's text alone.
TEXT = "text"

#: The form that does nothing.
OFF = "off"

#: The form of each mechanism where neither study nor preset names one.
DEFAULTS: dict[str, str] = dict.fromkeys(MECHANISMS, PUBLISHED) | {"flare_corruption": OFF}

ENTRY_POINTS = "synaprune.mechanisms"

_BUILT_IN = {
    (mechanism, PUBLISHED): f"synaprune.model.mechanisms.{mechanism}:{mechanism}"
    for mechanism, form in DEFAULTS.items()
    if form == PUBLISHED
} | {
    (mechanism, form): f"synaprune.model.mechanisms.{mechanism}:{form}"
    for mechanism, form in (
        ("flares", TEXT),
        ("pruning", "pruning_biases"),
        ("pruning", TEXT),
        ("pruning", "sparing_biases"),
        ("corruption", TEXT),
        ("corruption", "adding"),
        ("corruption", "fading"),
        ("flare_corruption", TEXT),
        ("flare_corruption", "adding"),
        ("flare_corruption", "fading"),
        ("regrowth", TEXT),
        ("regrowth", "saturating_penalty"),
        ("regrowth", "dividing_penalty"),
        ("excitotoxicity", "before_rectifier"),
        ("excitotoxicity", TEXT),
        ("excitotoxicity", "sparing_logits"),
        ("retraining", TEXT),
        ("stress", TEXT),
    )
}
_registered: dict[tuple[str, str], Callable[..., None]] = {}


def register(mechanism: str, form: str) -> Callable[[Form], Form]:
    """Add a form of a mechanism under a name that studies can use.

    Parameters
    ----------
    mechanism
        One of `MECHANISMS`.
    form
        The new name; ``published``, ``text``, ``off`` and the other built-in names are taken.

    Returns
    -------
    callable
        A decorator that returns the function unchanged.

    Raises
    ------
    InputError
        Unknown mechanism, or a name that another function has already.

    Examples
    --------
    >>> @register("clearance", "none_at_all")
    ... def no_clearance(networks, context, constants, draws):
    ...     pass
    >>> "none_at_all" in forms("clearance")
    True
    """
    _known(mechanism)

    def add(function: Form) -> Form:
        taken = _registered.get((mechanism, form))
        if is_built_in(mechanism, form) or (taken is not None and taken is not function):
            raise InputError(f"{mechanism}: the name {form!r} is taken")
        _registered[mechanism, form] = function
        return function

    return add


def forms(mechanism: str) -> tuple[str, ...]:
    """Names a study may use for a mechanism."""
    _known(mechanism)
    added = {form for name, form in _registered if name == mechanism}
    plugged = {form for name, form in _entry_points() if name == mechanism}
    built_in = {form for name, form in _BUILT_IN if name == mechanism}
    first = dict.fromkeys((DEFAULTS[mechanism], OFF))
    return (*first, *sorted((built_in | added | plugged) - first.keys()))


def resolve(mechanism: str, form: str) -> Callable[..., None] | None:
    """Find the function behind a name; None where the mechanism is off.

    Raises
    ------
    InputError
        Unknown mechanism or form.
    """
    _known(mechanism)
    if form == OFF:
        return None
    key = mechanism, form
    if key in _registered:
        return _registered[key]
    if key in _BUILT_IN:
        module, _, name = _BUILT_IN[key].partition(":")
        function: Callable[..., None] = getattr(import_module(module), name)
        return function
    plugged = _entry_points()
    if key in plugged:
        loaded: Callable[..., None] = plugged[key].load()
        return loaded
    raise InputError(f"mechanisms.{mechanism}: unknown form {form!r}; "
                     f"{nearest(form, forms(mechanism))}")  # fmt: skip


def is_built_in(mechanism: str, form: str) -> bool:
    """Whether a form comes with this software."""
    return form == OFF or (mechanism, form) in _BUILT_IN


def _known(mechanism: str) -> None:
    if mechanism not in MECHANISMS:
        raise InputError(f"unknown mechanism {mechanism!r}; {nearest(mechanism, MECHANISMS)}")


@cache  # a search checks forms thousands of times, and finding packages takes ten milliseconds
def _entry_points() -> dict[tuple[str, str], EntryPoint]:
    found = {}
    for entry in entry_points(group=ENTRY_POINTS):
        mechanism, _, form = entry.name.partition(".")
        found[mechanism, form] = entry
    return found
