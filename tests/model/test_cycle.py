"""What must hold of a cycle as a whole, whatever the constants."""

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synaprune.model.cycle import choose_mechanisms, run_cycle
from synaprune.model.registry import DEFAULTS, MECHANISMS, OFF, PUBLISHED, forms, is_built_in
from synaprune.study import library

#: The forms of each preset.
FORMS = {name: {**DEFAULTS, **preset.mechanisms} for name, preset in library.presets().items()}

WRITES = {
    "flares": {"flare"},
    "pruning": {"weight", "alive", "bias", "bias_alive", "aggregate", "newly_pruned"},
    "corruption": {"weight"},
    "flare_corruption": {"weight"},
    "clearance": {"aggregate"},
    "regrowth": {"weight", "alive", "bias_alive"},  # a bias returns at the zero it had
    "excitotoxicity": {"noise", "noise_first"},
    "retraining": {"weight", "bias", "gradient"},
    "stress": {"stress"},
}

#: What single forms leave alone of that.
LEAVES = {
    ("pruning", "published"): {"bias", "bias_alive"},
    ("pruning", "sparing_biases"): {"bias", "bias_alive"},
    ("regrowth", "published"): {"bias_alive"},
    ("excitotoxicity", "text"): {"noise_first"},
    ("excitotoxicity", "sparing_logits"): {"noise_first"},
}

BUILT_IN = [
    (name, form)
    for name in MECHANISMS
    for form in forms(name)
    if form != OFF and is_built_in(name, form)
]


def snapshot(bench):
    """Everything a mechanism could change, by name."""
    networks, context = bench.networks, bench.context
    tensors = ("weight", "alive", "bias", "bias_alive", "stress", "gradient")
    kept = {
        name: [getattr(state, name).clone() for state in networks.layers] for name in tensors
    }  # fmt: skip
    kept["aggregate"] = [torch.tensor(networks.aggregate)]
    kept["noise"] = [torch.tensor(networks.noise)]
    kept["noise_first"] = [torch.tensor(networks.noise_first)]
    kept["flare"] = [torch.tensor(context.flare)]
    kept["newly_pruned"] = [torch.tensor(len(context.newly_pruned))]
    kept["disease"] = [torch.tensor(getattr(context.disease, name))
                       for name in context.disease.__slots__]  # fmt: skip
    kept["effects"] = [torch.tensor(getattr(context.effects, name))
                       for name in context.effects.__slots__]  # fmt: skip
    return kept


def changed(before, after):
    """Names whose tensors differ."""
    return {
        name
        for name in before
        if not all(map(torch.equal, before[name], after[name]))
    }  # fmt: skip


@pytest.mark.parametrize(("name", "form"), BUILT_IN)
def test_a_mechanism_writes_what_it_says_and_nothing_else(bench, name, form):
    preset = PUBLISHED if FORMS[PUBLISHED][name] == form else "from_text"
    mechanisms = choose_mechanisms(FORMS[preset] | {name: form})
    bench.context.effects.regrowth[:] = 0.6
    strong = {"flare_probability": 1.0, "flare_threshold": 0.0, "regrowth_share": 1.0,
              "regrowth_penalty": 0.0}  # fmt: skip
    for earlier in MECHANISMS[: MECHANISMS.index(name)]:
        if mechanisms[earlier] is not None:
            bench.do(mechanisms[earlier], **strong)
    if name in ("flares", "flare_corruption"):
        bench.networks.layers[0].alive[:, 0] = False
        bench.context.flare[:, 2] = name == "flare_corruption"
    bench.networks.apply_masks()
    before = snapshot(bench)
    bench.do(mechanisms[name], **strong)
    assert changed(before, snapshot(bench)) == WRITES[name] - LEAVES.get((name, form), set())


def cycle(bench, mechanisms):
    return run_cycle(bench.networks, bench.context, bench.constants, bench.draws, mechanisms)


def test_with_every_mechanism_off_nothing_happens(bench):
    before = snapshot(bench)
    accuracy = cycle(bench, choose_mechanisms(dict.fromkeys(MECHANISMS, OFF)))
    assert changed(before, snapshot(bench)) == set()
    assert accuracy.shape == (4,)


@pytest.mark.parametrize("preset", FORMS)
@pytest.mark.parametrize("off", MECHANISMS)
def test_each_mechanism_can_be_switched_off_alone(bench, off, preset):
    accuracy = cycle(bench, choose_mechanisms(FORMS[preset] | {off: OFF}))
    assert np.isfinite(accuracy).all()


@pytest.mark.parametrize("preset", FORMS)
@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    base_rate=st.floats(0, 0.6),
    regrowth=st.floats(0, 2),
    clearance=st.floats(0, 1),
    load=st.floats(0, 5),
)
def test_a_pruned_connection_contributes_exactly_nothing(
    bench, preset, base_rate, regrowth, clearance, load
):
    bench.context.disease.base_rate[:] = base_rate
    bench.context.disease.clearance[:] = clearance
    bench.context.effects.regrowth[:] = regrowth
    bench.networks.aggregate[:] = load
    cycle(bench, choose_mechanisms(FORMS[preset]))
    for state in bench.networks.layers:
        assert torch.count_nonzero(state.weight[~state.alive]) == 0
        assert torch.count_nonzero(state.bias[~state.bias_alive]) == 0
        assert torch.isfinite(state.weight).all()
    assert (bench.networks.aggregate >= 0).all()


def test_masks_hold_against_a_mechanism_that_forgets_them(bench):
    def careless(networks, context, constants, draws):
        for state in networks.layers:
            state.weight.add_(1.0)

    cycle(bench, choose_mechanisms(FORMS[PUBLISHED]) | {"corruption": careless})
    for state in bench.networks.layers:
        assert torch.count_nonzero(state.weight[~state.alive]) == 0
