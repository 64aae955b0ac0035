"""Putting the explorer together and serving it to this machine alone."""

from __future__ import annotations

import errno
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Final

import uvicorn
from shiny import App
from shiny.ui import page_html
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from synaprune.app import DEFAULT_PORT
from synaprune.app.computing import Computations
from synaprune.app.downloads import routes
from synaprune.app.opened import OpenRuns
from synaprune.app.page import whole_page
from synaprune.app.prefill import prefill
from synaprune.app.runs import RunFolders
from synaprune.app.security import LoopbackOnly
from synaprune.app.server import tab_server
from synaprune.errors import InputError
from synaprune.study import Study

_HOST: Final = "127.0.0.1"
_DEPENDENCIES: Final = '<meta name="shiny-dependency-placeholder" content="">'
_GOODBYE_SECONDS: Final = 2


def serve(
    runs: Path, *, port: int = DEFAULT_PORT, browser: bool = True, study: Study | None = None
) -> None:
    """Serve the explorer until it is interrupted; runs under way are then cancelled.

    Parameters
    ----------
    runs
        Folder of the runs.
    port
        Port on the loopback address; 0 takes a free one.
    browser
        Whether to open the page.
    study
        What the page asks at first; what the page does not show (such as a small circuit) holds
        for everything that it asks.

    Raises
    ------
    InputError
        The port or the folder cannot be used.
    """
    folders = RunFolders(runs)
    with _listening(port) as listener:
        taken = int(listener.getsockname()[1])
        address = f"http://{_HOST}:{taken}/"
        computations = Computations(folders)
        config = uvicorn.Config(
            application(folders, computations, taken, study), log_level="warning",
            server_header=False, timeout_graceful_shutdown=_GOODBYE_SECONDS, lifespan="on",
        )  # fmt: skip
        print(f"Explorer: {address}  (runs in {folders.root}; Ctrl-C ends it)", flush=True)
        if browser:
            # a browser in a terminal returns when it is left, and waits for the page until then
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:  # the usual way to end it
            return
        finally:
            computations.stop()


def application(
    runs: RunFolders, computations: Computations, port: int, study: Study | None = None
) -> ASGIApp:
    """Put pages, downloads and protection together.

    Parameters
    ----------
    runs, computations
        Where runs are, and what computes them.
    port
        The port that requests must name.
    study
        What the page asks at first.
    """
    opened = OpenRuns(runs)
    page = page_html(whole_page(prefill(study), _DEPENDENCIES))
    shiny = App(
        page,
        tab_server(runs, opened, computations, study),
        static_assets={"/app": Path(__file__).parent / "www"},
    )
    outer = Starlette(
        routes=[*routes(runs, opened), Mount("/", app=shiny)],
        lifespan=_lifespan_of(shiny),
    )
    return LoopbackOnly(outer, port, _as_served(shiny))


def _as_served(shiny: App) -> str:
    served = shiny.ui
    return "" if callable(served) else served["html"]


def _lifespan_of(shiny: App) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Begin and end the pages with the server around them."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        inner = shiny.starlette_app
        async with inner.router.lifespan_context(inner):
            yield

    return lifespan


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            line = f"--port {port}: is in use; choose another, or 0 for a free one"
            raise InputError(line) from None
        raise InputError(f"--port {port}: cannot be used ({error.strerror})") from error
    return listener
