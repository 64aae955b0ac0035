"""The report of a calibration: one self-contained page, and its figures and tables as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from synaprune.calibration.figures import figures_of
from synaprune.calibration.findings.folder import TABLES, Findings
from synaprune.calibration.findings.twin_effects import stated_effects, twin_effects
from synaprune.calibration.report import tables, words
from synaprune.calibration.search.record import NAME
from synaprune.errors import InputError
from synaprune.figures.record import Planned
from synaprune.figures.saving import as_bytes
from synaprune.paper.writing import csv_text
from synaprune.report.environment import page_environment
from synaprune.report.inline_svg import inline
from synaprune.results.disclaimer import DISCLAIMER
from synaprune.results.files import digest, write_atomically
from synaprune.results.folder import FIGURES, REPORT

#: Formats of the figures' files.
FORMATS = ("svg", "png", "pdf")


def write_report(folder: str | Path, formats: tuple[str, ...] = FORMATS) -> Path:
    """Write tables, figures and the page of a calibration into its folder.

    Parameters
    ----------
    folder
        Of a calibration. Where it holds the verification, effects of treatments are computed
        from that; sensitivity and structures are shown where their tables stand.
    formats
        Of the figures' files: svg, png and pdf, or fewer.

    Returns
    -------
    pathlib.Path
        The page, ``report.html``.

    Raises
    ------
    InputError
        No calibration, a damaged file, or a folder that cannot be written.

    Examples
    --------
    >>> write_report("runs/calibration")  # doctest: +SKIP
    PosixPath('runs/calibration/report.html')
    """
    place = Path(folder)
    findings = Findings.read(place)
    try:
        _write_tables(findings)
        figures = _drawn(findings)
        _write_figures(place / FIGURES, figures, formats)
        write_atomically(place / REPORT, build_report(findings, figures).encode())
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror})") from error
    return place / REPORT


def _write_tables(findings: Findings) -> None:
    target = findings.folder / TABLES
    target.mkdir(parents=True, exist_ok=True)
    contents: dict[str, pd.DataFrame | None] = dict.fromkeys(("targets_fresh", "twin_effects"))
    contents["targets"] = findings.fitted
    if findings.run is not None:
        contents["targets_fresh"] = findings.fresh
        contents["twin_effects"] = twin_effects(findings.courses, stated_effects(findings.targets))
    for name, table in contents.items():
        path = target / f"{name}.csv"
        if table is None:  # of a verification that no longer counts
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, csv_text(table).encode())


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure with its words, drawn once for its files and for the page."""

    planned: Planned
    figure: Figure
    svg: bytes


def _drawn(findings: Findings) -> list[Drawn]:
    found = []
    for planned in figures_of(findings):
        figure = planned.make()
        found.append(Drawn(planned, figure, as_bytes(figure, "svg", planned.title)))
    return found


def _write_figures(folder: Path, figures: list[Drawn], formats: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for place, drawn in enumerate(figures, start=1):
        for kind in formats:
            title = drawn.planned.title
            content = drawn.svg if kind == "svg" else as_bytes(drawn.figure, kind, title)
            write_atomically(folder / f"figure{place}_{drawn.planned.name}.{kind}", content)


def build_report(findings: Findings, figures: list[Drawn]) -> str:
    """Build the page.

    Parameters
    ----------
    findings
        What the folder holds.
    figures
        Drawn from it.

    Returns
    -------
    str
        A whole HTML document that needs no other file; the same findings give the same bytes.
    """
    return (
        page_environment("synaprune.calibration.report")
        .get_template("calibration.html.j2")
        .render(_content(findings, figures))
    )


def _content(findings: Findings, figures: list[Drawn]) -> Mapping[str, Any]:
    """Gather everything that the page shows."""
    shown = {one.planned.name: _shown(one, place) for place, one in enumerate(figures, start=1)}
    fits = ("targets", "claims")
    return {
        "version": version("synaprune"),
        "disclaimer": DISCLAIMER,
        "asked": words.asked(findings),
        "found": words.found(findings),
        "cannot_tell": words.cannot_tell(findings),
        "fits": [shown[name] for name in fits if name in shown],
        "effects_figure": shown.get("twin_effects"),
        "others": [f for name, f in shown.items() if name not in (*fits, "twin_effects")],
        "values": tables.present(
            [tables.constants(findings), tables.rates(findings), tables.forms(findings)]
        ),
        "provenance": findings.preset.provenance,
        "targets": tables.present([tables.by_readout(findings), tables.targets(findings)]),
        "targets_origin": findings.fresh_origin,
        "verification": tables.present(
            [tables.verification(findings), tables.half_widths(findings)]
        ),
        "structures": tables.structures(findings),
        "effects": tables.effects(findings),
        "rerun": words.rerun(findings),
        "seeds": _seeds(findings),
        "methods": findings.asked["methods"],
        "versions": findings.asked["versions"],
        "hashes": findings.asked["sha256"],
        "calibration": digest((findings.folder / NAME).read_bytes())[:8],
        "origin": findings.origin,
    }


def _seeds(findings: Findings) -> Mapping[str, object]:
    seeds: dict[str, object] = {
        "patients of the search": findings.asked["setting"]["seed"],
        "proposals": findings.asked["search_seed"],
    }
    if findings.run is not None:
        seeds["fresh patients"] = findings.run.manifest.seed
    if findings.sensitivity_record:
        seeds["sensitivity"] = findings.sensitivity_record["seed"]
    return seeds


def _shown(drawn: Drawn, place: int) -> Mapping[str, Any]:
    """Give a figure as the page shows it."""
    planned = drawn.planned
    alternative = f"{planned.title}. {planned.seen}"
    return {
        "title": planned.title,
        "caption": planned.caption,
        "svg": Markup(inline(drawn.svg.decode(), f"figure{place}", alternative)),  # noqa: S704 - our own drawing
    }
