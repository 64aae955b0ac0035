"""What was asked, in words: profiles with their sentence, arms with drug and schedule."""

from __future__ import annotations

from dataclasses import dataclass

from synaprune.figures.material import Material
from synaprune.figures.words import doses_in_words, in_sentence, listed, patients_in_words
from synaprune.study import library


@dataclass(frozen=True, slots=True)
class Entry:
    """A profile or an arm.

    Attributes
    ----------
    title
        Its name in words.
    words
        What it is.
    name
        Its name in results.
    """

    title: str
    words: str
    name: str


def profiles_asked(material: Material) -> list[Entry]:
    """List the profiles; those of the study itself are said to be."""
    known = library.profiles()
    return [
        Entry(title, known[name].sentence if name in known else "A profile of this study.", name)
        for name, title in material.profiles.items()
    ]


def arms_asked(material: Material) -> list[Entry]:
    """List the arms with what is given and when."""
    entries = []
    for arm, doses in material.arms.items():
        words = doses_in_words(doses, material.cycles, material.months())
        entries.append(Entry(material.arm_titles[arm], f"{words[:1].upper()}{words[1:]}.", arm))
    return entries


def size_of_study(material: Material) -> str:
    """Say how many runs of what length were made."""
    runs = material.n * len(material.profiles) * len(material.arms)
    months = material.months()
    length = f" ({material.cycles * months:g} months)" if months else ""
    counted = [
        patients_in_words(material.n).replace("patient", "virtual patient"),
        _counted(len(material.profiles), "profile"),
        _counted(len(material.arms), "arm"),
    ]
    return (
        f"{counted[0]}, each in {counted[1]} and {counted[2]}: {_counted(runs, 'course')} of "
        f"{_counted(material.cycles, 'cycle')}{length}."
    )


def length_of_a_cycle(material: Material) -> str:
    """Say how many months a cycle lasts, by profile where profiles differ; empty if unknown."""
    lengths = {profile: material.months(profile) for profile in material.profiles}
    if not all(lengths.values()):
        return ""
    if len(set(lengths.values())) == 1:
        return f"a cycle is {_months(material.months())}"
    groups = [
        (months, [in_sentence(material.profiles[p]) for p, own in lengths.items() if own == months])
        for months in sorted(set(lengths.values()))
    ]
    each = [f"{_months(months)} in {listed(titles)}" for months, titles in groups]
    return f"a cycle is {listed(each)}"


def _months(months: float) -> str:
    return f"{months:g} month{'' if months == 1 else 's'}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
