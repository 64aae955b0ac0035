"""Names and numbers in words, so that figures and reports speak the same language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor, isfinite, log10

from synaprune.model.quantities import READOUTS
from synaprune.study import library
from synaprune.study.schedule import Schedule

READOUT = {readout.name: readout for readout in READOUTS}

#: Layers with a name and a function that a clinician knows.
LAYER_NAMES = {
    "prefrontal_limbic": ("Prefrontal-limbic", "mood"),
    "upper_motor": ("Upper motor", "spasticity"),
    "lower_motor": ("Lower motor", "weakness"),
    "neuromuscular_junction": ("Neuromuscular junction", "fatigue"),
    "bulbar": ("Bulbar", "speech, swallowing"),
    "respiratory": ("Respiratory", "breathing"),
    "fine_motor": ("Fine motor", "dexterity"),
    "output": ("Output", "task"),
}

#: Decimals of a number without an interval.
_DECIMALS_ALONE = 1

_MOST_DECIMALS = 2

#: So many doses are listed rather than described.
_FEW = 2


def plain_title(name: str) -> str:
    """Turn a name into words, leaving what is written in words as it is.

    Examples
    --------
    >>> plain_title("late_start"), plain_title("Standard ALS")
    ('Late start', 'Standard ALS')
    """
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def arm_title(arm: str, treatment: str | None) -> str:
    """Title of an arm: the library's where name and doses are those of a built-in treatment."""
    return library.treatments()[arm].title if arm == treatment else plain_title(arm)


def in_sentence(title: str) -> str:
    """Write a title in the middle of a sentence; names and abbreviations keep their capitals.

    Examples
    --------
    >>> in_sentence("Motor integrity"), in_sentence("ALSFRS-R proxy"), in_sentence("NfL proxy")
    ('motor integrity', 'ALSFRS-R proxy', 'NfL proxy')
    """
    first = title.split(" ")[0].split("-")[0]
    return title if first[1:] != first[1:].lower() else title[:1].lower() + title[1:]


def axis_title(readout: str) -> str:
    """Name a readout with its range or unit, for an axis.

    Examples
    --------
    >>> axis_title("alsfrs_r_proxy"), axis_title("nfl_proxy")
    ('ALSFRS-R proxy (0 to 48)', 'NfL proxy (arbitrary units)')
    """
    known = READOUT[readout]
    if known.unit == "points":
        return f"{known.title} (0 to {known.maximum:g})"
    return f"{known.title} ({known.unit})"


def decimals(half_width: float) -> int:
    """Count the decimals that an uncertainty supports.

    Parameters
    ----------
    half_width
        Half of the interval. Two of its digits are kept where it starts with 1 to 3, one where
        it starts with more, as is usual in physics; not a number or 0 gives one decimal.

    Examples
    --------
    >>> [decimals(width) for width in (0.0123, 0.6, 1.2, 7.0, 23.0)]
    [2, 1, 1, 0, 0]
    """
    if not isfinite(half_width) or half_width <= 0:
        return _DECIMALS_ALONE
    exponent = floor(log10(half_width))
    leading = half_width / 10**exponent
    wanted = -exponent + (1 if leading < 3.55 else 0)
    return min(max(wanted, 0), _MOST_DECIMALS)


def number(value: float, places: int, *, signed: bool = False) -> str:
    """Write a number with a true minus sign and never a negative zero.

    Examples
    --------
    >>> number(-0.04, 1), number(-2.5, 1), number(6.78, 1, signed=True)
    ('0.0', '−2.5', '+6.8')
    """
    rounded = round(value, places) + 0.0
    text = f"{rounded:+.{places}f}" if signed and rounded != 0 else f"{rounded:.{places}f}"
    return text.replace("-", "−")


def listed(items: Sequence[str]) -> str:
    """Join words with commas and a final and.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def time_in_words(cycle: int, months: float) -> str:
    """Name a cycle, with its month where a cycle has a length.

    Parameters
    ----------
    cycle, months
        The cycle, and the length of one; 0 months where profiles differ in it.

    Examples
    --------
    >>> time_in_words(4, 1.5), time_in_words(4, 0)
    ('cycle 4 (month 6)', 'cycle 4')
    """
    return f"cycle {cycle} (month {cycle * months:g})" if months else f"cycle {cycle}"


def doses_in_words(doses: Schedule, cycles: int, months: float) -> str:
    """Say which drugs are given and when.

    Parameters
    ----------
    doses
        By drug the cycles of its doses.
    cycles, months
        Length of the course and of a cycle; 0 months where profiles differ in it.

    Examples
    --------
    >>> doses_in_words({"ketamine": (3, 6, 9)}, 30, 1.5)
    'ketamine every 3 cycles (4.5 months), cycles 3 to 9, 3 doses'
    """
    if not doses:
        return "no drug is given"
    return "; ".join(
        f"{drug.replace('_', ' ')} {_when(days, cycles, months)}" for drug, days in doses.items()
    )


def _when(days: tuple[int, ...], cycles: int, months: float) -> str:
    if len(days) == 1:
        return f"once, at {time_in_words(days[0], months)}"
    steps = {later - earlier for earlier, later in pairwise(days)}
    if len(steps) > 1 or (len(days) == _FEW and steps != {1}):
        return f"at cycles {listed([str(day) for day in days])}"
    step = steps.pop()
    if step == 1 and days[0] == 0 and days[-1] == cycles - 1:
        return "at every cycle"
    span = f"cycles {days[0]} to {days[-1]}, {len(days)} doses"
    length = f" ({step * months:g} months)" if months else ""
    return f"{'at every cycle' if step == 1 else f'every {step} cycles'}{length}, {span}"


def patients_in_words(n: int) -> str:
    """Count patients.

    Examples
    --------
    >>> patients_in_words(1), patients_in_words(16)
    ('1 patient', '16 patients')
    """
    return "1 patient" if n == 1 else f"{n} patients"


def joined(sentences: Iterable[str]) -> str:
    """Join sentences, leaving out empty ones."""
    return " ".join(sentence for sentence in sentences if sentence)
