"""One run at a time in a folder, so that two computations never tidy up behind each other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synaprune.errors import InputError


@contextmanager
def claimed(folder: Path, *, shared: bool) -> Iterator[None]:
    """Hold a folder while a run is computed in it.

    The folder itself is locked: nothing is written, and the lock ends with the process however
    that ends. Where the system knows no such locks (Windows, some network disks) nothing is held.

    Parameters
    ----------
    folder
        The run folder; it must exist.
    shared
        Whether others that say the same may compute there at the same time, as shards do.

    Raises
    ------
    InputError
        Another process is computing there.
    """
    handle = _locked(folder, shared=shared)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _locked(folder: Path, *, shared: bool) -> int | None:
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise InputError(f"{folder}: another process is computing this run") from error
    except OSError:  # this disk knows no locks
        os.close(handle)
        return None
    return handle
