from itertools import chain

import pytest

from synaprune.model.circuit import LAYERS, Circuit


def test_the_paper_circuit_has_the_stated_sizes():
    circuit = Circuit.of_sizes()
    assert [(layer.inputs, layer.units) for layer in circuit] == [
        (2, 512), (512, 512), (512, 256), (256, 128), (128, 64), (128, 64), (128, 64), (192, 4),
    ]  # fmt: skip
    assert sum(layer.connections for layer in circuit) == 452_352
    assert sum(layer.units for layer in circuit) == 1_604


def test_groups_partition_the_layers():
    circuit = Circuit.of_sizes()
    groups = [circuit.indices(group) for group in ("limbic", "motor", "readout")]
    assert sorted(chain(*groups)) == list(range(8))
    assert groups[0] == [LAYERS.index("prefrontal_limbic")]


def test_resized_layers_feed_the_next():
    circuit = Circuit.of_sizes({"bulbar": 3, "respiratory": 5, "fine_motor": 7})
    assert circuit.layers[-1].inputs == 15


@pytest.mark.parametrize(
    ("units", "message"),
    [({"cortex": 3}, "unknown layer 'cortex'"), ({"output": 5}, "output has 4 units"),
     ({"bulbar": 0}, "bulbar needs at least 1 unit")],
)  # fmt: skip
def test_impossible_sizes_are_refused(units, message):
    with pytest.raises(ValueError, match=message):
        Circuit.of_sizes(units)


def test_the_streams_read_the_same_and_are_read_together():
    circuit = Circuit.of_sizes()
    (streams,) = circuit.together
    assert [circuit.layers[p].name for p in streams] == ["bulbar", "respiratory", "fine_motor"]
