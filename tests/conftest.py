"""Guards and small circuits that every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from tiny import TINY, tiny_study

# Tests run side by side: threads of their own only wait for each other, and doubled the time. For
# this process, and for those that it starts.
torch.set_num_threads(1)
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests away from the user's cache."""
    patch = pytest.MonkeyPatch()
    patch.setenv("SYNAPRUNE_CACHE", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _global_state_is_left_alone() -> Iterator[None]:
    """Fail a test that changes state which belongs to the whole process."""
    before = _global_state()
    yield
    assert _global_state() == before, "global state of torch or numpy was changed"


def _global_state() -> tuple[object, ...]:
    return (
        torch.random.get_rng_state().numpy().tobytes(),
        np.random.get_state()[1].tobytes(),  # noqa: NPY002 - watched, never drawn from
        torch.get_default_dtype(),
        torch.get_num_threads(),
        torch.are_deterministic_algorithms_enabled(),
    )


@pytest.fixture
def tiny() -> dict[str, int]:
    """Sizes of a circuit small enough for loops."""
    return dict(TINY)


@pytest.fixture
def make_study():
    """Give `tiny_study`."""
    return tiny_study
