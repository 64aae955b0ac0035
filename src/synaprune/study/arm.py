"""One arm: the doses of one drug or several, or a built-in treatment by name."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Tag

from synaprune.study import library
from synaprune.study.dose import Dose
from synaprune.study.messages import NAMED, SPELLED_OUT
from synaprune.study.rules import BROKEN, OneOf
from synaprune.study.tables import Listed


def _kind(value: object) -> str | None:
    if isinstance(value, str):
        return NAMED
    return SPELLED_OUT if isinstance(value, (list, tuple)) else None


TreatmentName = Annotated[str, OneOf("treatment", lambda: library.treatments())]

#: An arm as it is asked for: a treatment's name, or dose lines (none means untreated).
Arm = Annotated[
    Annotated[TreatmentName, Tag(NAMED)] | Annotated[Listed[Dose], Tag(SPELLED_OUT)],
    Discriminator(
        _kind,
        custom_error_type=BROKEN,
        custom_error_message="{rule}",
        custom_error_context={"rule": "must be a list of doses or the name of a treatment"},
    ),
]


def doses_of(arm: str | tuple[Dose, ...], preset: str) -> tuple[Dose, ...]:
    """Dose lines of an arm, those of a preset's treatment where it is a name."""
    return library.treatments(preset)[arm].doses if isinstance(arm, str) else arm
