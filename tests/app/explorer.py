"""The explorer as a program of its own, and run folders for it to show."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tiny import tiny_study

#: So quick that a run takes a moment, long enough to have the paper's 30 cycles.
QUICK = {"samples": 40, "pretraining_steps": 1, "retraining_batch": 16}

#: Seconds that a quick run may take on a slow and busy machine.
LONGEST_RUN = 180.0


def quick_study(**changes):
    """A study of the smallest circuit, for the page to start with."""
    keys = {
        "name": "quick",
        "profiles": ["als_standard"],
        "arms": {"untreated": [], "riluzole_continuous": "riluzole_continuous"},
        "patients": 2,
        "seed": 3,
        "constants": QUICK,
    }
    return tiny_study(**(keys | changes))


@contextmanager
def explorer(runs: Path, study: Path | None = None) -> Iterator[str]:
    """Serve the explorer; give the address of its page."""
    command = [sys.executable, "-m", "synaprune", "app", "--no-browser", "--port", "0"]
    command += ["--runs", str(runs)]
    command += ["--study", str(study)] if study is not None else []
    served = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                              env=os.environ | {"PYTHONUNBUFFERED": "1"})  # fmt: skip
    try:
        line = served.stdout.readline()
        yield re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
    finally:
        served.terminate()
        served.wait(30)
        served.stdout.close()


def wait_for_end(computation):
    """Wait for the end, however slow the machine; `wait` itself loses patience."""
    deadline = time.monotonic() + LONGEST_RUN
    while computation.standing.active and time.monotonic() < deadline:
        time.sleep(0.1)
    computation.wait()
