import copy
import pickle

import pytest
import torch


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])  # noqa: S301
def test_a_copy_is_whole_and_its_own(bench, copied):
    networks = bench.networks
    networks.connections(0)
    networks.products(0)
    networks.memory(7)
    other = copied(networks)
    before = networks.layers[1].weight.clone()
    other.connections(0)[1].weight[:] = 3.0
    other.connections(0)[1].alive[:] = False
    assert torch.all(other.layers[1].weight[0] == 3.0)
    assert other.alive_count(0, 1) == 0
    other.apply_masks()
    assert torch.count_nonzero(other.layers[1].weight[0]) == 0
    assert torch.equal(networks.layers[1].weight, before)
    assert networks.alive_count(0, 1) == networks.layers[1].layer.connections


def test_connections_share_the_memory_of_the_layers(bench):
    networks = bench.networks
    layer = networks.connections(2)[3]
    networks.layers[3].weight[2, 0, 1] = 5.0
    networks.copy_run(2, 1)
    assert layer.weight[0, 1] == 5.0
    assert networks.connections(1)[3].weight[0, 1] == 5.0
