import hashlib
import json
from dataclasses import FrozenInstanceError, asdict

import pytest

from synaprune.model.circuit import LAYERS, PAPER_UNITS
from synaprune.model.constants import NUMERICS_VERSION, declared
from synaprune.model.registry import DEFAULTS
from synaprune.study import Drug, Study, StudyError, demo_study, library, paper_study
from synaprune.study.yaml_source import read_text

GOOD = {
    "name": "a", "profiles": ["mdd", "control"], "patients": 2, "seed": 1,
    "arms": {"u": [], "k": [{"drug": "ketamine", "at": 3}, {"drug": "riluzole"}]},
}  # fmt: skip


def study(**changes):
    return Study(**{**GOOD, **changes})


def digest(**changes):
    return study(**changes).resolve().sha256()


def test_defaults_are_filled_in():
    resolved = study().resolve()
    assert (resolved.cycles, resolved.preset) == (30, library.DEFAULT_PRESET)
    assert (resolved.precision, resolved.device) == ("float32", "cpu")
    assert resolved.circuit == PAPER_UNITS
    assert resolved.mechanisms == DEFAULTS
    assert set(asdict(resolved.constants)) == {constant.name for constant in declared()}
    for constant in declared():
        value = getattr(resolved.constants, constant.name)
        assert type(value) is constant.kind, constant.name
        if constant.given is not None:
            assert value == constant.given


def test_overrides_win():
    resolved = study(
        constants={"noise_base": 0, "corruption_sd": 0.3, "samples": 100},
        mechanisms={"stress": "off"}, circuit={"bulbar": 3}, cycles=20,
    ).resolve()  # fmt: skip
    assert resolved.constants.noise_base == 0.0
    assert type(resolved.constants.noise_base) is float
    assert resolved.constants.corruption_sd == 0.3
    assert resolved.constants.samples == 100
    assert resolved.mechanisms["stress"] == "off"
    assert resolved.mechanisms["pruning"] == "published"
    assert resolved.circuit == {**PAPER_UNITS, "bulbar": 3}
    assert resolved.arms["k"]["riluzole"] == tuple(range(20))


#: The study's constants, those of a profile like als_mdd -> the probability of a flare in it.
#: Weakest first: the preset's 0.1, its profile's 0.12, the study's, the profile's own.
PRECEDENCE = [
    ({}, None, 0.12),
    ({}, {}, 0.12),
    ({"flare_probability": 0.3}, None, 0.3),
    ({"flare_probability": 0.3}, {}, 0.3),
    ({"flare_probability": 0.1}, {}, 0.1),  # although the preset gives the same
    ({}, {"flare_probability": 0.4}, 0.4),
    ({"flare_probability": 0.3}, {"flare_probability": 0.4}, 0.4),
    ({"flare_probability": 0.3}, {"flare_probability": 0.1}, 0.1),
]


@pytest.mark.parametrize(("constants", "own", "expected"), PRECEDENCE)
def test_who_decides_a_constant_of_a_profile(constants, own, expected):
    profile = "als_mdd" if own is None else {"name": "x", "like": "als_mdd", "constants": own}
    resolved = study(constants=constants, profiles=["als_standard", profile]).resolve()
    name = "als_mdd" if own is None else "x"
    assert resolved.constants_of(name).flare_probability == expected
    # a profile sets no constant of another one, and none but those it names
    others = constants.get("flare_probability", 0.1)
    assert resolved.constants_of("als_standard").flare_probability == others
    assert resolved.constants_of(name).flare_threshold == 0.25


def test_constants_of_a_profile_are_checked_and_typed():
    own = {"name": "x", "like": "mdd", "constants": {"corruption_radius": 2.0, "weak_share": 1}}
    with pytest.raises(StudyError, match=r"constants\.corruption_radius: must be a whole number"):
        study(profiles=[own])
    own["constants"]["corruption_radius"] = 2
    constants = study(profiles=[own]).resolve().constants_of("x")
    assert (type(constants.corruption_radius), type(constants.weak_share)) == (int, float)


def test_hash_sees_constants_of_a_profile_and_where_they_stand_does_not_count():
    def own(value):
        return {"name": "x", "like": "control", "constants": {"weak_share": value}}

    assert digest(profiles=[own(0.4)]) != digest(profiles=[own(0.5)])
    assert digest(profiles=[own(0.5)]) == digest(profiles=[{"name": "x", "like": "control"}])


@pytest.mark.parametrize(
    ("preset", "early"), [("published", (2, 4, 6)), ("from_text", (2, 3, 4, 5, 6))]
)
def test_a_treatment_s_doses_are_the_preset_s(preset, early):
    resolved = study(preset=preset, arms={"e": "ketamine_early"}).resolve()
    assert resolved.arms["e"] == {"ketamine": early}


def test_arms_and_drugs():
    resolved = study(drugs={"unused": {"half_life": 9}}).resolve()
    assert resolved.arms == {"u": {}, "k": {"ketamine": (3,), "riluzole": tuple(range(30))}}
    assert resolved.drugs == {name: library.drugs()[name] for name in ("ketamine", "riluzole")}
    own = study(drugs={"own": {"half_life": 9}}, arms={"x": [{"drug": "own", "at": 1}]}).resolve()
    assert own.drugs == {"own": Drug(half_life=9)}


def test_inline_profile():
    resolved = study(
        profiles=[{"name": "x", "like": "als_bulbar", "base_rate_factor": {"output": 2},
                   "clearance": 0.5, "title": "Mine"}]
    ).resolve()  # fmt: skip
    profile = resolved.profiles["x"]
    bulbar = paper_study(1, 1).resolve().profiles["als_bulbar"]
    assert profile.base_rate == {**bulbar.base_rate, "output": 2 * bulbar.base_rate["output"]}
    assert profile.vulnerability == bulbar.vulnerability
    assert (profile.name, profile.title, profile.clearance) == ("x", "Mine", 0.5)


def test_document_holds_everything_as_plain_values():
    resolved = study().resolve()
    document = resolved.document()
    assert json.loads(json.dumps(document)) == document
    assert document["numerics_version"] == NUMERICS_VERSION
    fields = set(resolved.__dataclass_fields__)
    assert set(document) == fields | {"numerics_version"}
    assert set(document["profiles"]["mdd"]["base_rate"]) == set(LAYERS)
    assert document["arms"]["k"]["ketamine"] == [3]
    assert document["drugs"]["riluzole"]["half_life"] == 2.0
    assert read_text(resolved.to_yaml(), "resolved.yaml").data == document


def test_hash_is_that_of_the_canonical_json():
    document = demo_study().resolve().document()
    del document["name"]
    for kind in ("profiles", "drugs"):
        for entry in document[kind].values():
            assert entry.pop("title")
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    assert demo_study().resolve().sha256() == hashlib.sha256(text.encode()).hexdigest()


def test_hash_ignores_what_changes_no_number():
    base = digest()
    assert digest(name="b") == base
    assert digest(profiles=["control", "mdd"]) == base
    assert digest(arms=dict(reversed(GOOD["arms"].items()))) == base
    assert digest(arms={"k": [{"drug": "riluzole", "until": 29}, {"drug": "ketamine", "at": [3]}],
                        "u": "untreated"}) == base  # fmt: skip
    assert digest(cycles=30, precision="float32", preset=library.DEFAULT_PRESET) == base
    assert digest(constants={"noise_base": 0.05}, circuit={"output": 4}, profiles=["als_mdd"]) == (
        digest(profiles=["als_mdd"])
    )
    assert digest(drugs={"unused": {"half_life": 1}}) == base
    own = {"name": "x", "like": "mdd"}
    assert digest(profiles=[own]) == digest(profiles=[{**own, "title": "Other words"}])
    assert digest(constants={"noise_base": -0.0}) == digest(constants={"noise_base": 0})


@pytest.mark.parametrize(
    "changes",
    [
        {"patients": 3}, {"seed": 2}, {"cycles": 29}, {"precision": "float64"},
        {"device": "cuda"}, {"constants": {"noise_base": 0.06}}, {"mechanisms": {"stress": "off"}},
        {"circuit": {"bulbar": 3}}, {"profiles": ["mdd"]}, {"arms": {"u": []}},
        {"profiles": ["mdd", {"name": "control2", "like": "control"}]},
        {"arms": {**GOOD["arms"], "k": [{"drug": "ketamine", "at": 4}, {"drug": "riluzole"}]}},
    ],
    ids=str,
)  # fmt: skip
def test_hash_sees_what_changes_a_number(changes):
    assert digest(**changes) != digest()


def test_hash_sees_the_effects_of_a_drug():
    def own(half_life):
        return digest(arms={"k": [{"drug": "x"}]}, drugs={"x": {"half_life": half_life}})

    assert own(1) == own(1.0)
    assert own(1) != own(2)


def test_resolved_is_frozen_and_does_not_share_with_the_library():
    resolved = study().resolve()
    before = resolved.profiles["mdd"].base_rate["bulbar"]
    with pytest.raises(FrozenInstanceError):
        resolved.seed = 3
    resolved.profiles["mdd"].base_rate["bulbar"] = 99.0
    resolved.circuit["bulbar"] = 1
    assert study().resolve().profiles["mdd"].base_rate["bulbar"] == before
    assert study().resolve().circuit == PAPER_UNITS
