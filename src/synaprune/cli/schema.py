"""`synaprune schema`: the study file's JSON Schema, for editors."""

from __future__ import annotations

import json

import rich_click as click


@click.command()
def schema() -> None:
    """Print the JSON Schema of study files."""
    from synaprune.study import schema as make

    click.echo(json.dumps(make(), indent=2))
