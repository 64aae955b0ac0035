import pytest

from synaprune.model.circuit import LAYERS
from synaprune.model.constants import declared
from synaprune.study import DEFAULT_PRESET, Study, library, load_study, paper_study
from synaprune.study.library import template

ALS = ("als_standard", "als_bulbar", "als_limb", "als_mdd")


@pytest.fixture(scope="module")
def paper():
    return paper_study(patients=1, seed=0).resolve()


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


def test_the_default_preset_adds_silent_constants_and_overrides_none_of_the_paper():
    silent = {constant.name for constant in declared() if constant.given is None}
    assert set(library.presets()[DEFAULT_PRESET].constants) == silent


def test_schedules_are_the_paper_s(paper):
    assert paper.arms == {
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


def test_als_profiles_clear_poorly_and_the_others_do_not(paper):
    assert {paper.profiles[name].clearance for name in ALS} == {0.05}
    impaired = paper.constants.impaired_clearance
    assert all(paper.profiles[name].clearance > impaired for name in ("mdd", "control"))


def test_vulnerabilities_lie_in_the_paper_s_ranges(paper):
    for name, profile in paper.profiles.items():
        limbic = profile.vulnerability["prefrontal_limbic"]
        assert 0.8 <= limbic <= 1.8, name
        for layer in LAYERS[1:-1]:
            assert 1.5 <= profile.vulnerability[layer] <= 2.0, (name, layer)
        assert 0.1 <= profile.vulnerability["output"] <= 2.0, name  # ours


def test_subtypes_raise_the_layers_that_name_them(paper):
    standard = paper.profiles["als_standard"].base_rate
    ratios = {
        name: {layer: round(paper.profiles[name].base_rate[layer] / standard[layer], 9)
               for layer in LAYERS}
        for name in ("als_bulbar", "als_limb", "als_mdd")
    }  # fmt: skip
    raised = {
        "als_bulbar": {"bulbar", "respiratory"},
        "als_limb": {"fine_motor", "lower_motor"},
        "als_mdd": {"prefrontal_limbic"},
    }
    for name, layers in raised.items():
        assert all(ratios[name][layer] >= 1.05 for layer in layers), name
        assert all(ratios[name][layer] <= 1.1 for layer in set(LAYERS) - layers), name


def test_some_numbers_of_the_starting_values():
    paper = Study(name="start", profiles=list(library.profiles()), arms={"untreated": []},
                  patients=1, seed=1, preset="start").resolve()  # fmt: skip
    assert paper.profiles["als_standard"].base_rate["lower_motor"] == 0.0687
    assert paper.profiles["als_standard"].base_rate["output"] == 0.020
    assert paper.profiles["mdd"].base_rate["prefrontal_limbic"] == 0.0124
    assert set(paper.profiles["control"].base_rate.values()) == {0.00066}
    assert paper.profiles["control"].vulnerability["prefrontal_limbic"] == 0.8
    assert paper.profiles["control"].vulnerability["upper_motor"] == 1.82
    assert paper.profiles["als_mdd"].vulnerability["prefrontal_limbic"] == 1.8
    assert paper.constants.flare_threshold == 0.53
    assert paper.constants.retraining_batch == 256
    assert paper.constants.noise_slope == 0.008


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
