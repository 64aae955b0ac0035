"""The manifest of a run: with what, from what and how far.

It holds what is needed to trust and to repeat a run, and nothing about who ran it or where: no
user, no host, no path, no time.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from synaprune.errors import InputError
from synaprune.results.files import write_atomically

NAME = "manifest.json"

#: Raised whenever a run folder is laid out differently.
FORMAT = 1

_PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "pydantic", "torch")


@dataclass(slots=True)
class Manifest:
    """What is known of a run.

    Attributes
    ----------
    name, seed, preset, precision, device
        From the study.
    study_sha256
        Hash of the resolved study without its name.
    numerics_version, randomness_version, sparse_version
        Which numbers this version of the software gives.
    versions
        Of the software and of what it computes with.
    mechanisms
        Hash of each mechanism that does not come with this software, by ``mechanism.form``.
    cpu_model, threads
        Machine and threads of linear algebra a process.
    planned_blocks
        How many files the finished run has.
    blocks
        SHA-256 of each finished file by its name.
    """

    name: str
    seed: int
    preset: str
    precision: str
    device: str
    study_sha256: str
    numerics_version: int
    randomness_version: int
    sparse_version: int
    threads: int
    planned_blocks: int
    blocks: dict[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    mechanisms: Mapping[str, str] = field(default_factory=dict)
    cpu_model: str = ""
    format: int = FORMAT

    @property
    def complete(self) -> bool:
        """Whether every planned block is there."""
        return len(self.blocks) == self.planned_blocks

    def write(self, path: Path) -> None:
        """Replace the file of a manifest.

        Raises
        ------
        OSError
            It cannot be written; what stood there still does.
        """
        document = asdict(self) | {
            "status": "complete" if self.complete else "incomplete",
            "blocks": dict(sorted(self.blocks.items())),
        }
        text = json.dumps(document, indent=2, sort_keys=True) + "\n"
        write_atomically(path, text.encode())


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a run folder.

    Raises
    ------
    InputError
        The folder is no run folder, or its manifest is damaged or of another format.
    """
    path = folder / NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{folder}: not a run folder (no readable {NAME})") from error
    return parse_manifest(content, path)


def parse_manifest(content: bytes, path: Path) -> Manifest:
    """Understand a manifest.

    Parameters
    ----------
    content
        What its file holds.
    path
        Where that stands, for messages.

    Raises
    ------
    InputError
        It is damaged or of another format.
    """
    try:
        document: dict[str, Any] = json.loads(content)
        document.pop("status")
        manifest = Manifest(**document)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{path}: not a manifest that this version can read") from error
    if manifest.format != FORMAT:
        raise InputError(f"{path}: run format {manifest.format}, this version reads {FORMAT}")
    return manifest


def software_versions() -> dict[str, str]:
    """Versions of Python, this software and what it computes with."""
    found = {name: version(name) for name in ("synaprune", *_PACKAGES)}
    return {"python": platform.python_version(), **found}


def cpu_model() -> str:
    """Name of the processor, as the operating system gives it."""
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
