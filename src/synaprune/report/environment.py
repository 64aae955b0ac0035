"""How pages are made of templates: one look, nothing undefined, numbers kept with their signs."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup


def page_environment(*packages: str) -> Environment:
    """Give the environment of a page.

    Parameters
    ----------
    packages
        Whose templates are looked for before those of this package.
    """
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader(package, "templates") for package in (*packages, "synaprune.report")]
        ),
        autoescape=select_autoescape(["html.j2", "html"], default=True),
        undefined=StrictUndefined,
        finalize=_together,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup(environment.get_template("page.css").render())  # noqa: S704 - ours
    return environment


def _together(value: object) -> object:
    """Keep a number and its percent sign on one line."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return value.replace(" %", "\N{NO-BREAK SPACE}%")
    return value
