"""The base of everything that a study file can say: frozen, strict, and clear when wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from synaprune.errors import InputError, meant
from synaprune.study.faults import REQUIRED, Fault, StudyError
from synaprune.study.messages import failure, faults
from synaprune.study.rules import broken, unknown


class Part(BaseModel):
    """A mapping of a study file with known keys.

    Building one in Python raises `StudyError`, an `InputError` of one line; inside another part
    pydantic collects the faults of all parts first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __init__(self, /, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise StudyError(faults(error), type(self).__name__.lower()) from None

    # As in pydantic's own RootModel: parts inside a part are validated without this constructor,
    # whose error would otherwise lose their paths.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        self._refuse_change(name)

    def __delattr__(self, name: str) -> NoReturn:
        self._refuse_change(name)

    def _refuse_change(self, name: str) -> NoReturn:
        kind = type(self).__name__.lower()
        raise InputError(f"{kind}: {name}: is frozen; model_copy(update=...) makes a changed copy")

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Keys that a mapping of this part may have, in the order of the file format."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Build the part from a mapping; as the constructor, `StudyError` says what is wrong."""
        if isinstance(obj, cls):
            return obj
        if not isinstance(obj, Mapping) or options:
            raise InputError(f"{cls.__name__.lower()}: must be a mapping, without options")
        return cls(**obj)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Build the part from JSON; as the constructor, `StudyError` says what is wrong."""
        try:
            document = json.loads(json_data)
        except ValueError as error:
            raise InputError(f"{cls.__name__.lower()}: is not JSON ({error})") from None
        return cls.model_validate(document, **options)

    def model_copy(
        self,
        *,
        update: Mapping[str, Any] | None = None,
        deep: bool = False,  # noqa: ARG002 - pydantic's signature
    ) -> Self:
        """Build the part anew with some keys replaced; the result is checked as a whole.

        Parameters
        ----------
        update
            New values by key.
        deep
            Without effect: parts are frozen.

        Raises
        ------
        StudyError
            The changed part cannot be used.
        """
        return type(self)(**{**self.as_given(), **(update or {})})

    def as_given(self) -> dict[str, Any]:
        """Plain mapping of the keys that were given, for YAML and JSON."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    @model_validator(mode="wrap")
    @classmethod
    def _known_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Name the nearest key for an unknown one, beside whatever else is wrong."""
        if isinstance(data, cls):
            return handler(data)
        keys = cls.keys()
        if not isinstance(data, Mapping):
            broken(f"must be a mapping with keys out of {', '.join(keys)}")
        strangers = [key for key in data if key not in keys]
        found = [Fault((str(key),), unknown("key", key, keys)) for key in strangers]
        known = {key: value for key, value in data.items() if key in keys}
        try:
            part = handler(known)
        except ValidationError as error:
            # a misspelt key is not missing as well: one mistake, one fault
            misspelt = {Fault((meant(key, keys) or "",), REQUIRED) for key in strangers}
            others = [fault for fault in faults(error) if fault not in misspelt]
            raise failure([*others, *found]) from None
        if found:
            raise failure(found)
        return part
