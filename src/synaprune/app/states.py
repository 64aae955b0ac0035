"""What the right side of the page says where there is no result to show.

Apart from `result`, which draws, so that the first page does not wait for the drawing library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from synaprune.app.computing import Standing
from synaprune.app.page import part

_SECONDS_A_MINUTE = 60


def under_way(name: str, standing: Standing) -> Markup:
    """Say what is being computed, how far, and how long still."""
    return part(
        "under_way", name=name, standing=standing, percent=int(100 * standing.share),
        left=time_in_words(standing.seconds_left),
    )  # fmt: skip


def stopped(run: str, what: str, *, resumable: bool) -> Markup:
    """Say why a run cannot be shown, and what to do."""
    return part("stopped", run=run, what=what, resumable=resumable)


def finished(name: str) -> Markup:
    """Say, to those who cannot see the result appear, that what was computed is there."""
    return part("finished", name=name)


def nothing(runs: Sequence[str]) -> Markup:
    """Say what to do where nothing is open yet."""
    return part("nothing", runs=runs)


def choices(runs: Mapping[str, str], chosen: str) -> Markup:
    """List the runs that can be opened."""
    return part("choices", runs=runs, chosen=chosen)


def time_in_words(seconds: float | None) -> str:
    """Write a time that is left; empty where it is not known.

    Examples
    --------
    >>> time_in_words(None), time_in_words(4.2), time_in_words(200)
    ('', 'about 5 s left', 'about 3 min left')
    """
    if seconds is None:
        return ""
    if seconds < 2 * _SECONDS_A_MINUTE:
        return f"about {int(seconds) + 1} s left"
    return f"about {round(seconds / _SECONDS_A_MINUTE)} min left"
