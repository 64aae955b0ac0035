"""How to run a study again: commands, and the study file as it was given."""

from __future__ import annotations

from dataclasses import dataclass

from synaprune.errors import InputError
from synaprune.results.folder import STUDY
from synaprune.results.run import Run
from synaprune.study import paper_study


@dataclass(frozen=True, slots=True)
class Rerun:
    """What to do for the same numbers.

    Attributes
    ----------
    commands
        Shell lines.
    study
        The study file's text.
    """

    commands: tuple[str, ...]
    study: str


def rerun(run: Run) -> Rerun:
    """Say how to run a study again.

    Raises
    ------
    InputError
        The run folder has no readable study file.
    """
    path = run.folder / STUDY
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read") from error
    manifest = run.manifest
    patients = run.patients()["patient"].nunique()
    papers = paper_study(patients, manifest.seed).resolve().sha256()
    if manifest.study_sha256 == papers:
        command = f"synaprune reproduce --patients {patients} --seed {manifest.seed}"
        return Rerun((f"{command} --out runs/again",), text)
    return Rerun(("synaprune run study.yaml --out runs/again",), text)
