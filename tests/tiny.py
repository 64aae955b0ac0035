"""A circuit and a study small enough to run many times."""

from __future__ import annotations

from synaprune.study import Study

TINY = {
    "prefrontal_limbic": 12,
    "upper_motor": 12,
    "lower_motor": 10,
    "neuromuscular_junction": 8,
    "bulbar": 6,
    "respiratory": 6,
    "fine_motor": 6,
}

TINY_CONSTANTS = {"samples": 200, "pretraining_steps": 20, "retraining_batch": 32}


def tiny_study(**changes: object) -> Study:
    """A small, fast study with every kind of arm; keywords replace its keys."""
    keys: dict[str, object] = {
        "name": "tiny",
        "profiles": ["als_standard", "mdd"],
        "arms": {
            "untreated": [],
            "ketamine": [{"drug": "ketamine", "from": 3, "every": 3}],
            "riluzole": "riluzole_continuous",
        },
        "patients": 3,
        "seed": 7,
        "circuit": TINY,
        "constants": TINY_CONSTANTS,
    }
    return Study(**(keys | changes))
