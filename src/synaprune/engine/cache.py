"""Healthy networks kept on disk, so that each patient is pretrained once.

A patient's healthy network depends on neither profile nor arm. It is found by the hash of
everything that it does depend on; a file that is not what was written is made anew. Deleting the
cache changes nothing but time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, fields
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import torch
from platformdirs import user_cache_path
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from synaprune.engine.claim import claimed
from synaprune.engine.randomness import RANDOMNESS_VERSION, Streams
from synaprune.model.circuit import Circuit
from synaprune.model.constants import NUMERICS_VERSION, Constants, declared
from synaprune.model.pretraining import Pretrained
from synaprune.model.products import SPARSE_VERSION
from synaprune.model.task import Task
from synaprune.results.files import write_atomically
from synaprune.results.manifest import cpu_model

#: Names the folder of the cache; by default the operating system's place for caches.
PLACE = "SYNAPRUNE_CACHE"

#: Size of the cache in bytes; the files that were used longest ago go first.
LIMIT = 2 * 1024**3

_ENDING = ".safetensors"
_PARTS = ("task", "pretraining")
_HASH = "sha256"


def cached(
    circuit: Circuit,
    constants: Constants,
    streams: Streams,
    make: Callable[[], Pretrained],
    *,
    half: bool = False,
    wait: bool = True,
) -> Pretrained | None:
    """Take a healthy network from the cache, or make it and keep it.

    Parameters
    ----------
    circuit, constants, streams
        What the network depends on.
    make
        Pretrains it.
    half
        Whether it does so in bfloat16.
    wait
        Whether to wait for another process that is making it.

    Returns
    -------
    Pretrained or None
        None only where another process is at it and is not waited for.
    """
    folder = Path(os.environ.get(PLACE) or user_cache_path("synaprune")) / "pretrained"
    path = folder / (_key(circuit, constants, streams, half=half) + _ENDING)
    found = _read(path, streams.device)
    if found is not None:
        return found
    with claimed(path, wait=wait) as mine:
        found = _read(path, streams.device)  # another process may have made it meanwhile
        if found is None and mine:
            found = make()
            _keep(path, found)
    return found


def _key(circuit: Circuit, constants: Constants, streams: Streams, *, half: bool) -> str:
    """Hash of everything that can change a bit of the network, the machine included."""
    read = {entry.name for entry in declared() if entry.part in _PARTS}
    content = {
        "seed": streams.seed,
        "patient": streams.patient,
        "circuit": circuit.units,
        "constants": {name: value for name, value in asdict(constants).items() if name in read},
        "precision": "bfloat16" if half else str(streams.dtype),
        "device": streams.device,
        "numerics": NUMERICS_VERSION,
        "randomness": RANDOMNESS_VERSION,
        "products": SPARSE_VERSION,
        "torch": torch.__version__,
        "numba": version("numba"),
        "cpu": cpu_model(),
        "gpu": torch.cuda.get_device_name() if streams.device == "cuda" else "",
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _read(path: Path, device: str) -> Pretrained | None:
    """Read a file of the cache; None where there is none or it is damaged."""
    try:
        os.utime(path)
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            written = (file.metadata() or {}).get(_HASH)
    except (OSError, SafetensorError):
        return None
    if sha256(save(tensors)).hexdigest() != written:
        return None
    tensors = {name: tensor.to(device) for name, tensor in tensors.items()}
    task = Task(**{entry.name: tensors[entry.name] for entry in fields(Task)})
    count = sum(name.startswith("parameter") for name in tensors)
    parameters = [tensors[f"parameter{number}"] for number in range(count)]
    return Pretrained(parameters, task, float(tensors["accuracy_percent"]))


def _keep(path: Path, network: Pretrained) -> None:
    """Write a network with the hash of its tensors; a cache that cannot be written is no cache."""
    tensors = {entry.name: getattr(network.task, entry.name) for entry in fields(Task)}
    tensors |= {f"parameter{i}": tensor for i, tensor in enumerate(network.parameters)}
    tensors["accuracy_percent"] = torch.tensor(network.accuracy_percent, dtype=torch.float64)
    tensors = {name: tensor.contiguous().cpu() for name, tensor in tensors.items()}
    content = save(tensors, metadata={_HASH: sha256(save(tensors)).hexdigest()})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_room(path.parent, LIMIT - len(content))
        write_atomically(path, content)
    except OSError:
        return


def _make_room(folder: Path, size: int) -> None:
    """Remove the files used longest ago until the rest fits; other processes' come and go."""
    files = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            files.append((path.stat(), path))
    total = sum(status.st_size for status, _ in files)
    for status, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
        if total <= size:
            return
        path.unlink(missing_ok=True)
        total -= status.st_size
