"""Running a study from the command line, so that however it ends it can be gone on with."""

from __future__ import annotations

import shlex
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from click.exceptions import Exit

from synaprune.cli.options import RunOptions
from synaprune.errors import RunError

if TYPE_CHECKING:
    from synaprune.results.run import Run
    from synaprune.study import Study

FAILED = 1
INTERRUPTED = 130

#: Sent where a run should end soon: by `kill` and batch systems, and when a terminal closes.
_ENDING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def campaign(study: Study, what: str, options: RunOptions, finish: Callable[[Run], None]) -> None:
    """Run a study with a progress display, and say how to go on if it does not reach its end.

    Parameters
    ----------
    study
        What to run.
    what
        The same in a few words, for the display.
    options
        As given on the command line.
    finish
        What to do with the results; not called for a shard while others are missing.
    """
    from synaprune.results.folder import new_place

    folder = options.out or new_place(study.name, study.resolve().sha256())
    with resumable(folder), ending_signals_interrupt():
        run = _run(study, folder, what, options)
        if run.manifest.complete:
            finish(run)
        else:
            click.echo(f"Shard {options.shard} is done in {folder}; others are still to come.")


def _run(study: Study, folder: Path, what: str, options: RunOptions) -> Run:
    from synaprune.cli.progress import shown
    from synaprune.engine import simulate

    with shown(what) as listener:
        return simulate.run(
            study,
            folder,
            overwrite=options.overwrite,
            resume=options.resume,
            workers=options.workers,
            shard=options.shard,
            dask=options.dask,
            on_progress=listener,
        )


def resume_command(folder: Path) -> str:
    """Give the command line that goes on with the run of the verb under way.

    Parameters
    ----------
    folder
        Its run folder.
    """
    context = click.get_current_context()
    words = [*_program(), str(context.info_name)]
    for parameter in context.command.params:
        name = str(parameter.name)
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or name in {"out", "overwrite", "resume"}:
            continue
        value = context.params[name]
        if isinstance(parameter, click.Option) and parameter.is_flag:
            words.append(parameter.opts[-1])
            continue
        for one in value if isinstance(value, tuple) else (value,):
            option = [] if isinstance(parameter, click.Argument) else [parameter.opts[-1]]
            words += [*option, str(one)]
    return shlex.join([*words, "--out", str(folder), "--resume"])


def _program() -> list[str]:
    """Say how this program was called."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("synaprune", "__main__.py"):
        return [sys.orig_argv[0], "-m", "synaprune"]
    found = shutil.which("synaprune")
    if called.name != "synaprune" or (found and Path(found).resolve() == called.resolve()):
        return ["synaprune"]
    return [str(called)]


@contextmanager
def resumable(folder: Path) -> Iterator[None]:
    """Turn what ends a run before its end into one line that says how to go on, and a code."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(f"synaprune: interrupted; go on with: {resume_command(folder)}", err=True)
        raise Exit(INTERRUPTED) from None
    except RunError as error:
        click.echo(f"synaprune: {error.summary}; go on with: {resume_command(folder)}", err=True)
        for line in error.failures:
            click.echo(f"  {line}", err=True)
        raise Exit(FAILED) from error


@contextmanager
def ending_signals_interrupt() -> Iterator[None]:
    """Let signals that end a process interrupt it as Ctrl-C does, so that it can tidy up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    changed = {
        number: signal.signal(number, signal.default_int_handler)
        for number in _ENDING_SIGNALS
        if signal.getsignal(number) is signal.SIG_DFL
    }
    try:
        yield
    finally:
        for number, before in changed.items():
            signal.signal(number, before)
