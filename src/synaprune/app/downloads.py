"""What can be taken away from a run: tables, figure, report and study, made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from synaprune.app.opened import OpenRuns
from synaprune.app.runs import RunFolders
from synaprune.app.view import View
from synaprune.errors import InputError
from synaprune.results.folder import STUDY

Answer = tuple[str, bytes, str]


def routes(runs: RunFolders, opened: OpenRuns) -> list[Route]:
    """List the addresses below ``/runs/<id>/``.

    Parameters
    ----------
    runs, opened
        Where runs are, and those that are open.
    """
    made = {
        "readouts.csv": lambda request: _table(opened, _run(request), "readouts"),
        "layers.csv": lambda request: _table(opened, _run(request), "layers"),
        "study.yaml": lambda request: _study(runs, _run(request)),
        "report.html": lambda request: _report(opened, _run(request)),
        "figure.svg": lambda request: _figure(opened, request),
    }
    return [Route(f"/runs/{{run}}/{name}", _sent(make)) for name, make in made.items()]


def _sent(make: Callable[[Request], Answer]) -> Callable[[Request], Response]:
    """Answer with a file, or with the line that says why there is none."""

    def answer(request: Request) -> Response:
        try:
            name, content, kind = make(request)
        except InputError as error:
            return PlainTextResponse(f"{error}\n", status_code=404)
        attached = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=kind, headers=attached)

    return answer


def _run(request: Request) -> str:
    return str(request.path_params["run"])


def _table(opened: OpenRuns, run: str, table: Literal["readouts", "layers"]) -> Answer:
    frame = opened.get(run)[0].to_frame(table)
    return f"{run}-{table}.csv", frame.to_csv(index=False, lineterminator="\n").encode(), "text/csv"


def _study(runs: RunFolders, run: str) -> Answer:
    path = runs.folder(run) / STUDY
    try:
        return f"{run}-study.yaml", path.read_bytes(), "application/yaml"
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _report(opened: OpenRuns, run: str) -> Answer:
    from synaprune.app.drawing import drawn  # what draws is loaded when something is drawn
    from synaprune.report import build_report

    found = opened.get(run)[0]
    return f"{run}-report.html", drawn(lambda: build_report(found)).encode(), "text/html"


def _figure(opened: OpenRuns, request: Request) -> Answer:
    from synaprune.app.drawing import svg
    from synaprune.figures import single_readout

    run = _run(request)
    _, material = opened.get(run)
    view = View.of({"run": run, **request.query_params}).within(material)
    planned = single_readout.planned(material, view.profile, view.readout)
    return f"{run}-{view.readout}-{view.profile}.svg", svg(planned), "image/svg+xml"
