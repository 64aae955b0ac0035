"""One process at a time makes a file; others wait for it, or do something else meanwhile.

Nothing but time depends on it. Where locks do not work (some network file systems), or who holds
one takes too long, the same file is made twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

#: Seconds until another process is no longer waited for: many times what it usually takes.
PATIENCE = 60.0


@contextmanager
def claimed(path: Path, *, wait: bool) -> Iterator[bool]:
    """Claim the making of a file. The system ends the claim of a process that dies.

    Parameters
    ----------
    path
        The file.
    wait
        Whether to wait for another process that has claimed it.

    Yields
    ------
    bool
        Whether to make it; only without waiting it can be false.
    """
    lock = FileLock(path.with_suffix(".lock"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=PATIENCE if wait else 0)
    except Timeout:
        yield wait
        return
    except (OSError, NotImplementedError):
        yield True
        return
    try:
        yield True
    finally:
        _remove(Path(lock.lock_file))
        lock.release()


def _remove(path: Path) -> None:
    """Leave no lock behind; where one in use cannot be removed, it stays."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
