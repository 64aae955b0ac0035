"""The circuit as data: eight layers, what feeds them, and the group each belongs to.

The paper's network (Network Architecture) is one instance of this description. Names and wiring
are fixed because symptoms are read from named layers; sizes are free, so that tests run on a
circuit of a few units and a methods researcher on a larger one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

Group = Literal["limbic", "motor", "readout"]

#: Units of the task input: one point in the plane (Network Architecture).
INPUT_UNITS = 2

#: The four motor functions that the output layer tells apart (Network Architecture).
CLASSES = ("limb", "bulbar", "respiratory", "fine_motor")


@dataclass(frozen=True, slots=True)
class Layer:
    """One linear map and the units it feeds.

    Attributes
    ----------
    name
        The layer's name in studies, results and figures.
    fed_by
        The layers whose concatenated activation is the input; empty for the task input.
    group
        limbic, motor or readout; symptoms and motor integrity are read by group.
    inputs, units
        Columns and rows of the weight matrix.
    """

    name: str
    fed_by: tuple[str, ...]
    group: Group
    inputs: int
    units: int

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of the weight matrix: (units, inputs)."""
        return self.units, self.inputs

    @property
    def connections(self) -> int:
        """Weights of the layer, pruned ones included."""
        return prod(self.shape)


_WIRING: tuple[tuple[str, tuple[str, ...], Group, int], ...] = (
    ("prefrontal_limbic", (), "limbic", 512),
    ("upper_motor", ("prefrontal_limbic",), "motor", 512),
    ("lower_motor", ("upper_motor",), "motor", 256),
    ("neuromuscular_junction", ("lower_motor",), "motor", 128),
    ("bulbar", ("neuromuscular_junction",), "motor", 64),
    ("respiratory", ("neuromuscular_junction",), "motor", 64),
    ("fine_motor", ("neuromuscular_junction",), "motor", 64),
    ("output", ("bulbar", "respiratory", "fine_motor"), "readout", len(CLASSES)),
)

#: Layer names in the order of the forward pass.
LAYERS: tuple[str, ...] = tuple(name for name, *_ in _WIRING)

#: Units of every layer in the paper (Network Architecture).
PAPER_UNITS: Mapping[str, int] = {name: units for name, _, _, units in _WIRING}


@dataclass(frozen=True, slots=True)
class Circuit:
    """The layers in the order of the forward pass.

    Examples
    --------
    >>> circuit = Circuit.of_sizes()
    >>> sum(layer.connections for layer in circuit), sum(layer.units for layer in circuit)
    (452352, 1604)
    """

    layers: tuple[Layer, ...]

    @classmethod
    def of_sizes(cls, units: Mapping[str, int] | None = None) -> Circuit:
        """Build the circuit with the paper's sizes, some of them replaced.

        Parameters
        ----------
        units
            Units by layer name; layers not named keep the paper's size. The output layer has
            one unit a class and cannot be resized.

        Raises
        ------
        ValueError
            An unknown layer, a size below 1, or another size of the output layer.
        """
        sizes = {**PAPER_UNITS, **(units or {})}
        if unknown := sizes.keys() - PAPER_UNITS.keys():
            raise ValueError(f"unknown layer {sorted(unknown)[0]!r}; layers: {', '.join(LAYERS)}")
        if sizes["output"] != len(CLASSES):
            raise ValueError(f"output has {len(CLASSES)} units, one a class")
        if small := [name for name, size in sizes.items() if size < 1]:
            raise ValueError(f"{small[0]} needs at least 1 unit")
        return cls(
            tuple(
                Layer(name, fed_by, group, sum(map(sizes.__getitem__, fed_by)) or INPUT_UNITS,
                      sizes[name])
                for name, fed_by, group, _ in _WIRING
            )
        )  # fmt: skip

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    @property
    def units(self) -> dict[str, int]:
        """Units by layer name."""
        return {layer.name: layer.units for layer in self.layers}

    def indices(self, group: Group) -> list[int]:
        """Positions of the layers of a group."""
        return [i for i, layer in enumerate(self.layers) if layer.group == group]

    @property
    def together(self) -> list[list[int]]:
        """Positions of layers that alone read the same, and that one layer reads together."""
        where = {layer.name: position for position, layer in enumerate(self.layers)}
        read_together = [[where[name] for name in layer.fed_by] for layer in self.layers]
        return [
            group
            for group in read_together
            if len(group) > 1 and group == [
                position for position, layer in enumerate(self.layers)
                if layer.fed_by == self.layers[group[0]].fed_by
            ]
        ]  # fmt: skip


__all__ = ["CLASSES", "INPUT_UNITS", "LAYERS", "PAPER_UNITS", "Circuit", "Group", "Layer"]
