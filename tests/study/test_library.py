import pytest

from synaprune.model.circuit import LAYERS
from synaprune.model.constants import declared
from synaprune.model.registry import DEFAULTS, MECHANISMS
from synaprune.study import DEFAULT_PRESET, library, load_study, paper_study
from synaprune.study.library import template

ALS = ("als_standard", "als_bulbar", "als_limb", "als_mdd")


PRESETS = ("published", "from_text")


def resolve(preset):
    """The paper's study under a preset."""
    return paper_study(patients=1, seed=0).model_copy(update={"preset": preset}).resolve()


@pytest.fixture(scope="module")
def paper():
    return resolve(DEFAULT_PRESET)


@pytest.fixture(scope="module")
def from_text():
    return resolve("from_text")


def test_names_and_order():
    assert list(library.profiles()) == [*ALS, "mdd", "control"]
    assert list(library.treatments()) == [
        "untreated", "ketamine_every_5", "ketamine_early", "ketamine_late",
        "ketamine_maintenance", "riluzole_continuous", "riluzole_early",
    ]  # fmt: skip
    assert list(library.drugs()) == ["ketamine", "riluzole"]
    assert DEFAULT_PRESET in library.presets()


def test_every_preset_has_exactly_the_built_in_profiles():
    for preset in library.presets().values():
        assert {profile.name for profile in preset.profiles} == set(library.profiles())


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_adds_silent_constants_and_overrides_none_of_the_paper(preset):
    silent = {constant.name for constant in declared() if constant.given is None}
    assert set(library.presets()[preset].constants) == silent


def test_schedules_are_the_published_ones(paper):
    assert paper.arms == {
        "untreated": {},
        "ketamine_every_5": {"ketamine": (5, 10, 15, 20)},
        "ketamine_early": {"ketamine": (2, 4, 6)},
        "ketamine_late": {"ketamine": (15, 18, 21, 24)},
        "ketamine_maintenance": {"ketamine": (3, 6, 9, 12, 15, 18, 21, 24, 27)},
        "riluzole_continuous": {"riluzole": tuple(range(30))},
        "riluzole_early": {"riluzole": tuple(range(15))},
    }


def test_schedules_of_the_text_are_its_own(from_text):
    assert from_text.arms == {
        "untreated": {},
        "ketamine_every_5": {"ketamine": (5, 10, 15, 20, 25)},
        "ketamine_early": {"ketamine": (2, 3, 4, 5, 6)},
        "ketamine_late": {"ketamine": tuple(range(15, 25))},
        "ketamine_maintenance": {"ketamine": (3, 6, 9, 12, 15, 18, 21, 24, 27)},
        "riluzole_continuous": {"riluzole": tuple(range(30))},
        "riluzole_early": {"riluzole": (2, 3, 4, 5, 6)},
    }


def test_drug_effects_are_the_paper_s():
    ketamine, riluzole = library.drugs()["ketamine"], library.drugs()["riluzole"]
    assert ketamine.as_given() == {
        "title": "Ketamine", "half_life": 3.0, "regrowth": 0.6, "noise_reduction": 0.5,
        "pruning_reduction": 0.4, "learning_rate_gain": 1.0,
    }  # fmt: skip
    assert riluzole.as_given() == {
        "title": "Riluzole",
        "half_life": 2.0,
        "noise_reduction": 0.3,
        "pruning_reduction": 0.15,
    }


@pytest.mark.parametrize("preset", PRESETS)
def test_als_profiles_clear_poorly_and_the_others_do_not(preset):
    study = resolve(preset)
    assert {study.profiles[name].clearance for name in ALS} == {0.05}
    impaired = study.constants.impaired_clearance
    assert all(study.profiles[name].clearance > impaired for name in ("mdd", "control"))


#: Layers whose pruning rate a profile raises above that of standard ALS.
RAISED = {
    "als_bulbar": {"bulbar", "respiratory"},
    "als_limb": {"fine_motor", "lower_motor"},
    "als_mdd": {"prefrontal_limbic"},
}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", RAISED)
def test_subtypes_raise_the_layers_that_name_them(preset, name):
    profiles = resolve(preset).profiles
    # the published profile of ALS with depression raises the output, too
    raised = RAISED[name] | ({"output"} if (preset, name) == ("published", "als_mdd") else set())
    for layer, rate in profiles[name].base_rate.items():
        ratio = rate / profiles["als_standard"].base_rate[layer]
        assert ratio >= 1.05 if layer in raised else ratio <= 1.1, layer


#: The published base rates, in the order of the circuit.
RATES = {
    "als_standard": (0.04, 0.10, 0.12, 0.08, 0.05, 0.06, 0.09, 0.04),
    "als_bulbar": (0.04, 0.10, 0.08, 0.08, 0.14, 0.10, 0.06, 0.04),
    "als_limb": (0.04, 0.10, 0.14, 0.08, 0.04, 0.05, 0.14, 0.04),
    "als_mdd": (0.08, 0.10, 0.12, 0.08, 0.05, 0.06, 0.09, 0.05),
    "mdd": (0.10, 0.02, 0.02, 0.01, 0.01, 0.01, 0.01, 0.02),
    "control": (0.01,) * 8,
}

#: The published motor and limbic vulnerability, and clearance.
SEVERITY = {
    **dict.fromkeys(ALS, (2.0, 0.8, 0.05)),
    "als_mdd": (2.0, 1.8, 0.05),
    "mdd": (0.5, 2.0, 0.30),
    "control": (1.0, 1.0, 0.50),
}
MOTOR = (1, 1.2, 0.8, 1, 1.1, 0.9)


@pytest.mark.parametrize("name", RATES)
def test_published_profiles(paper, name):
    profile = paper.profiles[name]
    motor, limbic, clearance = SEVERITY[name]
    assert tuple(profile.base_rate.values()) == RATES[name]
    expected = [limbic, *(motor * factor for factor in MOTOR)]
    assert list(profile.vulnerability.values())[:-1] == pytest.approx(expected)
    assert profile.clearance == clearance


#: Published constants by profile: ALS, ALS with depression, depression, control.
BY_PROFILE = {
    "pruning_slope": (0.005, 0.005, 0.002, 0),
    "aggregate_gain": (0.8, 0.8, 0.2, 0.1),
    "toxicity_threshold": (0.2, 0.2, 0.5, 0.8),
    "toxicity_amplification": (2, 2, 2, 2),
    "regrowth_base": (0.02, 0.02, 0.08, 0.15),
    "regrowth_penalty": (1.5, 1.5, 1.5, 1.5),
    "noise_base": (0.05, 0.05, 0.03, 0.01),
    "noise_slope": (0.008, 0.008, 0.002, 0),
    "noise_sparsity_gain": (3, 3, 2, 1),
    "weak_share": (0.7, 0.7, 0.5, 0.5),
    "corruption_radius": (5, 5, 3, 2),
    "corruption_magnitude": (0.005, 0.006, 0.002, 0.001),
    "flare_threshold": (0.3, 0.25, 0.5, 0.8),
    "flare_probability": (0.1, 0.12, 0.05, 0),
    "flare_pruning": (2, 2, 1.5, 1),
    "months_per_cycle": (1.5, 1.5, 1, 1.5),
}


@pytest.mark.parametrize("constant", BY_PROFILE)
def test_published_constants_belong_to_profiles(paper, constant):
    als, *rest = BY_PROFILE[constant]
    expected = dict.fromkeys(ALS, als) | dict(zip(("als_mdd", "mdd", "control"), rest, strict=True))
    found = {name: getattr(paper.constants_of(name), constant) for name in expected}
    assert found == expected


def test_profiles_of_the_text_differ_in_no_constant(from_text):
    assert all(not profile.constants for profile in from_text.profiles.values())


def test_some_numbers_of_the_text_s_model(from_text):
    profiles, constants = from_text.profiles, from_text.constants
    assert profiles["als_standard"].base_rate["lower_motor"] == 0.09973
    assert profiles["als_limb"].base_rate["fine_motor"] == pytest.approx(0.106668 * 1.36575)
    assert profiles["mdd"].base_rate["prefrontal_limbic"] == 0.0184051
    assert profiles["control"].vulnerability["upper_motor"] == 1.5
    assert constants.flare_threshold == 0.74
    assert constants.noise_slope == 0.008
    for name, profile in profiles.items():  # the text's ranges
        assert 0.8 <= profile.vulnerability["prefrontal_limbic"] <= 1.8, name
        motor = [profile.vulnerability[layer] for layer in LAYERS[1:-1]]
        assert 1.5 <= min(motor) <= max(motor) <= 2.0, name


def test_forms_come_with_the_preset(paper, from_text):
    assert paper.mechanisms == dict(DEFAULTS)
    assert from_text.mechanisms == dict.fromkeys(MECHANISMS, "text") | {
        "corruption": "fading",
        "clearance": "published",
    }


def test_titles_come_from_the_library(paper):
    assert paper.profiles["als_bulbar"].title == "Bulbar-onset ALS"


def test_built_ins_cannot_be_changed():
    with pytest.raises(TypeError):
        library.drugs()["ketamine"] = None


def test_template_loads(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(template(), encoding="utf-8")
    study = load_study(path)
    arms = study.resolve().arms
    assert set(arms["combined"]) == {"riluzole", "ketamine"}
    assert (len(study.profiles), len(arms)) == (2, 4)


def test_template_names_every_key_and_loads_with_all_of_them(tmp_path):
    lines = template().splitlines()
    keys = ("cycles", "preset", "constants", "mechanisms", "drugs", "circuit", "precision",
            "device", "  sodium_blocker")  # fmt: skip
    active = [
        line[2:] if line.startswith(tuple(f"# {key}:" for key in keys)) else line for line in lines
    ]
    path = tmp_path / "study.yaml"
    path.write_text("\n".join(active), encoding="utf-8")
    study = load_study(path)
    assert study.model_fields_set == set(type(study).model_fields)
    for name, field in type(study).model_fields.items():
        if name in ("cycles", "preset", "precision", "device"):
            assert getattr(study, name) == field.default, name
