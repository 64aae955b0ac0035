"""Writes plain values as YAML 1.2, laid out to be read: short lists and doses on one line.

Ruamel's own layout breaks lines inside short mappings; what a study needs of YAML is small enough
to be written directly, and is read back by the study reader in the tests.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from synaprune.study.yaml_scalars import plain

_LONGEST_LINE = 100

#: Text that needs no quotes in any place, unless it reads as another kind of value.
_BARE = re.compile(r"[A-Za-z_]([A-Za-z0-9_./ -]*[A-Za-z0-9_])?")

#: Text here, truth values to readers of YAML 1.1.
_ELSEWHERE_TRUTH_VALUES = frozenset({"y", "n", "yes", "no", "on", "off"})


def to_yaml(document: Mapping[str, Any]) -> str:
    """Write a mapping of plain values; what the study reader reads back is equal.

    Parameters
    ----------
    document
        Text, finite numbers, truth values, None, lists and mappings with text keys.

    Returns
    -------
    str
        Keys in the order given.

    Examples
    --------
    >>> print(to_yaml({"name": "first", "arms": {"untreated": [], "x": [{"at": 3}]}}), end="")
    name: first
    arms:
      untreated: []
      x:
        - {at: 3}
    """
    return "".join(f"{line}\n" for line in _block(document, ""))


def _block(mapping: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        head = f"{indent}{_scalar(key)}:"
        if isinstance(value, Mapping) and value:
            yield head
            yield from _block(value, f"{indent}  ")
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            yield head
            for item in value:
                yield from _item(item, f"{indent}  ")
        else:
            yield f"{head} {_flow(value)}"


def _item(item: Any, indent: str) -> Iterator[str]:
    line = f"{indent}- {_flow(item)}"
    if len(line) <= _LONGEST_LINE or not isinstance(item, Mapping):
        yield line
        return
    first, *others = _block(item, f"{indent}  ")
    yield f"{indent}- {first.lstrip()}"
    yield from others


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_scalar(key)}: {_flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _BARE.fullmatch(value) and plain(value) == value:
        return f'"{value}"' if value.lower() in _ELSEWHERE_TRUTH_VALUES else value
    if isinstance(value, float) and math.isfinite(value) and "." not in repr(value):
        return repr(value).replace("e", ".0e")  # readers of YAML 1.1 need the point
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
