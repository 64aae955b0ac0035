"""JSON Schema of the study file, so that editors complete keys and mark mistakes."""

from __future__ import annotations

from typing import Any

from synaprune.model.constants import declared
from synaprune.study import library
from synaprune.study.study import Study, demo_study


def schema() -> dict[str, Any]:
    """Describe the study file as JSON Schema (draft 2020-12).

    Returns
    -------
    dict
        Every key with its description, bounds and built-in names. How keys fit together (a dose
        past the end of the course, a profile without base rates) is checked on loading only.

    Examples
    --------
    >>> schema()["properties"]["patients"]["maximum"]
    10000000
    """
    document: dict[str, Any] = _tidy(Study.model_json_schema(by_alias=True))
    for constant in declared():
        entry = document["properties"]["constants"]["properties"][constant.name]
        entry["description"] = f"{constant.unit} ({constant.source})"
    for key in ("arms", "drugs"):
        document["properties"][key]["additionalProperties"] = False
    parts = document["$defs"]
    # Other names are possible here: the study's own drugs.
    parts["Dose"]["properties"]["drug"]["examples"] = list(library.drugs())
    like = parts["Profile"]["properties"]["like"]
    del like["pattern"]
    like["enum"] = list(library.profiles())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **document,
        "title": "synaprune study",
        "description": "Profiles x arms x patients of the pruning-continuum model.",
        "examples": [demo_study().as_given()],
    }


def _tidy(node: Any) -> Any:
    """Drop what pydantic adds and an editor should not show: made-up titles, defaults of null."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _tidy(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and value is None)
    }
    if isinstance(kept.get("description"), str):
        summary, _, _ = kept["description"].partition("\n\n")
        kept["description"] = " ".join(summary.split())
    return kept
