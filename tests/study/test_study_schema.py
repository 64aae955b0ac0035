"""The schema is checked with a small interpreter of the part of JSON Schema that it uses."""

import json
import re

import pytest

from synaprune.study import demo_study, library, paper_study, schema
from synaprune.study.library import template
from synaprune.study.yaml_source import read_text

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float)}
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "examples", "default", "type", "enum",
    "pattern", "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems",
    "minProperties", "items", "properties", "patternProperties", "additionalProperties",
    "required", "anyOf", "oneOf",
}  # fmt: skip


def fits(rule, value, root):
    if "$ref" in rule:
        return fits(root["$defs"][rule["$ref"].removeprefix("#/$defs/")], value, root)
    assert set(rule) <= KNOWN
    for word, count in (("anyOf", (1, 2)), ("oneOf", (1,))):
        if word in rule and sum(fits(one, value, root) for one in rule[word]) not in count:
            return False
    kind = rule.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or isinstance(value, bool)):
        return False
    return all(
        (
            "enum" not in rule or value in rule["enum"],
            "pattern" not in rule or re.search(rule["pattern"], value),
            "minimum" not in rule or value >= rule["minimum"],
            "maximum" not in rule or value <= rule["maximum"],
            "exclusiveMinimum" not in rule or value > rule["exclusiveMinimum"],
            kind != "string" or len(value) >= rule.get("minLength", 0),
            kind != "string" or len(value) <= rule.get("maxLength", len(value)),
            kind != "array" or (len(value) >= rule.get("minItems", 0)
                                and all(fits(rule["items"], item, root) for item in value)),
            kind != "object" or fits_object(rule, value, root),
        )
    )  # fmt: skip


def fits_object(rule, value, root):
    if len(value) < rule.get("minProperties", 0) or not set(rule.get("required", ())) <= set(value):
        return False
    assert rule["additionalProperties"] is False
    for key, item in value.items():
        inner = rule.get("properties", {}).get(key) or next(
            (one for pattern, one in rule.get("patternProperties", {}).items()
             if re.search(pattern, key)), None,
        )  # fmt: skip
        if inner is None or not fits(inner, item, root):
            return False
    return True


BAD = [
    {"patients": 0}, {"patients": True}, {"seed": -1}, {"name": "a b"}, {"profiles": []},
    {"profiles": ["contrl"]}, {"profiles": [{"name": "x", "like": "contrl"}]}, {"arms": {}},
    {"arms": {"u": "untreate"}}, {"arms": {"u": [{"drug": "ketamine", "evry": 2}]}},
    {"arms": {"u": [{"every": 2}]}}, {"arms": {"u": [{"drug": "ketamine", "at": []}]}},
    {"arms": {"a b": []}}, {"preset": "strat"}, {"constants": {"nose_base": 1}},
    {"constants": {"noise_base": 11}}, {"mechanisms": {"stress": "of"}}, {"more": 1},
    {"drugs": {"x": {}}}, {"drugs": {"x": {"half_life": 0}}}, {"circuit": {"output": 5}},
    {"precision": "float16"}, {"device": "gpu"}, {"cycles": 1001},
]  # fmt: skip


@pytest.fixture(scope="module")
def document():
    return schema()


def test_schema_is_json(document):
    assert json.loads(json.dumps(document)) == document


def test_schema_accepts_what_loads(document):
    for keys in (
        demo_study().as_given(),
        paper_study(3, 2).as_given(),
        dict(read_text(template(), "template").data),
        {**demo_study().as_given(), "constants": {"noise_base": 1}, "circuit": {"bulbar": 2},
         "mechanisms": {"stress": "off"}, "profiles": [{"name": "x", "like": "mdd"}],
         "drugs": {"x": {"half_life": 1, "title": "X"}},
         "arms": {"x": [{"drug": "x", "at": 3}, {"drug": "x", "at": [3]}]}},
    ):  # fmt: skip
        assert fits(document, keys, document)


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_schema_marks_mistakes(document, changes):
    assert not fits(document, {**demo_study().as_given(), **changes}, document)


def test_schema_requires_the_five_keys(document):
    assert document["required"] == ["name", "profiles", "arms", "patients", "seed"]
    for key in document["required"]:
        keys = demo_study().as_given()
        del keys[key]
        assert not fits(document, keys, document)


def test_every_key_is_described_in_one_line(document):
    described = [
        document["properties"],
        *(part["properties"] for part in document["$defs"].values()),
    ]
    for properties in [*described, document["properties"]["constants"]["properties"]]:
        for key, rule in properties.items():
            assert rule["description"], key
            assert "\n" not in rule["description"]


def test_built_in_names_are_offered(document):
    profile, own = document["properties"]["profiles"]["items"]["oneOf"]
    assert profile["enum"] == list(library.profiles())
    assert own == {"$ref": "#/$defs/Profile"}
    arms = document["properties"]["arms"]["patternProperties"].values()
    assert [arm["oneOf"][0]["enum"] for arm in arms] == [list(library.treatments())]
    assert document["$defs"]["Dose"]["properties"]["drug"]["examples"] == list(library.drugs())
    assert document["properties"]["preset"]["enum"] == list(library.presets())
