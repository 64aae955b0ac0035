"""What a GPU would compute, computed here: the tensor form of every loop, against the loops."""

import numpy as np
import pytest

from synaprune.engine.block import simulate_block
from synaprune.engine.plan import Block
from synaprune.model import kernels, products
from synaprune.model.cycle import choose_mechanisms
from synaprune.model.quantities import READOUT_NAMES


@pytest.mark.parametrize("profile", ["als_standard", "mdd"])
def test_the_device_form_gives_the_same_course(make_study, monkeypatch, profile):
    study = make_study(precision="float64", patients=2).resolve()
    forms = choose_mechanisms(study.mechanisms)
    block = Block(0, profile, range(2))
    loops = simulate_block(study, block, forms).to_pandas()
    monkeypatch.setattr(kernels, "cpu", kernels.device)
    monkeypatch.setattr(products, "SPARSE_BELOW", {"single": 0.0, "half": 0.0})
    tensors = simulate_block(study, block, forms).to_pandas()
    for name in READOUT_NAMES:
        assert np.allclose(tensors[name], loops[name], rtol=1e-9, atol=1e-9), name
