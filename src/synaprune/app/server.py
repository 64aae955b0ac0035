"""One tab: what it asks, what it looks at, and what it is shown. Tabs share nothing but runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from markupsafe import Markup
from shiny import Inputs, Outputs, Session, reactive, render, req, ui

from synaprune.app import states
from synaprune.app.asking import as_study
from synaprune.app.computing import Computations, Standing
from synaprune.app.opened import OpenRuns
from synaprune.app.page import part
from synaprune.app.runs import RunFolders
from synaprune.app.view import View
from synaprune.errors import InputError
from synaprune.study import Study

if TYPE_CHECKING:
    from synaprune.figures.material import Material

_LOOK_SECONDS = 0.4

Server = Callable[[Inputs, Outputs, Session], None]
Shown: TypeAlias = "tuple[Material, View]"

#: What draws results takes a second to load: not before the first page is there.
_RESULT = "synaprune.app.result"


def tab_server(
    runs: RunFolders, opened: OpenRuns, computations: Computations, base: Study | None
) -> Server:
    """Make the function that serves one tab.

    Parameters
    ----------
    runs, opened, computations
        What all tabs share.
    base
        The study that the page was opened with.
    """

    def server(input: Inputs, output: Outputs, session: Session) -> None:  # noqa: ARG001 - Shiny's
        view = reactive.calc(lambda: View.of(input.view()))
        changed = _asking(input, session, computations, base)
        standing = _watching(view, changed, computations)
        shown = _opening(view, standing, opened)
        _status(view, standing, shown, runs, computations)
        _listing(view, standing, runs)
        _results(view, shown, runs)
        session.on_flushed(_load_ahead, once=True)

    return server


def _load_ahead() -> None:
    """Load what draws while the first page is being read."""
    Thread(target=import_module, args=(_RESULT,), daemon=True).start()


def _asking(
    input: Inputs,
    session: Session,
    computations: Computations,
    base: Study | None,
) -> reactive.Value[int]:
    """Start, go on with and cancel runs; count how often something was done."""
    problem: reactive.Value[str] = reactive.value("")
    changed: reactive.Value[int] = reactive.value(0)

    async def begin(start: Callable[[], str]) -> None:
        try:
            run = await asyncio.to_thread(start)
        except InputError as error:
            problem.set(str(error).removeprefix("study: "))
            return
        problem.set("")
        with reactive.isolate():
            changed.set(changed() + 1)
        await session.send_custom_message("open-run", {"run": run})

    @reactive.effect
    @reactive.event(input.ask)
    async def _() -> None:
        asked = input.ask()
        await begin(lambda: computations.start(as_study(asked, base)))

    @reactive.effect
    @reactive.event(input.resume)
    async def _() -> None:
        run = View.of(input.resume()).run
        await begin(lambda: computations.resume(run))

    @reactive.effect
    @reactive.event(input.cancel)
    def _() -> None:
        computation = computations.get(View.of(input.cancel()).run)
        if computation is not None:
            computation.cancel()
            with reactive.isolate():
                changed.set(changed() + 1)

    @render.ui
    def problem_with_what_was_asked() -> ui.HTML | None:
        return _html(part("problem", what=problem())) if problem() else None

    return changed


def _watching(
    view: Callable[[], View], changed: reactive.Value[int], computations: Computations
) -> Callable[[], Standing | None]:
    """Follow the computation of the run that is looked at."""

    @reactive.calc
    def standing() -> Standing | None:
        changed()  # what was just asked for is answered at once, not at the next look
        now = computations.standing(view().run)
        if now is not None and now.active:
            reactive.invalidate_later(_LOOK_SECONDS)
        return now

    return standing


def _opening(
    view: Callable[[], View], standing: Callable[[], Standing | None], opened: OpenRuns
) -> Callable[[], Awaitable[Shown | str]]:
    """Open the run that is looked at, or say why that cannot be."""
    ready: reactive.Value[str] = reactive.value("")

    @reactive.effect
    def _() -> None:
        now = standing()
        run = "" if now is not None and now.state != "done" else view().run
        with reactive.isolate():
            if run != ready():
                ready.set(run)

    @reactive.calc
    async def shown() -> Shown | str:
        wanted = view()
        req(wanted.run, ready() == wanted.run)
        try:
            _, material = await asyncio.to_thread(opened.get, wanted.run)
            return material, await asyncio.to_thread(wanted.within, material)
        except InputError as error:
            return str(error)

    return shown


def _status(
    view: Callable[[], View],
    standing: Callable[[], Standing | None],
    shown: Callable[[], Awaitable[Shown | str]],
    runs: RunFolders,
    computations: Computations,
) -> None:
    """Say how things stand where there is no result to show, and list the runs."""

    @render.ui
    async def status() -> ui.HTML | None:
        run, now = view().run, standing()
        if not run:
            return _html(states.nothing([entry.id for entry in runs.listed()]))
        if now is not None and now.active:
            computation = computations.get(run)
            return _html(states.under_way(computation.study.name if computation else run, now))
        if now is not None and now.state != "done":
            words = "Cancelled; what was done is kept." if now.state == "cancelled" else now.message
            return _html(states.stopped(run, words, resumable=True))
        found = await shown()
        if not isinstance(found, str):
            return _html(states.finished(found[0].name)) if now is not None else None
        return _html(states.stopped(run, found, resumable=_is_unfinished(runs, run)))


def _listing(
    view: Callable[[], View], standing: Callable[[], Standing | None], runs: RunFolders
) -> None:
    """List the runs that can be opened; changed only when they change, or it could not be used."""
    listing: reactive.Value[tuple[dict[str, str], str]] = reactive.value(({}, ""))

    @reactive.effect
    def _() -> None:
        now, chosen = standing(), view().run
        active = now is not None and now.active
        states = {}
        for entry in runs.listed():
            words = "being computed" if active and entry.id == chosen else "not complete"
            states[entry.id] = "" if entry.complete else words
        with reactive.isolate():
            if (states, chosen) != listing():
                listing.set((states, chosen))

    @render.ui
    def choices() -> ui.HTML:
        return _html(states.choices(*listing()))


def _results(
    view: Callable[[], View],
    shown: Callable[[], Awaitable[Shown | str]],
    runs: RunFolders,
) -> None:
    """Show what came out, each part when what it depends on changes."""

    async def made(make: Callable[[ModuleType, Material, View], Markup]) -> ui.HTML | None:
        found = await shown()
        if isinstance(found, str):
            return None
        return _html(await asyncio.to_thread(lambda: make(import_module(_RESULT), *found)))

    @render.ui
    async def headline() -> ui.HTML | None:
        return await made(lambda result, *found: result.headline(*found))

    @render.ui
    async def course() -> ui.HTML | None:
        return await made(lambda result, *found: result.course(*found))

    @render.ui
    async def circuit() -> ui.HTML | None:
        return await made(lambda result, *found: result.circuit(*found))

    @render.ui
    async def tables() -> ui.HTML | None:
        return await made(lambda result, *found: result.tables(*found))

    @render.ui
    async def files() -> ui.HTML | None:
        folder = str(runs.root / view().run)
        return await made(lambda result, _, fitted: result.files(fitted.run, fitted, folder))

    @render.ui
    async def origin() -> ui.HTML | None:
        return await made(lambda _, material, __: part("origin", material=material))


def _is_unfinished(runs: RunFolders, run: str) -> bool:
    try:
        return not runs.manifest(run).complete
    except InputError:  # damaged: nothing to go on with
        return False


def _html(markup: Markup) -> ui.HTML:
    return ui.HTML(str(markup))
