"""`synaprune init`: a commented study to start from."""

from __future__ import annotations

from pathlib import Path

import rich_click as click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def init(file: Path) -> None:
    """Write a commented study file to start from."""
    from synaprune.errors import InputError
    from synaprune.study import library

    try:
        with file.open("x", encoding="utf-8") as study:
            study.write(library.template())
    except FileExistsError as error:
        raise InputError(f"{file}: exists already; give a new name") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror})") from error
    click.echo(f"Wrote {file}. Next: synaprune validate {file}; synaprune run {file}")
