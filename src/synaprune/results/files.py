"""Writing files so that each is complete or absent."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

#: Ending of a file that is not complete; never that of any finished file.
UNFINISHED = ".unfinished"


def write_atomically(path: Path, content: bytes) -> str:
    """Write a file beside its place, flush it to disk, then rename it.

    Parameters
    ----------
    path
        Where the file will stand; its folder must exist.
    content
        Everything in it.

    Returns
    -------
    str
        SHA-256 of the content, hexadecimal.
    """
    unfinished = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return digest(content)


def digest(content: bytes) -> str:
    """SHA-256 of bytes, hexadecimal."""
    return sha256(content).hexdigest()
