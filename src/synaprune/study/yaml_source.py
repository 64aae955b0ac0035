"""Reads YAML into plain values, and remembers on which line each stands.

The reader works on ruamel.yaml's events, not on its objects: what a file can make happen is
limited to text, numbers, truth values, null, lists and mappings with text keys. Everything else
is refused with the line it stands on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any, TypeVar

from synaprune.errors import InputError
from synaprune.study.faults import Fault, Path, StudyError, shown
from synaprune.study.part import Part
from synaprune.study.yaml_nodes import Node, Refused, compose

#: The largest file that is read, in bytes; studies are some kilobytes.
LARGEST_FILE = 4_000_000

Kind = TypeVar("Kind", bound=Part)


@dataclass(frozen=True, slots=True)
class Source:
    """A mapping read from YAML, with the line of each of its keys and list items.

    Attributes
    ----------
    file
        The file's name as the user gave it.
    data
        Plain values.
    lines
        Line number (from 1) by key path; the empty path is the mapping itself.
    """

    file: str
    data: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """Line of a key path, or of the nearest path above it that is in the file."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def build(self, kind: type[Kind]) -> Kind:
        """Build a part of a study from the mapping.

        Raises
        ------
        StudyError
            With the file and the line of the first fault.
        """
        try:
            return kind(**self.data)
        except StudyError as error:
            raise error.in_file(self.file, self.line) from None


def read_file(path: str | os.PathLike[str]) -> Source:
    """Read a YAML file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Source
        Its values and their lines.

    Raises
    ------
    InputError
        The file is missing, a folder, unreadable, too large, not UTF-8, or not the YAML that
        this module allows.
    """
    try:
        name = os.fspath(path)
    except TypeError:
        raise InputError(f"study file: must be a path (got {shown(path)})") from None
    if not isinstance(name, str):
        raise InputError(f"study file: must be a path in text (got {shown(path)})")
    label = name if name.isprintable() and name else shown(name)
    return read_text(_decoded(_bytes(name, label), label), label)


def read_text(text: str, file: str) -> Source:
    """Read YAML from text.

    Parameters
    ----------
    text
        The YAML.
    file
        How errors call it.

    Raises
    ------
    InputError
        The text is not the YAML that this module allows, or no mapping.
    """
    try:
        root = compose(text)
        if root is None:
            raise Refused(None, "is empty; it needs keys such as name, profiles and arms")
        if not isinstance(root.content, dict):
            raise Refused(root.line, f"must be a mapping of keys (got {shown(root.plain())})")
    except Refused as error:
        where = file if error.line is None else f"{file}:{error.line}"
        raise InputError(f"{where}: {Fault(error.path, error.rule)}") from None
    return Source(file, root.plain(), _lines(root))


def _bytes(name: str, label: str) -> bytes:
    try:
        if FilePath(name).is_dir():
            raise InputError(f"{label}: must be a file (it is a folder)")
        with FilePath(name).open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise InputError(f"{label}: {_missing(FilePath(name))}") from None
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"{label}: cannot be read ({error.strerror or error})") from None
    except ValueError as error:
        raise InputError(f"{label}: is no path ({error})") from None
    if len(content) > LARGEST_FILE:
        raise InputError(f"{label}: must be a file of at most {LARGEST_FILE // 1_000_000} MB")
    return content


def _missing(path: FilePath) -> str:
    if not path.parent.is_dir():
        return f"no such file; the folder {shown(str(path.parent))} does not exist"
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except OSError:
        names = []
    close = get_close_matches(path.name, names, n=1)
    return f"no such file; did you mean {shown(close[0])}?" if close else "no such file"


def _decoded(content: bytes, label: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{label}:{line}: must be UTF-8 text") from None


def _lines(root: Node) -> dict[Path, int]:
    lines: dict[Path, int] = {(): root.line}
    waiting: list[tuple[Path, Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        for key, line, child in node.entries():
            lines[(*path, key)] = line
            waiting.append(((*path, key), child))
    return lines
