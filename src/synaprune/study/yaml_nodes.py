"""Builds a tree of plain nodes from YAML events, within limits that no honest file meets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from synaprune.study.faults import Path, shown
from synaprune.study.yaml_scalars import PREFIX, Scalar, plain, tagged

#: Most values in a file once every alias is replaced by what it stands for.
MOST_NODES = 100_000

#: Deepest nesting of lists and mappings.
DEEPEST = 50

#: What ruamel.yaml calls places of a file, and what people call them.
_TOKENS = {
    "('<stream end>',)": "the end of the file",
    "'<stream end>'": "the end of the file",
    "'<document start>'": "the start of a document (---)",
    "'<block end>'": "the end of the block",
    "end of stream": "end of the file",
}


class Refused(Exception):  # noqa: N818 - an outcome of reading, turned into InputError at the door
    """Something that a study file cannot contain.

    Attributes
    ----------
    line
        Line number from 1, or None where the whole file is meant.
    rule
        What is allowed.
    path
        The key path, as far as it is known.
    """

    def __init__(self, line: int | None, rule: str, path: Path = ()) -> None:
        super().__init__(rule)
        self.line = line
        self.rule = rule
        self.path = path


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file.

    Attributes
    ----------
    line
        Where it starts, from 1.
    content
        A scalar, a list of nodes, or a mapping from key to the key's line and a node.
    size, depth
        Values and levels in it, aliases replaced.
    """

    line: int
    content: Scalar | list[Node] | dict[str, tuple[int, Node]]
    size: int = 1
    depth: int = 0

    def entries(self) -> Iterator[tuple[str | int, int, Node]]:
        """Yield key or position, line and node of every child."""
        if isinstance(self.content, dict):
            yield from ((key, line, node) for key, (line, node) in self.content.items())
        elif isinstance(self.content, list):
            yield from ((at, node.line, node) for at, node in enumerate(self.content))

    def plain(self) -> Any:
        """Return the value without its lines."""
        if isinstance(self.content, dict):
            return {key: node.plain() for key, (_, node) in self.content.items()}
        if isinstance(self.content, list):
            return [node.plain() for node in self.content]
        return self.content


def compose(text: str) -> Node | None:
    """Read the one document of a YAML text.

    Returns
    -------
    Node or None
        None where the text holds no document.

    Raises
    ------
    Refused
        Not YAML, or YAML beyond what a study file can contain.
    """
    try:
        return _Composer(YAML(typ="safe", pure=True).parse(io.StringIO(text))).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or error.context).split())
        for token, words in _TOKENS.items():
            problem = problem.replace(token, words)
        raise Refused(mark.line + 1 if mark else None, f"is not YAML: {problem}") from None
    except ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise Refused(line, f"is not YAML: character {shown(chr(error.character))}") from None
    except YAMLError as error:
        raise Refused(None, f"is not YAML: {' '.join(str(error).split())}") from None


class _Composer:
    """One pass over the events of a text."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._anchors: dict[str, Node | None] = {}

    def document(self) -> Node | None:
        root = None
        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            line = _line(event)
            if root is not None:
                raise Refused(line, "must hold one document (a second one starts here)")
            if event.version not in (None, (1, 2)):
                raise Refused(line, "must be YAML 1.2 (got another %YAML version)")
            root = self._node(next(self._events), ())
        return root

    def _node(self, event: Event, path: Path) -> Node:
        line = _line(event)
        if isinstance(event, AliasEvent):
            return self._aliased(event.anchor, line, path)
        if len(path) > DEEPEST:
            raise Refused(line, f"must be nested at most {DEEPEST} levels deep")
        if not isinstance(event, ScalarEvent | CollectionStartEvent):
            raise TypeError(f"no YAML node starts with {event}")
        anchor = event.anchor
        if anchor is not None:
            self._anchors[anchor] = None
        if isinstance(event, ScalarEvent):
            node = Node(line, _scalar(event, line, path))
        elif isinstance(event, SequenceStartEvent):
            _refuse_tag(event, "seq", line, path)
            node = self._sequence(line, path)
        else:
            _refuse_tag(event, "map", line, path)
            node = self._mapping(line, path)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _aliased(self, anchor: str, line: int, path: Path) -> Node:
        if anchor not in self._anchors:
            raise Refused(line, f"unknown alias *{anchor}", path)
        node = self._anchors[anchor]
        if node is None:
            raise Refused(line, f"alias *{anchor} refers to itself", path)
        # The value is shown where it is used, so that an error points at the place to change.
        return Node(line, node.content, node.size, node.depth)

    def _sequence(self, line: int, path: Path) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return _measured(line, items, items)

    def _mapping(self, line: int, path: Path) -> Node:
        entries: dict[str, tuple[int, Node]] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, path)
            at = _line(event)
            if key in entries:
                rule = f"duplicate key on lines {entries[key][0]} and {at}"
                raise Refused(at, rule, (*path, key))
            entries[key] = (at, self._node(next(self._events), (*path, key)))
        return _measured(line, entries, [node for _, node in entries.values()])

    def _key(self, event: Event, path: Path) -> str:
        line = _line(event)
        if isinstance(event, ScalarEvent) and event.value == "<<" and event.style is None:
            raise Refused(line, "merge keys (<<) are not allowed; repeat the entries", path)
        if not isinstance(event, ScalarEvent | AliasEvent):
            raise Refused(line, "keys must be text (got a list or mapping)", path)
        key = self._node(event, path).content
        if not isinstance(key, str):
            given = "a list or mapping" if isinstance(key, list | dict) else shown(key)
            raise Refused(line, f"keys must be text (got {given})", path)
        return key


def _measured(line: int, content: Any, children: list[Node]) -> Node:
    size = 1 + sum(child.size for child in children)
    depth = 1 + max((child.depth for child in children), default=0)
    if size > MOST_NODES:
        raise Refused(line, f"must hold at most {MOST_NODES} values, aliases replaced")
    if depth > DEEPEST:
        raise Refused(line, f"must be nested at most {DEEPEST} levels deep")
    return Node(line, content, size, depth)


def _scalar(event: ScalarEvent, line: int, path: Path) -> Scalar:
    tag = event.tag
    if tag is not None and tag != "!":
        _refuse_tag(event, "str null bool int float", line, path)
    try:
        if tag is not None and tag != "!":
            return tagged(event.value, tag)
        return plain(event.value) if tag is None and event.style is None else str(event.value)
    except ValueError:
        rule = f"cannot be read as {'a number' if tag is None else tag.replace(PREFIX, '!!')}"
        raise Refused(line, f"{rule} (got {shown(event.value)})", path) from None


def _refuse_tag(
    event: ScalarEvent | CollectionStartEvent, allowed: str, line: int, path: Path
) -> None:
    tag = event.tag
    if tag is not None and tag not in ("!", *(PREFIX + kind for kind in allowed.split())):
        name = tag.replace(PREFIX, "!!")
        raise Refused(line, f"tag {shown(name)} is not allowed", path)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1
