"""Loops that were just compiled and loops taken from their store compute the same bytes.

A compiler may order a sum otherwise in either case; then two workers, of which one found the store
filled, would disagree.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SIMULATE = """
import hashlib, sys
from pathlib import Path
import synaprune
from synaprune.model import products
from tiny import tiny_study
products.HALF_FROM = products.PACKED_FROM = 60  # or no layer would be large enough for bfloat16
products.TOGETHER_FROM = 100
for precision in ("float32", "bfloat16"):
    folder = Path(sys.argv[1]) / precision
    study = tiny_study(profiles=["als_standard"], patients=1, cycles=8, precision=precision)
    synaprune.run(study, folder, workers=1)
    for path in sorted(folder.rglob("*.parquet")):
        print(precision, path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def blocks(folder: Path, store: Path) -> list[str]:
    """Hashes of the blocks of two runs, computed in a process of its own."""
    surroundings = {**os.environ, "NUMBA_CACHE_DIR": str(store), "PYTHONPATH": str(ROOT),
                    "SYNAPRUNE_CACHE": str(folder / "cache")}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SIMULATE, str(folder)],
        env=surroundings, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.slow
def test_fresh_and_stored_loops_give_the_same_bytes(tmp_path: Path) -> None:
    store = tmp_path / "store"
    fresh = blocks(tmp_path / "fresh", store)
    assert len(fresh) == 2
    assert any(store.rglob("*.nbc"))
    assert blocks(tmp_path / "stored", store) == fresh
