"""The preset from_text keeps its numbers, value by value, under every later version.

The values are those under which it was verified on fresh patients (docs/calibration.md); what this
project says of it would no longer be true of others.
"""

import pytest

from synaprune.model.circuit import LAYERS
from synaprune.study import Study, library
from synaprune.study.profile import Profile

PRESET = library.presets()["from_text"]

CONSTANTS = {
    "cluster_sd": 0.45,
    "adam_beta1": 0.9,
    "adam_beta2": 0.999,
    "adam_epsilon": 1e-08,
    "flare_threshold": 0.74,
    "flare_probability": 0.85,
    "flare_pruning": 2.90563,
    "flare_corruption": 0.005,
    "pruning_slope": 0.0516849,
    "toxicity_amplification": 0.632086,
    "rate_cap": 0.5,
    "sparsity_wall": 0.952537,
    "aggregate_gain": 1.6279,
    "corruption_strength": 0.85,
    "corruption_half_load": 20.0,
    "corruption_sd": 0.104,
    "regrowth_share": 0.118079,
    "regrowth_penalty": 0.1002,
    "impaired_clearance": 0.1,
    "regrowth_sd": 0.08,
    "regrowth_jitter": 0.05,
    "retraining_batch": 256,
    "retraining_learning_rate": 0.0025,
}

#: Declared later, and what the model did before.
UNDECLARED = {
    "pretraining_batch": 1000000,
    "pretraining_noise": 0.05,
    "vulnerability_heterogeneity": 0.15,
}

#: Read by published forms alone.
UNREAD = {
    "toxicity_threshold",
    "corruption_magnitude",
    "regrowth_base",
    "guidance_level",
    "guidance_gradient",
}

#: Base rate and vulnerability by layer in the circuit's order, and clearance; factors multiply the
#: rates of standard ALS.
BASE_RATE = {
    "als_standard": [
        0.0834415,
        0.0725412,
        0.09973,
        0.0767304,
        0.0801228,
        0.0765095,
        0.106668,
        0.005,
    ],
    "mdd": [0.0184051, 0.0099426, 0.0106371, 0.00967425, 0.00850974, 0.0083024, 0.00871264, 0.079],
    "control": [
        0.000927509,
        0.000959862,
        0.000877827,
        0.000852603,
        0.00114825,
        0.000703907,
        0.000688363,
        0.000409488,
    ],
}

FACTOR = {
    "als_bulbar": {
        "lower_motor": 0.947329,
        "bulbar": 2.22581,
        "respiratory": 1.43134,
        "fine_motor": 0.89823,
    },
    "als_limb": {
        "lower_motor": 1.21923,
        "bulbar": 0.911921,
        "respiratory": 0.840619,
        "fine_motor": 1.36575,
    },
    "als_mdd": {"prefrontal_limbic": 1.14592},
}

VULNERABILITY = {
    "als_standard": [0.8, 1.5, 1.75, 1.75, 1.75, 1.75, 1.75, 0.1],
    "als_bulbar": [0.8, 1.5, 1.75, 1.75, 1.75, 1.75, 1.75, 0.1],
    "als_limb": [0.8, 1.5, 1.75, 1.75, 1.75, 1.75, 1.75, 0.1],
    "als_mdd": [1.8, 1.5, 1.75, 1.75, 1.75, 1.75, 1.75, 0.1],
    "mdd": [1.8, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0],
    "control": [0.8, 1.5, 1.75, 1.75, 1.75, 1.75, 1.75, 0.1],
}

CLEARANCE = {
    "als_standard": 0.05,
    "als_bulbar": 0.05,
    "als_limb": 0.05,
    "als_mdd": 0.05,
    "mdd": 0.198014,
    "control": 0.6,
}

ARMS = {
    "untreated": {},
    "ketamine_every_5": {"ketamine": (5, 10, 15, 20, 25)},
    "ketamine_early": {"ketamine": (2, 3, 4, 5, 6)},
    "ketamine_late": {"ketamine": tuple(range(15, 25))},
    "ketamine_maintenance": {"ketamine": tuple(range(3, 30, 3))},
    "riluzole_continuous": {"riluzole": tuple(range(30))},
    "riluzole_early": {"riluzole": (2, 3, 4, 5, 6)},
}

FORMS = {
    "flares": "text",
    "pruning": "text",
    "corruption": "fading",
    "flare_corruption": "text",
    "clearance": "published",
    "regrowth": "text",
    "excitotoxicity": "text",
    "retraining": "text",
    "stress": "text",
}


def given(name: str) -> Profile:
    return next(profile for profile in PRESET.profiles if profile.name == name)


def test_constants() -> None:
    known = {**CONSTANTS, **UNDECLARED}
    assert {name: PRESET.constants.get(name) for name in known} == known
    assert set(PRESET.constants) == {*known, *UNREAD}


@pytest.mark.parametrize("name", VULNERABILITY)
def test_profiles(name: str) -> None:
    profile, asked = PRESET.profile(name), given(name)
    rates = dict(zip(LAYERS, BASE_RATE.get(name, BASE_RATE["als_standard"]), strict=True))
    factor = FACTOR.get(name, {})
    assert (asked.base_rate_factor or {}) == factor
    assert profile.base_rate == {layer: rates[layer] * factor.get(layer, 1.0) for layer in LAYERS}
    assert list(profile.vulnerability.values()) == VULNERABILITY[name]
    assert profile.clearance == CLEARANCE[name]
    assert profile.constants == {}


def test_a_study_takes_its_forms_and_treatments() -> None:
    assert {profile.name for profile in PRESET.profiles} == set(VULNERABILITY)
    arms = dict(zip(ARMS, ARMS, strict=True))
    study = Study(name="x", profiles=["mdd"], arms=arms, patients=1, seed=1, preset="from_text")
    assert study.resolve().arms == ARMS
    assert study.resolve().mechanisms == FORMS
