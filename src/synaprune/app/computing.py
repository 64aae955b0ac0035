"""Runs under way: started in processes of their own, watched, cancelled, never left behind."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from synaprune.app.runs import RunFolders
from synaprune.errors import InputError
from synaprune.study import Study

State = Literal["running", "cancelling", "cancelled", "failed", "done"]

#: Runs that are computed at the same time.
MOST_AT_ONCE = 2

_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a run stands.

    Attributes
    ----------
    state
        What it is doing.
    share
        How much of it is done, 0 to 1.
    seconds_left
        Estimate; None while there is nothing to estimate from.
    message
        What went wrong, or the latest note.
    """

    state: State = "running"
    share: float = 0.0
    seconds_left: float | None = None
    message: str = ""

    @property
    def active(self) -> bool:
        """Whether a process still works on it."""
        return self.state in ("running", "cancelling")


class Computation:
    """One run in a process of its own.

    Parameters
    ----------
    study
        What to compute.
    run
        Id of the run.
    runs
        Where its folder is.
    clock
        Gives seconds.
    """

    def __init__(
        self, study: Study, run: str, runs: RunFolders, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.study, self.run = study, run
        self._clock, self._start = clock, clock()
        self._found: int | None = None
        self._standing = Standing()
        self._errors: list[str] = []
        self._process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-m", "synaprune.app.worker", str(runs.root / run)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8",
        )  # fmt: skip
        self._send(json.dumps(study.to_yaml()) + "\n")
        self._listeners = [
            threading.Thread(target=target, daemon=True) for target in (self._listen, self._keep)
        ]
        for listener in self._listeners:
            listener.start()

    @property
    def standing(self) -> Standing:
        """How it stands now."""
        return self._standing

    def cancel(self) -> None:
        """Ask it to stop; what is done is kept. Returns at once."""
        if self._standing.active:
            self._standing = replace(self._standing, state="cancelling", seconds_left=None)
            self._hang_up()
            threading.Thread(target=self._insist, daemon=True).start()

    def wait(self) -> None:
        """Wait until its process is gone, and end it if it does not go."""
        self._insist()
        for listener in self._listeners:
            listener.join(_PATIENCE_SECONDS)

    def _send(self, text: str) -> None:
        if self._process.stdin is not None:
            try:
                self._process.stdin.write(text)
                self._process.stdin.flush()
            except BrokenPipeError:  # it ended at once; what it says about that is read
                self._hang_up()

    def _hang_up(self) -> None:
        if self._process.stdin is not None and not self._process.stdin.closed:
            try:
                self._process.stdin.close()
            except BrokenPipeError:  # it is gone already
                return

    def _insist(self) -> None:
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _keep(self) -> None:
        if self._process.stderr is not None:
            with self._process.stderr as stream:
                self._errors = [line.strip() for line in stream if line.strip()][-1:]

    def _listen(self) -> None:
        if self._process.stdout is not None:
            with self._process.stdout as stream:
                for line in stream:
                    self._hear(line)
        self._process.wait()
        self._hang_up()
        if self._standing.active:
            self._standing = self._ended_without_a_word()

    def _hear(self, line: str) -> None:
        heard = json.loads(line)
        state = heard.get("end")
        if state is not None:
            self._standing = replace(
                self._standing, state=state, seconds_left=None, message=heard.get("error", "")
            )
        elif self._standing.state == "running":
            left = self._left(heard["cycles"], heard["all_cycles"])
            share = heard["cycles"] / heard["all_cycles"] if heard["all_cycles"] else 1.0
            note = heard["note"] or self._standing.message
            self._standing = Standing("running", share, left, note)

    def _left(self, cycles: int, every: int) -> float | None:
        """Estimate by what was done since it began here; what stood there took no time."""
        if self._found is None:
            self._found, self._start = cycles, self._clock()
        done = cycles - self._found
        return (self._clock() - self._start) * (every - cycles) / done if done else None

    def _ended_without_a_word(self) -> Standing:
        if self._standing.state == "cancelling":
            return replace(self._standing, state="cancelled")
        self._listeners[1].join(1.0)
        last = self._errors[-1] if self._errors else f"code {self._process.returncode}"
        message = f"the process that computed it ended unexpectedly ({last})"
        return replace(self._standing, state="failed", seconds_left=None, message=message)


class Computations:
    """All runs that this explorer computes or has computed.

    Parameters
    ----------
    runs
        Where they are kept.
    """

    def __init__(self, runs: RunFolders) -> None:
        self._runs = runs
        self._by_run: dict[str, Computation] = {}
        self._starting = threading.Lock()  # two tabs may ask at the same moment

    def start(self, study: Study) -> str:
        """Compute a study, or go on with it where it was left unfinished.

        Returns
        -------
        str
            Id of the run; that of the same study where it is being computed already.

        Raises
        ------
        InputError
            Too many are under way.
        """
        with self._starting:
            return self._start(study, study.resolve().sha256())

    def _start(self, study: Study, sha256: str) -> str:
        for one in self._active():
            if (one.study.name, one.study.resolve().sha256()) == (study.name, sha256):
                return _running(one)
        return self._begin(study, lambda: self._runs.place(study.name, sha256))

    def resume(self, run: str) -> str:
        """Go on with a run in its own folder; what stands in the way there, its process says.

        Returns
        -------
        str
            Its id.

        Raises
        ------
        InputError
            It cannot be opened, or too many are under way.
        """
        study = self._runs.study(run)
        with self._starting:
            one = self._by_run.get(run)
            if one is not None and one.standing.active:
                return _running(one)
            return self._begin(study, lambda: run)

    def _begin(self, study: Study, place: Callable[[], str]) -> str:
        active = len(self._active())
        if active >= MOST_AT_ONCE:
            raise InputError(
                f"{active} runs are being computed already; wait for one or cancel one"
            )
        run = place()
        self._by_run[run] = Computation(study, run, self._runs)
        return run

    def _active(self) -> list[Computation]:
        return [one for one in self._by_run.values() if one.standing.active]

    def get(self, run: str) -> Computation | None:
        """Find the computation of a run, under way or over."""
        return self._by_run.get(run)

    def standing(self, run: str) -> Standing | None:
        """Say how the computation of a run stands; None where its folder says it.

        A run that was stopped here may have been finished by the command line since.
        """
        one = self.get(run)
        if one is None:
            return None
        now = one.standing
        stopped = now.state in ("cancelled", "failed")
        return None if stopped and self._runs.is_complete(run) else now

    def stop(self) -> None:
        """Cancel everything and wait until no process is left."""
        for one in self._by_run.values():
            one.cancel()
        for one in self._by_run.values():
            one.wait()


def _running(one: Computation) -> str:
    """Give the id of a run that is being computed already, unless it is about to stop."""
    if one.standing.state == "cancelling":
        raise InputError(f"run {one.run}: is being cancelled; try again in a moment")
    return one.run
