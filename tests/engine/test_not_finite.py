"""Numbers that stop being numbers are found where they first appear, and named."""

import pickle

import pytest

from synaprune.engine.block import simulate_block
from synaprune.engine.plan import Block
from synaprune.errors import NotFiniteError
from synaprune.model.cycle import choose_mechanisms


def poison(networks, context, constants, draws):
    """Spoil the last arm of the second patient in one layer."""
    run = networks.twins[0][-1]
    if context.cycle == 2 and draws[0].patient == 5 and len(networks.twins[0]) > 1:
        networks.layers[4].weight[run, 0, 0] = float("nan")


def test_patient_arm_cycle_and_layer_are_named(make_study):
    late = [{"drug": "ketamine", "at": 1}]
    study = make_study(cycles=4, arms={"untreated": [], "late": late}).resolve()
    forms = choose_mechanisms(study.mechanisms) | {"stress": poison}
    with pytest.raises(NotFiniteError) as raised:
        simulate_block(study, Block(0, "mdd", range(4, 7)), forms)
    assert str(raised.value) == (
        "mdd, patient 5, arm late, cycle 2, layer bulbar: not a finite number"
    )
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301
