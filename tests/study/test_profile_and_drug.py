import pytest

from synaprune.model.circuit import LAYERS
from synaprune.study import Drug, Profile, StudyError
from synaprune.study.library.preset import Preset
from synaprune.study.profile import resolved

RATES = dict.fromkeys(LAYERS, 0.1)
FULL = {"base_rate": RATES, "vulnerability": dict.fromkeys(LAYERS, 1), "clearance": 0.2}
SILENT = {
    "cluster_sd": 0.5, "adam_beta1": 0.9, "adam_beta2": 0.999, "adam_epsilon": 1e-8,
    "flare_threshold": 0.5, "flare_probability": 0.5, "flare_pruning": 1, "flare_corruption": 0.5,
    "pruning_slope": 0.1, "toxicity_amplification": 1, "rate_cap": 0.5, "sparsity_wall": 0.9,
    "aggregate_gain": 2, "corruption_strength": 0.01, "corruption_half_load": 0.05,
    "corruption_sd": 0.1, "regrowth_share": 0.1, "regrowth_penalty": 0.1,
    "impaired_clearance": 0.1, "regrowth_sd": 0.01, "regrowth_jitter": 0.05,
    "retraining_batch": 256, "retraining_learning_rate": 0.006, "pretraining_batch": 256,
    "pretraining_noise": 0, "toxicity_threshold": 0.2, "corruption_magnitude": 0.005,
    "regrowth_base": 0.02, "guidance_level": 0.1, "guidance_gradient": 1e-5,
    "vulnerability_heterogeneity": 0,
}  # fmt: skip
REGIMENS = {"untreated": {"sentence": "No drug is given.", "doses": []}}


def preset(profiles, constants=SILENT):
    return Preset(
        title="t", provenance="p", constants=constants, treatments=REGIMENS, profiles=profiles
    )


def preset_error(profiles, constants=SILENT):
    with pytest.raises(StudyError) as caught:
        preset(profiles, constants)
    return str(caught.value)


def test_full_profile():
    profile = preset([{"name": "a", **FULL}]).profile("a")
    assert profile.base_rate == RATES
    assert list(profile.base_rate) == list(LAYERS)
    assert profile.vulnerability == dict.fromkeys(LAYERS, 1.0)
    assert (profile.name, profile.title, profile.clearance) == ("a", "a", 0.2)


def test_like_is_overridden_layer_by_layer_and_factors_come_last():
    made = preset(
        [
            {"name": "c", "like": "b", "title": "Third", "clearance": 0,
             "constants": {"weak_share": 0.4}},
            {"name": "b", "like": "a", "base_rate": {"bulbar": 0.2},
             "base_rate_factor": {"bulbar": 1.5, "output": 0}, "vulnerability": {"output": 3},
             "constants": {"weak_share": 0.6, "flare_pruning": 3}},
            {"name": "a", **FULL},
        ]
    )  # fmt: skip
    profile = made.profile("c")
    assert profile.base_rate == {**RATES, "bulbar": 0.2 * 1.5, "output": 0.0}
    assert profile.vulnerability == {**dict.fromkeys(LAYERS, 1.0), "output": 3.0}
    assert (profile.clearance, profile.title) == (0.0, "Third")
    assert profile.constants == {"weak_share": 0.4, "flare_pruning": 3.0}


def test_resolving_leaves_the_base_unchanged():
    base = preset([{"name": "a", **FULL}]).profile("a")
    resolved(Profile(name="x", like="a", base_rate_factor={"bulbar": 2}), base)
    assert base.base_rate == RATES


@pytest.mark.parametrize(
    ("profiles", "expected"),
    [
        ([{"name": "a", "like": "b"}, {"name": "b", "like": "a"}],
         "preset: profiles[0].like: leads back to the profile itself (and 1 more)"),
        ([{"name": "a", "like": "a"}],
         "preset: profiles[0].like: leads back to the profile itself"),
        ([{"name": "a", **FULL}, {"name": "b", "like": "aa"}],
         "preset: profiles[1].like: unknown profile 'aa'; did you mean 'a'? allowed: a, b"),
        ([{"name": "a", **FULL}, {"name": "a", **FULL}],
         "preset: profiles[1].name: a stands twice"),
        ([{"name": "a", **FULL, "clearance": 1.5}],
         "preset: profiles[0].clearance: must be a number from 0 to 1 (got 1.5)"),
        ([{"name": "a", **FULL, "base_rate": {"bulbar": 0.1}}],
         "preset: profiles[0].base_rate: is required for every layer of a profile without like "
         "(no prefrontal_limbic)"),
        ([{"name": "a", **FULL}, {"name": "b", "like": "a", "base_rate_factor": {"bulbar": 6}}],
         "preset: profiles[1].base_rate_factor.bulbar: must keep the base rate at or below 0.5 "
         "(got 0.6)"),
        ([], "preset: profiles: must not be empty"),
    ],
)  # fmt: skip
def test_presets_that_do_not_fit_together(profiles, expected):
    assert preset_error(profiles) == expected


def test_like_into_a_circle_further_on():
    loop = [{"name": "a", "like": "b"}, {"name": "b", "like": "c"}, {"name": "c", "like": "b"}]
    assert "leads back" in preset_error(loop)


def test_a_preset_needs_every_silent_constant():
    constants = {name: value for name, value in SILENT.items() if name != "corruption_sd"}
    expected = "preset: constants.corruption_sd: is required: the paper gives no value"
    assert preset_error([{"name": "a", **FULL}], constants) == expected


def test_drug_effects_default_to_nothing():
    drug = Drug(half_life=2)
    effects = (drug.noise_reduction, drug.pruning_reduction, drug.regrowth,
               drug.learning_rate_gain, drug.clearance_gain)  # fmt: skip
    assert effects == (0, 0, 0, 0, 0)
    assert type(drug.half_life) is float


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "drug: half_life: is required"),
        ({"half_life": 0}, "drug: half_life: must be a number above 0 (got 0)"),
        ({"half_life": True}, "drug: half_life: must be a number (got true)"),
        ({"half_life": float("inf")}, "drug: half_life: must be a finite number (got inf)"),
        ({"half_life": "3"}, "drug: half_life: must be a number (got '3')"),
        ({"half_life": 10**400}, "drug: half_life: must be a finite number (got 1"
                                 + "0" * 56 + "...)"),
        ({"half_life": 1, "noise_reduction": 1.01},
         "drug: noise_reduction: must be a number from 0 to 1 (got 1.01)"),
        ({"half_life": 1, "regrowth": 11},
         "drug: regrowth: must be a number from 0 to 10 (got 11)"),
        ({"half_life": 1, "clearance_gain": -1},
         "drug: clearance_gain: must be a number of at least 0 (got -1)"),
        ({"half_life": 1, "title": "a\nb"},
         "drug: title: must be one line of 1 to 200 printable characters (got 'a\\nb')"),
        ({"half_life": 1, "noise": 1},
         "drug: noise: unknown key 'noise'; allowed: title, half_life, noise_reduction, "
         "pruning_reduction, regrowth, learning_rate_gain, clearance_gain"),
    ],
)  # fmt: skip
def test_wrong_drugs(values, expected):
    with pytest.raises(StudyError) as caught:
        Drug(**values)
    assert str(caught.value) == expected


def test_parts_are_frozen():
    drug = Drug(half_life=2)
    with pytest.raises(ValueError, match="frozen"):
        drug.half_life = 3
