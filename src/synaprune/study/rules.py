"""Rules that a single value of a study must keep, each with the sentence that states it.

A rule stands in an annotation (``Annotated[int, Whole(1, 1000)]``), so that the bound, the error
text and the JSON Schema come from one declaration. Nothing is cast silently: ``True`` is not 1
and 2.9 is not 2. The one widening that loses nothing is allowed: a whole number may stand where a
number is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, NoReturn

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from synaprune.errors import nearest
from synaprune.study.faults import shown

#: Error type of a rule whose text still lacks the value that was given.
BROKEN = "broken_rule"

#: Error type of a rule whose text is complete.
STATED = "stated_rule"

JsonSchema = dict[str, Any]


def broken(rule: str) -> NoReturn:
    """Refuse a value; the value itself is added to the text where the error is reported."""
    raise PydanticCustomError(BROKEN, "{rule}", {"rule": rule})


def stated(rule: str) -> NoReturn:
    """Refuse a value with a text that is complete."""
    raise PydanticCustomError(STATED, "{rule}", {"rule": rule})


class Rule:
    """A check of one value that pydantic can use as an annotation."""

    def check(self, value: object) -> Any:
        """Return the value in its plain type, or refuse it."""
        raise NotImplementedError

    def json_schema(self) -> JsonSchema:
        """Describe the allowed values."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        return self.json_schema()


@dataclass(frozen=True, slots=True)
class Whole(Rule):
    """A whole number within bounds, both allowed.

    Examples
    --------
    >>> Whole(1, 9).check(3)
    3
    """

    low: int
    high: int

    def check(self, value: object) -> int:
        """Return the number as int, or refuse it."""
        if not isinstance(value, Integral) or isinstance(value, bool):
            broken("must be a whole number")
        number = int(value)
        if not self.low <= number <= self.high:
            allowed = f"a whole number from {self.low} to {self.high}"
            broken(f"must be {self.low if self.low == self.high else allowed}")
        return number

    def json_schema(self) -> JsonSchema:
        """Describe the bounds."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Number(Rule):
    """A finite number within bounds, both allowed unless `above` excludes the lower one.

    Examples
    --------
    >>> Number(0, 0.5).check(0)
    0.0
    """

    low: float
    high: float = math.inf
    above: bool = False

    def check(self, value: object) -> float:
        """Return the number as float, or refuse it."""
        if not isinstance(value, Real) or isinstance(value, bool):
            broken("must be a number")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            broken("must be a finite number")
        if not self.low <= number <= self.high or (self.above and number == self.low):
            broken(f"must be a number {self._range()}")
        return number + 0.0  # turns -0.0 into 0.0, which would otherwise hash differently

    def _range(self) -> str:
        if math.isfinite(self.high):
            return f"from {self.low} to {self.high}"
        return f"above {self.low}" if self.above else f"of at least {self.low}"

    def json_schema(self) -> JsonSchema:
        """Describe the bounds."""
        low = "exclusiveMinimum" if self.above else "minimum"
        bounds: JsonSchema = {"type": "number", low: self.low}
        return bounds | ({"maximum": self.high} if math.isfinite(self.high) else {})


@dataclass(frozen=True, slots=True)
class Name(Rule):
    """A name that can stand in a table, a figure and a file name.

    Examples
    --------
    >>> Name(64).check("als_standard")
    'als_standard'
    """

    longest: int

    @property
    def _pattern(self) -> str:
        # Readers of a folder of files pass over names that begin with a dot or an underscore.
        return rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{self.longest - 1}}}"

    def check(self, value: object) -> str:
        """Return the name, or refuse it."""
        if not isinstance(value, str) or not re.fullmatch(self._pattern, value):
            broken(f"must be a name of 1 to {self.longest} characters out of A-Z a-z 0-9 _ . -, "
                   "the first a letter or a digit")  # fmt: skip
        return str(value)

    def json_schema(self) -> JsonSchema:
        """Describe the pattern."""
        return {"type": "string", "pattern": f"^{self._pattern}$"}


@dataclass(frozen=True, slots=True)
class OneOf(Rule):
    """A name out of a list that is looked up when a value is checked.

    Attributes
    ----------
    noun
        What the names name, in the singular.
    names
        Returns the allowed names; called late, so that a library need not be read on import.
    renamed
        Names of former versions, and the names that took their place.
    """

    noun: str
    names: Callable[[], Iterable[str]]
    renamed: Mapping[str, str] = field(default_factory=dict, hash=False)

    def check(self, value: object) -> str:
        """Return the name, or refuse it with the nearest allowed one."""
        if not isinstance(value, str):
            broken(f"must be the name of a {self.noun}")
        names = tuple(self.names())
        if value not in names:
            if value in self.renamed:
                stated(f"{self.noun} {shown(value)} is now {self.renamed[value]!r}")
            stated(unknown(self.noun, value, names))
        return str(value)

    def json_schema(self) -> JsonSchema:
        """List the names."""
        return {"type": "string", "enum": list(self.names())}


@dataclass(frozen=True, slots=True)
class Text(Rule):
    """Free text on one line."""

    longest: int = 200

    def check(self, value: object) -> str:
        """Return the text, or refuse it."""
        if not isinstance(value, str):
            broken("must be text")
        if not value.isprintable() or not value.strip() or len(value) > self.longest:
            broken(f"must be one line of 1 to {self.longest} printable characters")
        return str(value)

    def json_schema(self) -> JsonSchema:
        """Describe the length."""
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


def unknown(noun: str, name: object, names: Iterable[str]) -> str:
    """State that a name is not known, and which are.

    Examples
    --------
    >>> unknown("drug", "ketamin", ["ketamine", "riluzole"])
    "unknown drug 'ketamin'; did you mean 'ketamine'? allowed: ketamine, riluzole"
    """
    return f"unknown {noun} {shown(name)}; {nearest(name, names)}"
