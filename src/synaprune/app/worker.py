"""The process that computes a run for the explorer: the engine, with its progress as lines.

It reads a study from its standard input, which stays open while somebody wants the run: when it
closes, because of a cancel or because the explorer is gone, the run is interrupted as by Ctrl-C
and tidies up. Started by `computing`.
"""

from __future__ import annotations

import _thread
import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from synaprune.engine import simulate
from synaprune.engine.progress import Progress
from synaprune.errors import InputError, RunError
from synaprune.study import Study
from synaprune.study.yaml_source import read_text

CANCELLED = 130


def main() -> int:
    """Compute the study on standard input into the folder that is the only argument."""
    # a shell that starts programs behind it has them ignore interrupts, this one too
    signal.signal(signal.SIGINT, signal.default_int_handler)
    study = read_text(json.loads(sys.stdin.readline()), "study").build(Study)
    threading.Thread(target=_interrupt_when_left, daemon=True).start()
    try:
        simulate.run(study, Path(sys.argv[1]), resume=True, on_progress=_tell)
    except KeyboardInterrupt:
        _say({"end": "cancelled"})
        return CANCELLED
    except (InputError, RunError) as error:
        _say({"end": "failed", "error": str(error)})
        return 1
    _say({"end": "done"})
    return 0


def _interrupt_when_left() -> None:
    sys.stdin.read()
    _thread.interrupt_main()


def _tell(event: Progress) -> None:
    _say({"cycles": event.cycles, "all_cycles": event.all_cycles, "note": event.note})


def _say(line: dict[str, Any]) -> None:
    try:
        print(json.dumps(line), flush=True)
    except BrokenPipeError:  # nobody listens any more; the closed input ends the run
        sys.stdout = sys.__stderr__


if __name__ == "__main__":
    sys.exit(main())
