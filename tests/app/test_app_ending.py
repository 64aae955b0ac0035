"""However the explorer ends, nothing goes on computing behind its back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from explorer import quick_study

START = """
import sys, time
from pathlib import Path
from synaprune.app.computing import Computations
from synaprune.app.runs import RunFolders
from synaprune.study import load_study

computations = Computations(RunFolders(Path(sys.argv[1])))
one = computations.get(computations.start(load_study(sys.argv[2])))
while not one.standing.share:
    time.sleep(0.05)
print(one._process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at /proc")
def test_a_run_ends_when_the_explorer_is_killed(tmp_path):
    """Even where a shell had started the explorer behind it, and so had it ignore interrupts."""
    (tmp_path / "study.yaml").write_text(quick_study(patients=5000).to_yaml())
    command = [sys.executable, "-c", START, str(tmp_path / "runs"), str(tmp_path / "study.yaml")]
    explorer = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ.copy(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    worker = Path("/proc") / explorer.stdout.readline().strip()
    assert worker.is_dir()
    explorer.kill()
    explorer.wait()
    explorer.stdout.close()
    deadline = time.monotonic() + 20
    while _alive(worker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _alive(worker)


def _alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
