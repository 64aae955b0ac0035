"""Studies in and out of YAML, and built in Python."""

import json
import pickle
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaprune.errors import InputError
from synaprune.model.circuit import LAYERS
from synaprune.model.constants import declared
from synaprune.model.registry import MECHANISMS
from synaprune.study import Dose, Drug, Profile, Study, demo_study, library, paper_study
from synaprune.study.study import Study as StudyClass
from synaprune.study.yaml_source import read_text
from synaprune.study.yaml_text import to_yaml

CONSTANTS = {constant.name: constant for constant in declared()}


def reloaded(study):
    return read_text(study.to_yaml(), "study.yaml").build(StudyClass)


letters = string.ascii_letters + string.digits + "_.-"
names = st.text(letters, min_size=1, max_size=12).filter(lambda name: name[0].isalnum())
awkward = st.sampled_from(
    ["null", "true", "off", "No", "1", "1e3", "5.", "0x1F", "2026-01-01", "0o7", "y"]
)
any_name = names | awkward
free = [name for name in CONSTANTS if name not in ("test_share", "samples")]


def number_for(constant):
    if constant.kind is int:
        return st.integers(int(constant.low), int(constant.high))
    return st.floats(constant.low, constant.high)


@st.composite
def doses(draw, drugs):
    line = {"drug": draw(st.sampled_from(drugs))}
    if draw(st.booleans()):
        single = st.integers(0, 29)
        line["at"] = draw(single | st.lists(single, min_size=1, max_size=4))
        return line
    start = draw(st.integers(0, 29))
    line |= draw(st.sampled_from([{}, {"from": start}, {"every": 3}]))
    return line | draw(st.sampled_from([{}, {"until": 29}]))


@st.composite
def studies(draw):
    own = draw(st.dictionaries(any_name, st.floats(0.1, 50), max_size=2))
    own = {name: {"half_life": value} for name, value in own.items()
           if name not in library.drugs()}  # fmt: skip
    line = doses([*library.drugs(), *own])
    arm = st.sampled_from(list(library.treatments())) | st.lists(line, max_size=3)
    title = st.text(max_size=30).filter(lambda text: text.isprintable() and text.strip())
    profile = st.fixed_dictionaries(
        {"name": any_name.filter(lambda name: name.lower() not in library.profiles()),
         "like": st.sampled_from(list(library.profiles()))},
        optional={"title": title, "clearance": st.floats(0, 1),
                  "base_rate": st.dictionaries(st.sampled_from(LAYERS), st.floats(0, 0.5))},
    )  # fmt: skip
    profiles = st.sampled_from(list(library.profiles())) | profile
    unique = {"unique_by": lambda item: (item if isinstance(item, str) else item["name"]).lower()}
    optional = {
        "cycles": st.integers(30, 1000),
        "constants": st.sampled_from(free).flatmap(
            lambda name: st.fixed_dictionaries({name: number_for(CONSTANTS[name])})
        ),
        "mechanisms": st.dictionaries(st.sampled_from(MECHANISMS), st.sampled_from(["off"])),
        "precision": st.sampled_from(["float32", "float64"]),
        "circuit": st.dictionaries(st.sampled_from(LAYERS[:-1]), st.integers(1, 65536)),
    }
    required = {
        "name": any_name,
        "profiles": st.lists(profiles, min_size=1, max_size=3, **unique),
        "arms": st.dictionaries(any_name, arm, min_size=1, max_size=3),
        "patients": st.integers(1, 10_000_000),
        "seed": st.integers(0, 2**63 - 1),
        "drugs": st.just(own),
    }
    return draw(st.fixed_dictionaries(required, optional=optional))


@settings(max_examples=60, deadline=None)
@given(studies())
def test_yaml_round_trip(keys):
    study = Study(**keys)
    again = reloaded(study)
    assert again == study
    assert again.as_given() == study.as_given()
    assert again.to_yaml() == study.to_yaml()
    assert again.resolve() == study.resolve()


@settings(max_examples=40, deadline=None)
@given(studies())
def test_json_round_trip(keys):
    study = Study(**keys)
    assert Study.model_validate_json(json.dumps(study.as_given())) == study
    json.dumps(study.resolve().document(), allow_nan=False)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | awkward, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(names | awkward, values, min_size=1, max_size=4))
def test_any_plain_mapping_survives_writing(document):
    again = read_text(to_yaml(document), "x").data
    assert again == document
    assert repr(again) == repr(document)  # 1, 1.0 and True are equal, but not the same


def test_layout_by_hand():
    study = Study(
        name="1e3", seed=1, patients=2, constants={"adam_epsilon": 1e-8},
        profiles=["mdd", {"name": "x", "like": "mdd"}], mechanisms={"stress": "off"},
        arms={"null": [], "b": [{"drug": "ketamine", "at": [3, 4]}], "c": "untreated"},
    )  # fmt: skip
    assert study.to_yaml() == (
        'name: "1e3"\n'
        "profiles:\n  - mdd\n  - {name: x, like: mdd}\n"
        'arms:\n  "null": []\n  b:\n    - {drug: ketamine, at: [3, 4]}\n  c: untreated\n'
        "patients: 2\nseed: 1\n"
        "constants:\n  adam_epsilon: 1.0e-08\n"
        'mechanisms:\n  stress: "off"\n'
    )


def test_parts_may_be_given_as_objects_and_tuples():
    study = Study(
        name="a", seed=1, patients=1, profiles=(Profile(name="x", like="mdd"),),
        arms={"u": (), "v": [Dose(drug="own", at=3)]}, drugs={"own": Drug(half_life=1)},
    )  # fmt: skip
    same = Study(
        name="a", seed=1, patients=1, profiles=[{"name": "x", "like": "mdd"}],
        arms={"u": [], "v": [{"drug": "own", "at": 3}]}, drugs={"own": {"half_life": 1}},
    )  # fmt: skip
    assert study == same
    assert reloaded(study) == study


def test_a_study_keeps_its_own_copy():
    arms = {"u": [{"drug": "ketamine", "at": [3]}]}
    profiles = ["control"]
    constants = {"corruption_sd": 0.2}
    study = Study(name="a", seed=1, patients=1, profiles=profiles, arms=arms, constants=constants)
    before = study.to_yaml()
    arms["u"][0]["at"].append(4)
    arms["v"] = "nonsense"
    profiles.append("nonsense")
    constants["corruption_sd"] = -1
    assert study.to_yaml() == before


def test_a_study_is_frozen():
    study = demo_study()
    expected = "study: patients: is frozen; model_copy(update=...) makes a changed copy"
    with pytest.raises(InputError) as caught:
        study.patients = 2
    assert str(caught.value) == expected
    with pytest.raises(InputError):
        del study.patients
    assert study.patients == 1


def test_changed_copy():
    study = demo_study().model_copy(update={"patients": 5, "cycles": 28})
    assert (study.patients, study.cycles, study.seed) == (5, 28, 1)
    assert demo_study().patients == 1


def test_studies_can_be_sent_to_other_processes():
    for thing in (paper_study(1, 2), paper_study(1, 2).resolve()):
        assert pickle.loads(pickle.dumps(thing)) == thing  # noqa: S301 - our own object


def test_demo_and_paper():
    demo = demo_study(seed=7)
    assert (demo.name, demo.patients, demo.seed) == ("demo", 1, 7)
    assert demo.profiles == ("als_standard",)
    assert list(demo.arms) == ["untreated", "riluzole_continuous", "ketamine_maintenance"]
    paper = paper_study(patients=3, seed=9)
    assert (paper.name, paper.patients, paper.seed) == ("paper", 3, 9)
    assert paper.profiles == tuple(library.profiles())
    assert list(paper.arms) == list(library.treatments())
