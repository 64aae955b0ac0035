"""The cache of healthy networks: exact, self-checking, and nothing but time."""

from dataclasses import replace

import pytest
import torch

from synaprune.engine import cache
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

    def get(self):
        return cached(*self.asked, self)


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
    for change, times in (({"flare_probability": 0.1}, 0), ({"noise_base": 0.1}, 1),
                          ({"cluster_sd": 0.4}, 1), ({"pretraining_epochs": 3}, 1)):  # fmt: skip
        other = Maker(circuit, replace(constants, **change), streams)
        other.get()
        assert other.times == times, change
    other = Maker(Circuit.of_sizes(tiny | {"bulbar": 5}), constants, streams)
    other.get()
    assert other.times == 1


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
