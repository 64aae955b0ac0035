"""Mappings and lists of a study whose entries have rules of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from synaprune.study.faults import Fault, shown
from synaprune.study.messages import failure
from synaprune.study.rules import BROKEN, JsonSchema, Rule, broken, stated, unknown


@dataclass(frozen=True, slots=True)
class Table(Rule):
    """A mapping from known names to values, with one rule for each name.

    Attributes
    ----------
    noun
        What the names name, in the singular.
    rules
        Returns the rule of every allowed name; called late.
    """

    noun: str
    rules: Callable[[], Mapping[str, Rule]]

    def check(self, value: object) -> dict[str, Any]:
        """Return the mapping with checked values, or refuse every wrong entry at once."""
        if not isinstance(value, Mapping):
            broken("must be a mapping")
        rules = self.rules()
        strangers = [
            Fault((str(name),), unknown(self.noun, name, rules))
            for name in value
            if name not in rules
        ]
        checked, found = _checked(
            (name, rules[name], value[name]) for name in rules if name in value
        )
        if found or strangers:
            raise failure([*found, *strangers])
        return checked

    def json_schema(self) -> JsonSchema:
        """Describe each name."""
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: rule.json_schema() for name, rule in self.rules().items()},
        }


@dataclass(frozen=True, slots=True)
class OneOrMany(Rule):
    """One value, or a list of at least one, by the same rule."""

    rule: Rule

    def check(self, value: object) -> Any:
        """Return the value, or the values as a tuple, or refuse every wrong one."""
        if not isinstance(value, (list, tuple)):
            return self.rule.check(value)
        if not value:
            stated("must not be empty")
        checked, found = _checked((i, self.rule, item) for i, item in enumerate(value))
        if found:
            raise failure(found)
        return tuple(checked.values())

    def json_schema(self) -> JsonSchema:
        """Describe both forms."""
        one = self.rule.json_schema()
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _checked(
    entries: Iterable[tuple[str | int, Rule, object]],
) -> tuple[dict[Any, Any], list[Fault]]:
    """Check every entry by its rule; return the good ones and the faults of the others."""
    good: dict[Any, Any] = {}
    found: list[Fault] = []
    for key, rule, given in entries:
        try:
            good[key] = rule.check(given)
        except PydanticCustomError as error:
            text = error.message()
            found.append(
                Fault((key,), f"{text} (got {shown(given)})" if error.type == BROKEN else text)
            )
    return good, found


def _as_tuple(value: object) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        broken("must be a list")
    return tuple(value)


def _filled(value: Any) -> Any:
    if not value:
        stated("must not be empty")
    return value


Item = TypeVar("Item")

#: Refuses an empty list or mapping, once its kind is right. Pydantic's own length rule counts the
#: valid entries only, and would report a second fault beside each wrong one.
FILLED = AfterValidator(_filled)

#: A list in YAML, a list or tuple in Python; kept as a tuple.
Listed = Annotated[tuple[Item, ...], BeforeValidator(_as_tuple)]
