"""One process at a time makes a file; others wait for it, or do something else meanwhile.

Nothing but time depends on it. Where locks do not work (some network file systems), or who holds
one takes too long, the same file is made twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

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
    mine = _acquired(lock, wait=wait)
    try:
        yield mine
    finally:
        if lock.is_locked:
            with suppress(OSError):  # where a file in use cannot be removed, it stays
                Path(lock.lock_file).unlink(missing_ok=True)
            lock.release()


def _acquired(lock: BaseFileLock, *, wait: bool) -> bool:
    """Try to lock; whether to go on, with the lock or without."""
    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=PATIENCE if wait else 0)
    except Timeout:
        return wait
    except (OSError, NotImplementedError):
        return True
    return True
