"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

Verb = TypeVar("Verb", bound=Callable[..., Any])

_OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The run folder. By default a new runs/<date>-<name>-<hash>.",
)
_OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace a run that stands there.")
_WORKERS = click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes; by default one a core. Results do not depend on it.",
)


def run_options(verb: Verb) -> Verb:
    """Add --out, --overwrite and --workers."""
    for option in (_WORKERS, _OVERWRITE, _OUT):
        verb = option(verb)
    return verb
