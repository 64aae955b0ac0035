"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import rich_click as click

from synaprune.errors import InputError


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Where and how to run; each field is the option of its name.

    Attributes
    ----------
    out
        The run folder, or None for a new one.
    overwrite, resume
        What to do with a run that stands there.
    workers, shard, dask
        Where blocks are computed, and which.
    """

    out: Path | None
    overwrite: bool
    resume: bool
    workers: int | None
    shard: str | None
    dask: str | None

    def __post_init__(self) -> None:
        if self.overwrite and self.resume:
            raise InputError("--resume and --overwrite exclude each other")
        if self.overwrite and self.shard is not None:
            raise InputError("--shard and --overwrite exclude each other: shards share a folder")
        if self.resume and self.out is None:
            raise InputError("--resume needs --out, the folder of the run to go on with")
        if self.shard is not None and self.out is None:
            raise InputError("--shard needs --out, the folder that all shards share")


_OPTIONS = (
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        help="The run folder. By default a new runs/<date>-<name>-<hash>.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace a run that stands there."),
    click.option(
        "--resume",
        is_flag=True,
        help="Go on with the run that stands there, or begin it; the files come out the same.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1),
        help="Processes; by default one a core. Results do not depend on it.",
    ),
    click.option(
        "--shard",
        metavar="I/N",
        help="Compute every N-th block only, from the I-th on; all N make the run.",
    ),
    click.option(
        "--dask", metavar="tcp://HOST:PORT", help="Compute on the Dask cluster of this scheduler."
    ),
)


def run_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a run; the verb gets them as `options`, a `RunOptions`."""

    @wraps(verb)
    def collected(
        *,
        out: Path | None,
        overwrite: bool,
        resume: bool,
        workers: int | None,
        shard: str | None,
        dask: str | None,
        **others: Any,
    ) -> None:
        verb(options=RunOptions(out, overwrite, resume, workers, shard, dask), **others)

    decorated: Callable[..., None] = collected
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
