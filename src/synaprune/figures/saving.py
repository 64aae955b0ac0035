"""A figure as bytes: the same ones every time, without time or place in them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from synaprune.errors import InputError, nearest
from synaprune.figures.catalogue import chosen, fitting
from synaprune.figures.material import Material
from synaprune.figures.record import FigureRecord, Planned
from synaprune.figures.style import house_style
from synaprune.results.files import write_atomically
from synaprune.results.folder import refused
from synaprune.results.run import Run

#: What a figure can be written as; gif is for those that move.
FORMATS: Final = ("svg", "png", "pdf", "gif")

_METADATA: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": "synaprune"},
    "png": {"Software": "synaprune"},
    "pdf": {"CreationDate": None, "Creator": "synaprune", "Producer": None},
}


def draw(
    run: Run,
    folder: str | Path,
    formats: tuple[str, ...] = FORMATS,
    *,
    only: tuple[str, ...] = (),
    readouts: tuple[str, ...] = (),
) -> list[FigureRecord]:
    """Draw every figure that fits a run.

    Parameters
    ----------
    run
        The run.
    folder
        Where to; made if need be. Files of the figures' names are replaced.
    formats
        Out of `FORMATS`.
    only
        Names of figures; all by default.
    readouts
        Readouts to draw on their own as well.

    Returns
    -------
    list of FigureRecord
        In the order of a report.

    Raises
    ------
    InputError
        An unknown format, figure or readout, a damaged run, or a folder that cannot be written.
    RunError
        The disk is full.

    Examples
    --------
    >>> import synaprune
    >>> from synaprune.figures import draw
    >>> run = synaprune.load_run("runs/paper")  # doctest: +SKIP
    >>> [figure.name for figure in draw(run, "figures", ("pdf",))][:1]  # doctest: +SKIP
    ['functional_decline']
    """
    for name in formats:
        if name not in FORMATS:
            raise InputError(f"unknown format {name!r}; {nearest(name, FORMATS)}")
    figures = fitting(Material.of_run(run), readouts)
    wanted = chosen(figures, only)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        return [_write(figure, Path(folder), formats, figures) for figure in wanted]
    except OSError as error:
        raise refused(Path(folder), error) from error


def _write(
    planned: Planned, folder: Path, formats: tuple[str, ...], figures: list[Planned]
) -> FigureRecord:
    """Write one figure in all formats that it has."""
    stem = f"figure{figures.index(planned) + 1}_{planned.name}"
    still = [name for name in formats if name in _METADATA]
    contents = {}
    if still:
        figure = planned.make()
        contents = {name: as_bytes(figure, name, planned.title) for name in still}
    if planned.animate is not None and "gif" in formats:
        contents["gif"] = planned.animate()
    files = []
    for name, content in contents.items():
        files.append(folder / f"{stem}.{name}")
        write_atomically(files[-1], content)
    return FigureRecord(
        name=planned.name, title=planned.title, caption=planned.caption, files=tuple(files)
    )


def as_bytes(figure: Figure, kind: str, title: str) -> bytes:
    """Render a figure.

    Parameters
    ----------
    figure
        The figure.
    kind
        svg, png or pdf.
    title
        For the metadata.
    """
    sink = BytesIO()
    with house_style():
        figure.savefig(sink, format=kind, metadata=_METADATA[kind] | {"Title": title})
    return sink.getvalue()
