"""Whether a run that stands in a folder is the one that is asked for, and can be gone on with.

Going on must give what never stopping would have given. So the study must be the same, and so
must everything that decides numbers; what cannot be compared, such as the processor, is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from synaprune.errors import InputError
from synaprune.results.folder import RESOLVED
from synaprune.results.manifest import Manifest

#: Packages that compute the numbers.
_DECISIVE = ("numba", "numpy", "torch")
_LONGEST = 60


def check_same(folder: Path, there: Manifest, here: Manifest, resolved: str) -> list[str]:
    """Refuse to go on with a run that is not the one asked for.

    Parameters
    ----------
    folder
        The run folder.
    there
        Its manifest.
    here
        The manifest that the run asked for would begin with.
    resolved
        The study asked for, as YAML with every default.

    Returns
    -------
    list of str
        Notes on differences that do not stand in the way.

    Raises
    ------
    InputError
        Another study, other numerics, other versions of what computes numbers, or a mechanism
        of the user's own that was changed.
    """
    _check_versions(folder, there, here)
    _check_study(folder, there, here, resolved)
    _check_mechanisms(folder, there, here)
    if there.planned_blocks != here.planned_blocks:
        raise InputError(
            f"{folder}: is cut into {there.planned_blocks} blocks there, {here.planned_blocks} "
            "here; begin it anew"
        )
    return list(_notes(there, here))


def first_difference(there: Any, here: Any, path: str = "") -> str:
    """Say where two documents differ first; empty where they are equal.

    Examples
    --------
    >>> first_difference({"arms": {"late": [3, 4]}}, {"arms": {"late": [3, 5]}})
    'arms.late[1] is 4 there, 5 here'
    """
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        return _difference_of_mappings(there, here, path)
    if isinstance(there, list) and isinstance(here, list):
        if len(there) != len(here):
            return f"{path} has {len(there)} entries there, {len(here)} here"
        pairs = enumerate(zip(there, here, strict=True))
        found = (first_difference(a, b, f"{path}[{number}]") for number, (a, b) in pairs)
        return next(filter(None, found), "")
    same = type(there) is type(here) and there == here
    return "" if same else f"{path} is {_short(there)} there, {_short(here)} here"


def _difference_of_mappings(there: Mapping[str, Any], here: Mapping[str, Any], path: str) -> str:
    inside = f"{path}." if path else ""
    for key in [*there, *here]:
        if key not in here:
            return f"{inside}{key} is there, not here"
        if key not in there:
            return f"{inside}{key} is here, not there"
        found = first_difference(there[key], here[key], f"{inside}{key}")
        if found:
            return found
    if list(there) != list(here):
        return f"the order of {path} is {', '.join(there)} there, {', '.join(here)} here"
    return ""


def _check_versions(folder: Path, there: Manifest, here: Manifest) -> None:
    pairs: list[tuple[str, object, object]] = [
        ("numerics version", there.numerics_version, here.numerics_version),
        ("randomness version", there.randomness_version, here.randomness_version),
        ("sparse products version", there.sparse_version, here.sparse_version),
        *((name, there.versions.get(name), here.versions.get(name)) for name in _DECISIVE),
    ]
    for name, old, new in pairs:
        if old != new:
            raise InputError(
                f"{folder}: was begun with {name} {old}, here is {new}: other numbers; "
                "go on with that version, or begin anew"
            )


def _check_study(folder: Path, there: Manifest, here: Manifest, resolved: str) -> None:
    text = _text(folder / RESOLVED)
    if text == resolved and there.study_sha256 == here.study_sha256:
        return
    difference = first_difference(_parsed(text), _parsed(resolved)) if text else ""
    if not difference and there.study_sha256 != here.study_sha256:
        old, new = there.study_sha256[:8], here.study_sha256[:8]
        difference = f"its hash is {old} there, {new} here"
    if not difference and there.name != here.name:
        difference = f"name is {_short(there.name)} there, {_short(here.name)} here"
    if difference:
        raise InputError(f"{folder}: holds another study: {difference}")


def _check_mechanisms(folder: Path, there: Manifest, here: Manifest) -> None:
    """Refuse other functions under the same name; other versions of Python cannot be compared."""
    if there.versions.get("python") != here.versions.get("python"):
        return
    for name, new in here.mechanisms.items():
        if there.mechanisms.get(name) != new:
            raise InputError(
                f"{folder}: the function of mechanism {name} was changed since the run was begun; "
                "begin anew, or register the new one under a name of its own"
            )


def _notes(there: Manifest, here: Manifest) -> Iterator[str]:
    if there.cpu_model != here.cpu_model:
        yield f"begun on {there.cpu_model}, here is {here.cpu_model}: last digits may differ"
    for name, new in here.versions.items():
        old = there.versions.get(name)
        if old != new:
            yield f"begun with {name} {old}, here is {new}"


def _text(path: Path) -> str:
    """Read a file; empty where there is none that can be read as text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _parsed(text: str) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
