"""Ctrl-C, while something is computed in this process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: Signals that a program may have asked Python to answer with KeyboardInterrupt.
_NUMBERS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def interrupts_kept() -> Iterator[None]:
    """Let no interrupt be lost in what is done meanwhile.

    An interrupt is raised wherever Python happens to be. In a call of compiled code it can come
    out as an error of that call (numba says that it cannot determine a type), which then looks
    like a block that failed; in a destructor it is only printed.

    Raises
    ------
    KeyboardInterrupt
        At the end, where one was sent and did not get through.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    sent = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal sent
        sent = True
        signal.default_int_handler(number, frame)

    answered = [n for n in _NUMBERS if signal.getsignal(n) is signal.default_int_handler]
    try:
        for number in answered:
            signal.signal(number, note)
        yield
    finally:
        for number in answered:
            signal.signal(number, signal.default_int_handler)
    if sent:
        raise KeyboardInterrupt
