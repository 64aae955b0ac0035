"""Filling the page and its parts with what is to be shown; everything is escaped here."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from synaprune import __version__
from synaprune.app.prefill import Prefill
from synaprune.results.disclaimer import DISCLAIMER


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("synaprune.app", "templates"),
        autoescape=select_autoescape(["html.j2"], default=True),
        undefined=StrictUndefined,
        finalize=_together,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(version=__version__, disclaimer=DISCLAIMER)
    return environment


def _together(value: object) -> object:
    """Keep a number and its percent sign on one line."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return value.replace(" %", "\N{NO-BREAK SPACE}%")
    return value


def whole_page(prefill: Prefill, dependencies: str) -> str:
    """Write the page as it is first served.

    Parameters
    ----------
    prefill
        What is asked at first.
    dependencies
        Mark in the head at which the server puts its own scripts.
    """
    place = Markup(dependencies)  # noqa: S704 - a constant of the server
    return _environment().get_template("page.html.j2").render(prefill=prefill, dependencies=place)


def part(name: str, /, **content: Any) -> Markup:
    """Write a part of the page.

    Parameters
    ----------
    name
        Of its template.
    content
        What the template shows.
    """
    return Markup(_environment().get_template(f"{name}.html.j2").render(**content))  # noqa: S704 - escaped


def safe(svg: str) -> Markup:
    """Mark a figure of this program as safe to show."""
    return Markup(svg)  # noqa: S704 - our own drawing
