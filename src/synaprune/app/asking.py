"""What the page asks for, as a study: checked by the study's own rules, word for word.

The page sends fields as the text that stands in them. Nothing is rounded, cut or guessed on the
way: what a study file would refuse is refused here with the same line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synaprune.app.doses import as_arm
from synaprune.errors import InputError
from synaprune.study import Study, library
from synaprune.study.yaml_scalars import plain

#: The most patients that the page asks for; more belong on the command line.
MOST_PATIENTS = 200

_ASKED = ("name", "profiles", "arms", "patients", "seed", "constants")
_LONGEST_TEXT = 200
_MOST_ARMS = 40


def as_study(asked: object, base: Study | None = None) -> Study:
    """Make the study that the page asks for.

    Parameters
    ----------
    asked
        Fields of the page: name, patients, seed (text), profiles (list of names), arms (list of
        mappings with name and doses, cycles by drug), constants (text by name, changed ones).
    base
        The study that the page was opened with; supplies what the page does not show.

    Raises
    ------
    InputError
        A field cannot be used: one line that names it.

    Examples
    --------
    >>> arm = {"name": "late", "doses": {"ketamine": [15, 20]}}
    >>> asked = {"name": "first", "profiles": ["mdd"], "arms": [arm], "patients": "2", "seed": "1"}
    >>> as_study(asked).resolve().arms
    {'late': {'ketamine': (15, 20)}}
    """
    fields = _mapping(asked, "the page")
    given = base.as_given() if base is not None else {}
    keys: dict[str, Any] = {key: value for key, value in given.items() if key not in _ASKED}
    cycles = int(given.get("cycles", Study.model_fields["cycles"].default))
    keys["name"] = _text(fields.get("name"), "name")
    keys["profiles"] = _profiles(fields.get("profiles"), given)
    preset = str(given.get("preset", library.DEFAULT_PRESET))
    keys["arms"] = _arms(fields.get("arms"), cycles, preset)
    keys["patients"] = _patients(fields.get("patients"))
    keys["seed"] = _value(fields.get("seed"), "seed")
    constants = _mapping(fields.get("constants", {}), "constants")
    if constants:
        keys["constants"] = {
            str(name): _value(text, f"constants.{name}") for name, text in constants.items()
        }
    return Study(**keys)


def _profiles(asked: object, given: Mapping[str, Any]) -> list[Any]:
    """Put the profiles that the base study spells out in the place of their names."""
    if not isinstance(asked, list | tuple) or not asked:
        raise InputError("profiles: choose at least one")
    own = {
        entry["name"]: entry for entry in given.get("profiles", ()) if isinstance(entry, Mapping)
    }
    return [own.get(name, name) if isinstance(name, str) else name for name in asked]


def _arms(asked: object, cycles: int, preset: str) -> dict[str, Any]:
    if not isinstance(asked, list | tuple) or not asked:
        raise InputError("arms: choose at least one treatment, or add an arm of your own")
    if len(asked) > _MOST_ARMS:
        raise InputError(f"arms: at most {_MOST_ARMS} here (got {len(asked)})")
    arms: dict[str, Any] = {}
    for entry in asked:
        arm = _mapping(entry, "arms")
        name = _text(arm.get("name"), "arms: name")
        if name in arms:
            raise InputError(f"arms: two arms are called {name!r}; give each its own name")
        doses = _mapping(arm.get("doses", {}), f"arms.{name}")
        days = {str(drug): _days(cycles_given, name) for drug, cycles_given in doses.items()}
        arms[name] = as_arm(name, days, cycles, preset)
    return arms


def _days(asked: object, arm: str) -> list[int]:
    if not isinstance(asked, list | tuple) or any(type(day) is not int for day in asked):
        raise InputError(f"arms.{arm}: doses must be whole cycles")
    return list(asked)


def _patients(asked: object) -> Any:
    value = _value(asked, "patients")
    if isinstance(value, int) and value > MOST_PATIENTS:
        raise InputError(
            f"patients: at most {MOST_PATIENTS} here (got {value}); larger studies run on the "
            "command line: synaprune run"
        )
    return value


def _value(asked: object, field: str) -> Any:
    """Read a field as a study file would: 3 is whole, 3.0 is not, words stay words."""
    text = _text(asked, field).strip()
    if not text:
        raise InputError(f"{field}: is empty; give a number")
    return plain(text)


def _text(asked: object, field: str) -> str:
    if not isinstance(asked, str) or len(asked) > _LONGEST_TEXT:
        raise InputError(f"{field}: must be text of at most {_LONGEST_TEXT} characters")
    return asked.strip()


def _mapping(asked: object, field: str) -> Mapping[str, Any]:
    if not isinstance(asked, Mapping):
        raise InputError(f"{field}: must hold fields by name")
    return asked
