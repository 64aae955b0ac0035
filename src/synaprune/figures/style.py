"""The one look of all figures, applied without touching anybody else's.

Figures are made from matplotlib's own defaults with the project's style file over them, inside a
context that puts the settings of the process back, so that neither a user's settings change a
figure nor a figure a user's settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib.resources import as_file, files
from typing import ParamSpec, TypeVar

from matplotlib import rc_context, rc_params_from_file

Given = ParamSpec("Given")
Made = TypeVar("Made")

#: Colour of text, axes and everything that is no treatment.
INK = "#1b1f24"

#: Colour of what is only there for comparison.
FAINT = "#6b7680"

#: Width at print size, in millimetres: two columns.
TWO_COLUMNS = 175.0

#: Size of secondary text such as keys, in points.
SMALL = 8

#: Opacity of the bands that hold 95 % and 50 % of patients, and of single courses.
OUTER_BAND, INNER_BAND, HAIRLINE = 0.12, 0.30, 0.35

#: Single courses are drawn where there are fewer patients than this.
HAIRLINES_BELOW = 20

_NOT_A_LOOK = ("backend", "interactive", "toolbar", "webagg", "tk.", "macosx", "docstring",
               "timezone", "date.epoch", "savefig.directory", "figure.hooks")  # fmt: skip


@contextmanager
def house_style() -> Iterator[None]:
    """Set the look for a block of code; afterwards all settings are as they were."""
    with as_file(files(__package__).joinpath("synaprune.mplstyle")) as path:
        settings = rc_params_from_file(path, use_default_template=True)
    look = {key: value for key, value in settings.items() if not key.startswith(_NOT_A_LOOK)}
    with rc_context(look):
        yield


def in_house_style(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Run a function that makes a figure with the look set."""

    @wraps(make)
    def styled(*given: Given.args, **named: Given.kwargs) -> Made:
        with house_style():
            return make(*given, **named)

    return styled
