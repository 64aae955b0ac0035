"""The cache of healthy networks: exact, self-checking, and nothing but time."""

import subprocess
import sys
from dataclasses import replace
from time import perf_counter

import pytest
import torch

from synaprune.engine import cache, claim
from synaprune.engine.cache import cached
from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.pretraining import pretrain


@pytest.fixture
def constants(make_study):
    return make_study().resolve().constants


class Maker:
    """Pretrains, and counts how often."""

    def __init__(self, circuit, constants, streams):
        self.asked = circuit, constants, streams
        self.times = 0

    def __call__(self):
        self.times += 1
        return pretrain(*self.asked)

    def get(self, *, half=False, wait=True):
        return cached(*self.asked, self, half=half, wait=wait)


@pytest.fixture
def maker(tiny, constants, tmp_path, monkeypatch):
    monkeypatch.setenv(cache.PLACE, str(tmp_path))
    return Maker(Circuit.of_sizes(tiny), constants, Streams(1, 0))


def same(one, other):
    assert one.accuracy_percent == other.accuracy_percent
    assert all(map(torch.equal, one.parameters, other.parameters))
    for name in one.task.__slots__:
        assert torch.equal(getattr(one.task, name), getattr(other.task, name))


def test_the_second_time_it_is_read_bit_by_bit(maker):
    first, second = maker.get(), maker.get()
    assert maker.times == 1
    same(first, second)


def test_a_network_pretrained_in_bfloat16_is_another(maker):
    maker.get()
    maker.get(half=True)
    assert maker.times == 2
    maker.get(half=True)
    assert maker.times == 2


@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_file_is_made_anew(maker, tmp_path, damage):
    first = maker.get()
    (path,) = tmp_path.rglob("*.safetensors")
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes({
        "flip": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "cut": whole[:middle],
        "empty": b"",
    }[damage])  # fmt: skip
    same(first, maker.get())
    assert maker.times == 2
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "change",
    [{"seed": 2}, {"seed": 1 + 2**32}, {"patient": 1}, {"dtype": torch.float64}],
)
def test_another_patient_is_another_network(maker, change):
    maker.get()
    circuit, constants, streams = maker.asked
    other = Maker(circuit, constants, replace(streams, **change))
    other.get()
    assert other.times == 1


def test_only_what_matters_to_pretraining_is_in_the_key(maker, tiny):
    maker.get()
    circuit, constants, streams = maker.asked
    for change, times in (({"flare_probability": 0.2}, 0), ({"noise_base": 0.1}, 0),
                          ({"pretraining_noise": 0.1}, 1), ({"pretraining_batch": 9}, 1),
                          ({"cluster_sd": 0.4}, 1), ({"pretraining_steps": 3}, 1)):  # fmt: skip
        other = Maker(circuit, replace(constants, **change), streams)
        other.get()
        assert other.times == times, change
    other = Maker(Circuit.of_sizes(tiny | {"bulbar": 5}), constants, streams)
    other.get()
    assert other.times == 1


def test_another_compiler_is_another_network(maker, monkeypatch):
    """Its loops are compiled by numba, and the order of their sums is numba's."""
    maker.get()
    monkeypatch.setattr("synaprune.engine.cache.version", lambda _: "another")
    maker.get()
    assert maker.times == 2


def test_it_stays_within_its_limit(maker, tmp_path, monkeypatch):
    maker.get()
    (path,) = tmp_path.rglob("*.safetensors")
    size = path.stat().st_size
    monkeypatch.setattr(cache, "LIMIT", int(3.5 * size))
    circuit, constants, streams = maker.asked
    for patient in range(1, 6):
        Maker(circuit, constants, replace(streams, patient=patient)).get()
    assert len(list(tmp_path.rglob("*.safetensors"))) == 3
    assert not path.exists()


def test_without_a_place_to_write_it_still_works(maker, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.PLACE, str(tmp_path / "file"))
    same(maker.get(), maker.get())
    assert maker.times == 2


def other_process(path, seconds, *, ends):
    """Let another process claim a file, and keep it for a while or die with it."""
    code = (
        "import sys, time; from pathlib import Path; from synaprune.engine.claim import claimed\n"
        f"with claimed(Path(sys.argv[1]), wait=False) as mine:\n"
        f"    print(mine, flush=True); time.sleep({seconds})\n"
        + ("" if ends else "    import os; os._exit(1)\n")
    )
    process = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"True\n"
    return process


@pytest.fixture
def place(maker, tmp_path):
    """Where the network is kept; it is not there yet."""
    maker.get()
    (path,) = tmp_path.rglob("*.safetensors")
    path.unlink()
    maker.times = 0
    return path


@pytest.mark.parametrize("ends", [True, False])
def test_another_process_that_makes_it_is_waited_for_or_left_alone(maker, place, ends):
    with other_process(place, 1.0, ends=ends):
        assert maker.get(wait=False) is None
        assert maker.times == 0
        start = perf_counter()
        assert maker.get() is not None  # it came back, or died, without having made it
        assert perf_counter() - start > 0.5
    assert maker.times == 1
    assert list(place.parent.glob("*.lock")) == []


def test_who_takes_too_long_is_not_waited_for(maker, place, monkeypatch):
    monkeypatch.setattr(claim, "PATIENCE", 0.1)
    with other_process(place, 60, ends=True) as process:
        assert maker.get() is not None
        process.kill()
    assert maker.times == 1


def test_without_locks_it_still_works(maker, place, monkeypatch):
    def refuse(*_, **__):
        raise NotImplementedError

    monkeypatch.setattr(claim.FileLock, "acquire", refuse)
    assert maker.get(wait=False) is not None
    assert maker.times == 1
    assert place.exists()
