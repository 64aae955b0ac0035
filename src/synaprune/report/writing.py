"""Putting the page together and writing it."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup

from synaprune.figures import Material, Planned, as_bytes, fitting
from synaprune.figures.material import resolved_document
from synaprune.paper import Comparison
from synaprune.paper.sentences import dead_sentence, headline, provisional_sentence
from synaprune.report import published_tables, settings_tables
from synaprune.report.answers import answers
from synaprune.report.asked import arms_asked, length_of_a_cycle, profiles_asked, size_of_study
from synaprune.report.environment import page_environment
from synaprune.report.inline_svg import inline
from synaprune.report.rerun import rerun
from synaprune.report.tables import end_values, twin_effects
from synaprune.results.disclaimer import DISCLAIMER
from synaprune.results.files import write_atomically
from synaprune.results.folder import REPORT, refused
from synaprune.results.run import Run


def write_report(run: Run, file: str | Path | None = None) -> Path:
    """Write the report of a run.

    Parameters
    ----------
    run
        The run.
    file
        Where to; by default ``report.html`` in the run folder. Replaced where it stands.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        The run is damaged, or the file cannot be written.
    RunError
        The disk is full.

    Examples
    --------
    >>> import synaprune
    >>> from synaprune.report import write_report
    >>> write_report(synaprune.load_run("runs/demo"))  # doctest: +SKIP
    PosixPath('runs/demo/report.html')
    """
    path = run.folder / REPORT if file is None else Path(file)
    content = build_report(run).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise refused(path, error) from error
    return path


def build_report(run: Run) -> str:
    """Build the page.

    Parameters
    ----------
    run
        The run.

    Returns
    -------
    str
        A whole HTML document that needs no other file.
    """
    return page_environment().get_template("page.html.j2").render(_content(run))


def _content(run: Run) -> dict[str, Any]:
    """Gather everything that the page shows."""
    material = Material.of_run(run)
    document = resolved_document(run.folder)
    comparison = material.comparison
    compared = material.reference is not None and bool(material.treated)
    return {
        "material": material,
        "manifest": run.manifest,
        "version": version("synaprune"),
        "disclaimer": DISCLAIMER,
        "size": size_of_study(material),
        "length": length_of_a_cycle(material),
        "profiles": profiles_asked(material),
        "arms": arms_asked(material),
        "answers": answers(material),
        "figures": [_shown(planned, place) for place, planned in enumerate(fitting(material))],
        "end_values": [end_values(material, profile) for profile in material.profiles],
        "twins": [twin_effects(material, p) for p in material.profiles] if compared else [],
        "published": _published(comparison) if comparison else None,
        "silent": settings_tables.silent_constants(document),
        "changed": settings_tables.changed_constants(document),
        "profile_values": settings_tables.profile_values(document, material.profiles),
        "preset": document["preset"],
        "provenance": settings_tables.provenance(document),
        "rerun": rerun(run),
    }


def _published(comparison: Comparison) -> dict[str, Any]:
    """Set the run beside the published network: sentences and tables."""
    summary = comparison.summary
    return {
        "headline": " ".join([*headline(summary), provisional_sentence(summary)]).strip(),
        "dead": dead_sentence(summary),
        "tables": [
            published_tables.shares(comparison),
            published_tables.outside(comparison),
            published_tables.claims(comparison),
            published_tables.cells("Table 2", comparison.table2),
            published_tables.cells("Table 3", comparison.table3),
        ],
    }


def _shown(planned: Planned, place: int) -> dict[str, Any]:
    """Give a figure as the page shows it."""
    svg = as_bytes(planned.make(), "svg", planned.title).decode()
    alternative = f"{planned.title}. {planned.seen}"
    return {
        "title": planned.title,
        "caption": planned.caption,
        "svg": Markup(inline(svg, f"figure{place + 1}", alternative)),  # noqa: S704 - our own drawing
    }
