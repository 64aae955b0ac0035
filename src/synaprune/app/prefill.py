"""What the page starts with: everything that can be asked, and what a given study asks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from synaprune.app.asking import MOST_PATIENTS
from synaprune.app.doses import as_cycles, fitting_treatments
from synaprune.figures.words import plain_title
from synaprune.model.constants import Declaration, declared
from synaprune.study import Study, library
from synaprune.study.arm import doses_of
from synaprune.study.profile import Profile

#: What the page asks where it is opened without a study.
FIRST = Study(
    name="my-study",
    profiles=["als_standard"],
    arms={name: name for name in ("untreated", "riluzole_continuous", "ketamine_maintenance")},
    patients=8,
    seed=1,
)


_IN_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A profile, treatment or drug to choose."""

    name: str
    title: str
    sentence: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A constant with its usual value and the one that the page starts with.

    Attributes
    ----------
    known
        What is known of it.
    usual
        Its value in the preset, for profiles that set none themselves.
    value
        What the page starts with.
    source
        Where the usual value comes from.
    fixed
        Whether the study sets it: then it acts in every profile, even at its usual value.
    """

    known: Declaration
    usual: str
    value: str
    source: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Prefill:
    """Everything that the left side of the page shows at first.

    Attributes
    ----------
    study
        What is asked.
    profiles, treatments
        To choose; treatments that give doses past the end of the course are not.
    groups
        Constants by the part of the model that reads them.
    start
        What the page's own code needs: arms, treatments and drugs with their cycles, and the
        months of a cycle by profile.
    most_patients
        Upper limit.
    """

    study: Study
    profiles: tuple[Choice, ...]
    treatments: tuple[Choice, ...]
    groups: tuple[tuple[str, tuple[Setting, ...]], ...]
    start: dict[str, Any]
    most_patients: int = MOST_PATIENTS

    @property
    def all_treatments(self) -> str:
        """All treatments to choose, in words."""
        count = len(self.treatments)
        return f"All {_IN_WORDS.get(count, count)}"


def prefill(study: Study | None) -> Prefill:
    """Prepare the page.

    Parameters
    ----------
    study
        What it starts with; a small study of the usual treatments by default.
    """
    asked = study or FIRST
    treatments = fitting_treatments(asked.cycles, asked.preset)
    return Prefill(
        asked,
        _profiles(asked),
        tuple(Choice(name, t.title, t.sentence) for name, t in treatments.items()),
        _settings(asked),
        _start(asked),
    )


def _profiles(study: Study) -> tuple[Choice, ...]:
    own = [profile for profile in study.profiles if isinstance(profile, Profile)]
    chosen = {one if isinstance(one, str) else one.name for one in study.profiles}
    choices = [Choice(n, p.title, p.sentence, n in chosen) for n, p in library.profiles().items()]
    choices += [Choice(p.name, p.title or plain_title(p.name), "A profile of this study.", True)
                for p in own]  # fmt: skip
    return tuple(choices)


def _settings(study: Study) -> tuple[tuple[str, tuple[Setting, ...]], ...]:
    preset = library.presets()[study.preset].constants
    settings = []
    for known in declared():
        usual = known.given if known.given is not None else preset[known.name]
        value = study.constants.get(known.name, usual)
        source = known.source.removeprefix("silent: ")
        if source != known.source:
            source = f"Open in the paper: {source}"
        fixed = known.name in study.constants
        settings.append(Setting(known, _text(usual, known), _text(value, known), source, fixed))
    parts = groupby(settings, key=lambda setting: setting.known.part)
    return tuple((part, tuple(members)) for part, members in parts)


def _text(value: float, known: Declaration) -> str:
    return str(int(value)) if known.kind is int else repr(float(value))


def _months(study: Study) -> dict[str, float]:
    """Months of a cycle in every profile to choose."""
    own = [profile for profile in study.profiles if isinstance(profile, Profile)]
    resolved = study.model_copy(update={"profiles": (*library.profiles(), *own)}).resolve()
    return {name: resolved.constants_of(name).months_per_cycle for name in resolved.profiles}


def _start(study: Study) -> dict[str, Any]:
    drugs = {**library.drugs(), **study.drugs}
    return {
        "cycles": study.cycles,
        "months": _months(study),
        "drugs": [{"name": n, "title": d.title or plain_title(n)} for n, d in drugs.items()],
        "treatments": {
            name: {"title": t.title, "doses": as_cycles(t.doses, study.cycles)}
            for name, t in fitting_treatments(study.cycles, study.preset).items()
        },
        "arms": [
            {"name": name, "doses": as_cycles(doses_of(arm, study.preset), study.cycles)}
            for name, arm in study.arms.items()
        ],
    }
