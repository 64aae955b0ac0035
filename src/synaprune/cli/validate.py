"""`synaprune validate`: check a study without running it."""

from __future__ import annotations

from math import prod
from pathlib import Path

import rich_click as click


@click.command()
@click.argument("study", type=click.Path(path_type=Path))
def validate(study: Path) -> None:
    """Check a study file; say what it would run."""
    from synaprune.study import load_study

    resolved = load_study(study).resolve()
    sizes = len(resolved.profiles), len(resolved.arms), resolved.patients
    click.echo(
        f"{study}: valid. profiles x arms x patients = {' x '.join(map(str, sizes))} = "
        f"{prod(sizes)} runs of {resolved.cycles} cycles, study {resolved.sha256()[:8]}."
    )
