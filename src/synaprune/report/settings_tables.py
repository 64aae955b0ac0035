"""The values that the run used where the paper gives none, with unit and source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synaprune.figures.words import LAYER_NAMES
from synaprune.model.constants import declared
from synaprune.report.tables import Table
from synaprune.study import library


def silent_constants(document: Mapping[str, Any]) -> Table:
    """List the constants that the paper leaves open.

    Parameters
    ----------
    document
        The resolved study.
    """
    values, preset = document["constants"], library.presets().get(str(document["preset"]))
    usual = preset.constants if preset is not None else {}
    rows = tuple(
        (
            known.name,
            f"{values[known.name]:g}",
            known.unit,
            known.source.removeprefix("silent: "),
            "the preset" if values[known.name] == usual.get(known.name) else "this study",
        )
        for known in declared()
        if known.given is None and known.name in values
    )
    columns = ("Constant", "Value", "Unit", "What the paper says, or why", "Set by")
    return Table("Constants on which the paper is silent", columns, rows)


def changed_constants(document: Mapping[str, Any]) -> Table:
    """List the constants that the paper gives and the study changes; often none."""
    values = document["constants"]
    rows = tuple(
        (known.name, f"{values[known.name]:g}", f"{known.given:g}", known.unit, known.source)
        for known in declared()
        if known.given is not None and values.get(known.name, known.given) != known.given
    )
    columns = ("Constant", "Value", "Paper", "Unit", "Source")
    return Table("Constants that differ from the paper", columns, rows)


def profile_values(document: Mapping[str, Any], titles: Mapping[str, str]) -> list[Table]:
    """List what the profiles differ in: rates, vulnerabilities, clearance, and constants."""
    profiles = document["profiles"]
    columns = ("Layer", *(titles[name] for name in profiles))
    tables = []
    for key, caption in (
        ("base_rate", "Base rate of pruning (share of the connections alive a cycle)"),
        ("vulnerability", "Vulnerability (factor on the excitotoxic noise)"),
    ):
        rows = tuple(
            (title, *(f"{profile[key][layer]:.4g}" for profile in profiles.values()))
            for layer, (title, _) in LAYER_NAMES.items()
        )
        tables.append(Table(caption, columns, rows))
    cleared = ("All layers", *(f"{profile['clearance']:.4g}" for profile in profiles.values()))
    tables.append(Table("Clearance (share of the aggregate load a cycle)", columns, (cleared,)))
    # a run of numerics 3 or before has no constants by profile
    values = [document["constants"] | profile.get("constants", {}) for profile in profiles.values()]
    rows = tuple(
        (known.name, *(f"{own[known.name]:g}" for own in values), known.unit)
        for known in declared()
        if any(known.name in profile.get("constants", {}) for profile in profiles.values())
    )
    if rows:
        heads = ("Constant", *columns[1:], "Unit")
        tables.append(Table("Constants that a profile sets itself", heads, rows))
    return tables


def provenance(document: Mapping[str, Any]) -> str:
    """Say where the values of the preset come from; empty where it is not known any more."""
    preset = library.presets().get(str(document["preset"]))
    return " ".join(preset.provenance.split()) if preset is not None else ""
