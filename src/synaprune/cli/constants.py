"""`synaprune constants`: every constant with unit, value and source."""

from __future__ import annotations

import rich_click as click


@click.command()
@click.option("--preset", help="Whose values to show; by default the default preset's.")
def constants(preset: str | None) -> None:
    """List the model's constants: value, unit, source."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from synaprune.errors import InputError, nearest
    from synaprune.model.constants import declared
    from synaprune.study import library
    from synaprune.study.asked import RENAMED_PRESETS

    presets = library.presets()
    name = preset or library.DEFAULT_PRESET
    if name in RENAMED_PRESETS:
        raise InputError(f"--preset: {name!r} is now {RENAMED_PRESETS[name]!r}")
    if name not in presets:
        raise InputError(f"--preset: unknown preset {name!r}; {nearest(name, presets)}")
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title=f"Preset {name}")
    for title in ("constant", "value", "unit", "source"):
        table.add_column(title, overflow="fold", no_wrap=title == "constant")
    part, units = "", {entry.name: entry.unit for entry in declared()}
    for entry in declared():
        if entry.part != part:
            part = entry.part
            table.add_row(f"[bold]{part}[/bold]")
        value = presets[name].constants.get(entry.name, entry.given)
        table.add_row(f"  {entry.name}", f"{value:g}", entry.unit, entry.source)
    for profile in library.profiles():
        own = presets[name].profile(profile).constants
        if own:
            table.add_row(f"[bold]in the profile {profile}[/bold]")
        for constant, value in own.items():
            table.add_row(f"  {constant}", f"{value:g}", units[constant])
    Console().print(table)
