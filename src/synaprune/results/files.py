"""Writing files so that each is complete or absent."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
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

    Raises
    ------
    OSError
        It cannot be written; what stood there still does.
    """
    # unlike a process number, a random word is no other machine's on a shared disk
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    return digest(content)


def remove_unfinished(folder: Path, name: str = "") -> None:
    """Remove what writers that were killed left in a folder and below it, of a file if named."""
    for path in folder.rglob(f"{name}*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def digest(content: bytes) -> str:
    """SHA-256 of bytes, hexadecimal."""
    return sha256(content).hexdigest()
