"""What a user sees of a run: how far, how long still, and notes."""

import io

import pytest
from rich.console import Console

from synaprune import Progress
from synaprune.cli import progress
from synaprune.cli.progress import Pace


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_the_time_left_counts_what_this_run_did():
    clock = Clock()
    pace = Pace(clock)
    clock.now += 1000  # looking through an earlier run's blocks
    assert pace.left(Progress(900, 1000, 9, 10)) is None
    clock.now += 10
    assert pace.left(Progress(900, 1000, 9, 10)) is None
    assert pace.left(Progress(920, 1000, 9, 10)) == pytest.approx(10 * 80 / 20)
    clock.now += 10
    assert pace.left(Progress(1000, 1000, 10, 10)) == 0


def test_the_time_left_of_a_new_run():
    clock = Clock()
    pace = Pace(clock)
    pace.left(Progress(0, 300, 0, 10))
    clock.now += 5
    assert pace.left(Progress(100, 300, 3, 10)) == pytest.approx(10)


def lines(events, monkeypatch, *, terminal):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=90)
    monkeypatch.setattr(progress, "Console", lambda stderr: console)
    with progress.shown("Simulating x") as listener:
        for event in events:
            listener(event)
    return out.getvalue()


EVENTS = [
    Progress(50, 100, 5, 10),
    Progress(50, 100, 5, 10, "als_standard-00000000: damaged, computed again"),
    Progress(60, 100, 6, 10),
    Progress(100, 100, 10, 10),
    Progress(100, 100, 10, 10),
]


def test_notes_are_lines(monkeypatch):
    assert lines(EVENTS, monkeypatch, terminal=False).splitlines() == [
        "Simulating x: als_standard-00000000: damaged, computed again",
        "Simulating x: 100 %, 0 s left",
    ]


def test_notes_stand_above_the_bar(monkeypatch):
    shown = lines(EVENTS, monkeypatch, terminal=True)
    assert "als_standard-00000000: damaged, computed again\n" in shown
    assert "100%" in shown
    assert "left 0:00:00" in shown
