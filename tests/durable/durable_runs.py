"""Runs that take a moment: the smallest blocks, and ways to look at what they leave."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import synaprune
from synaprune.cli.main import main
from tiny import tiny_study

QUICK_CONSTANTS = {"samples": 40, "pretraining_steps": 1, "retraining_batch": 16}


def quick_study(**changes: object) -> synaprune.Study:
    """Twelve patients of two profiles: six blocks of four, a fraction of a second."""
    keys: dict[str, object] = {
        "patients": 12,
        "cycles": 3,
        "arms": {"untreated": [], "ketamine": [{"drug": "ketamine", "at": 1}]},
        "constants": QUICK_CONSTANTS,
    }
    return tiny_study(**(keys | changes))


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, by its path there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def without(folder: Path, *names: str) -> None:
    """Make a finished run look like one that was killed before some blocks were listed."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for name in names:
        del manifest["blocks"][f"{name}.parquet"]
    manifest["status"] = "incomplete"
    path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def change_manifest(folder: Path, **changes: object) -> None:
    """Make a run look as if it had been begun elsewhere."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for key, value in changes.items():
        if isinstance(value, dict):
            manifest[key] |= value
        else:
            manifest[key] = value
    path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    """Run the command line here; give its code and what it printed."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err


def start(*arguments: object, **options: object) -> subprocess.Popen[str]:
    """Start the command line in a session of its own."""
    command = [sys.executable, "-m", "synaprune", *map(str, arguments)]
    return subprocess.Popen(command, start_new_session=True, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, **options)  # fmt: skip


def workers_of(session: int, parent: int | None = None) -> list[int]:
    """Worker processes of a session that are alive; of one process, if `parent` says which.

    Tests that run beside each other share a session.
    """
    found = []
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            state, its_parent, _, its_session = (
                (place / "stat").read_text().rpartition(")")[2].split()[:4]
            )
            command = (place / "cmdline").read_bytes()
        except OSError:
            continue
        mine = parent is None or int(its_parent) == parent
        alive = state not in "ZX" and b"popen_loky" in command
        if int(its_session) == session and mine and alive:
            found.append(int(place.name))
    return found


def kill_all(run: subprocess.Popen[str]) -> None:
    """Kill a session without warning, and put away what its workers shared."""
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    for semaphore in Path("/dev/shm").glob(f"sem.loky-{run.pid}-*"):  # noqa: S108
        semaphore.unlink()
