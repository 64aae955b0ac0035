"""Plain values of YAML 1.2 by its core schema, and nothing beyond it.

The table of the YAML 1.2.2 specification (section 10.3.2) is followed literally, so that ``off``
and ``2026-01-01`` are text, ``1e-3`` is a number and ``1_000`` is text.
"""

from __future__ import annotations

import re

Scalar = str | int | float | bool | None

PREFIX = "tag:yaml.org,2002:"

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?(\.inf|\.Inf|\.INF)")
_NAN = re.compile(r"\.nan|\.NaN|\.NAN")


def plain(text: str) -> Scalar:
    """Read a plain (unquoted, untagged) scalar.

    Raises
    ------
    ValueError
        A whole number of more digits than Python converts.

    Examples
    --------
    >>> plain("1e-3"), plain("off"), plain("0x1F"), plain("~")
    (0.001, 'off', 31, None)
    """
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    number: int | float | None = _whole(text)
    if number is None:
        number = _real(text)
    return text if number is None else number


def tagged(text: str, tag: str) -> Scalar:
    """Read a scalar with an explicit tag of the core schema.

    Raises
    ------
    ValueError
        The tag is not of the core schema, or the text is not of its kind.

    Examples
    --------
    >>> tagged("5", "tag:yaml.org,2002:str"), tagged("5", "tag:yaml.org,2002:float")
    ('5', 5.0)
    """
    kind = tag.removeprefix(PREFIX)
    value = plain(text)
    if kind == "str":
        return text
    if kind == "null" and value is None:
        return None
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind == "float" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise ValueError(f"{text!r} is no {kind}")


def _whole(text: str) -> int | None:
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    return int(text[2:], 16) if _HEXADECIMAL.fullmatch(text) else None


def _real(text: str) -> float | None:
    if _NAN.fullmatch(text):
        return float("nan")
    if _INFINITY.fullmatch(text):
        return float("-inf" if text.startswith("-") else "inf")
    return float(text) if _FLOAT.fullmatch(text) else None
