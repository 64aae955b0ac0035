"""Error lines, word for word."""

import pickle

import pytest

from synaprune.errors import InputError
from synaprune.study import Study, StudyError, demo_study, load_study, paper_study

PROFILES = "als_standard, als_bulbar, als_limb, als_mdd, mdd, control"
LAYERS = ("prefrontal_limbic, upper_motor, lower_motor, neuromuscular_junction, bulbar, "
          "respiratory, fine_motor, output")  # fmt: skip
KEYS = ("name, profiles, arms, patients, seed, cycles, preset, constants, mechanisms, drugs, "
        "circuit, precision, device")  # fmt: skip
BASE = {
    "name": "a",
    "profiles": "[control]",
    "arms": "{u: []}",
    "patients": "1",
    "seed": "1",
}


def loaded(tmp_path, monkeypatch, **keys):
    """Load a study whose keys stand on lines 1 to 5 (more follow); None leaves a key out."""
    monkeypatch.chdir(tmp_path)
    lines = {**BASE, **keys}
    text = "".join(f"{key}: {value}\n" for key, value in lines.items() if value is not None)
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    return load_study("s.yaml")


def name_rule(longest: int) -> str:
    return (
        f"must be a name of 1 to {longest} characters out of A-Z a-z 0-9 _ . -, the first a letter "
        "or a digit"
    )


SINGLE = [
    ({"name": "a b"}, f"1: name: {name_rule(80)} (got 'a b')"),
    ({"name": ".."}, f"1: name: {name_rule(80)} (got '..')"),
    ({"name": "_mine"}, f"1: name: {name_rule(80)} (got '_mine')"),
    ({"name": "3"}, f"1: name: {name_rule(80)} (got 3)"),
    ({"profiles": "[]"}, "2: profiles: must not be empty"),
    ({"profiles": "control"}, "2: profiles: must be a list (got 'control')"),
    ({"profiles": "{}"}, "2: profiles: must be a list (got {})"),
    ({"profiles": "[contrl]"},
     f"2: profiles[0]: unknown profile 'contrl'; did you mean 'control'? allowed: {PROFILES}"),
    ({"profiles": "[mdd, 3]"},
     "2: profiles[1]: must be the name of a profile or a mapping (got 3)"),
    ({"profiles": "[mdd, mdd]"},
     "2: profiles[1]: must name each profile once ('mdd' stands twice)"),
    ({"profiles": "[{name: x, like: mdd}, {name: x, like: mdd}]"},
     "2: profiles[1]: must name each profile once ('x' stands twice)"),
    ({"profiles": "[{name: x, like: mdd}, {name: X, like: mdd}]"},
     "2: profiles[1]: must differ from 'x' by more than upper and lower case (got 'X')"),
    ({"profiles": "[{name: MDD, like: mdd}]"},
     "2: profiles[0].name: must differ from 'mdd' by more than upper and lower case (got 'MDD')"),
    ({"profiles": "[{nam: x, like: mdd}]"},
     "2: profiles[0].nam: unknown key 'nam'; did you mean 'name'? allowed: name, title, like, "
     "base_rate, base_rate_factor, vulnerability, clearance, constants"),
    ({"profiles": "[{name: mdd, like: mdd}]"},
     "2: profiles[0].name: must not be the name of a built-in one (got 'mdd')"),
    ({"profiles": "[{name: x, like: contrl}]"},
     f"2: profiles[0].like: unknown profile 'contrl'; did you mean 'control'? allowed: {PROFILES}"),
    ({"profiles": "[{name: x, like: mdd, base_rate: {bulbar: 0.6}}]"},
     "2: profiles[0].base_rate.bulbar: must be a number from 0 to 0.5 (got 0.6)"),
    ({"profiles": "[{name: x, like: als_bulbar, base_rate_factor: {bulbar: 6}}]"},
     "2: profiles[0].base_rate_factor.bulbar: must keep the base rate at or below 0.5 "
     "(got 0.84)"),
    ({"profiles": "[{name: x, like: mdd, constants: {weak_share: 1.5}}]"},
     "2: profiles[0].constants.weak_share: must be a number from 0 to 1 (got 1.5)"),
    ({"profiles": "[{name: x, like: mdd, constants: {samples: 8, test_share: 0.01}}]"},
     "2: profiles[0].constants.test_share: must leave a point to test on (got a share of 0.01 "
     "of 8 points)"),
    ({"profiles": "[{name: x, like: mdd, vulnerability: {tongue: 1}}]"},
     f"2: profiles[0].vulnerability.tongue: unknown layer 'tongue'; allowed: {LAYERS}"),
    ({"profiles": "[{name: x}]"},
     "2: profiles[0].base_rate: is required for every layer of a profile without like "
     "(no prefrontal_limbic) (and 2 more)"),
    ({"arms": "{}"}, "3: arms: must not be empty"),
    ({"arms": "[]"}, "3: arms: must be a mapping (got [])"),
    ({"arms": "{u: }"},
     "3: arms.u: must be a list of doses or the name of a treatment (got null)"),
    ({"arms": "{u: {drug: ketamine}}"},
     "3: arms.u: must be a list of doses or the name of a treatment (got {'drug': 'ketamine'})"),
    ({"arms": "{u: untreate}"},
     "3: arms.u: unknown treatment 'untreate'; did you mean 'untreated'? allowed: untreated, "
     "ketamine_every_5, ketamine_early, ketamine_late, ketamine_maintenance, "
     "riluzole_continuous, riluzole_early"),
    ({"arms": "{'u v': []}"},
     f"3: arms.u v: {name_rule(64)} (got 'u v')"),
    ({"arms": "{u: [ketamine]}"},
     "3: arms.u[0]: must be a mapping with keys out of drug, from, until, every, at "
     "(got 'ketamine')"),
    ({"arms": "{u: [{}]}"}, "3: arms.u[0].drug: is required"),
    ({"arms": "{u: [{drg: ketamine}]}"},
     "3: arms.u[0].drg: unknown key 'drg'; did you mean 'drug'? "
     "allowed: drug, from, until, every, at"),
    ({"arms": "{u: [{drug: ketamin}]}"},
     "3: arms.u[0].drug: unknown drug 'ketamin'; did you mean 'ketamine'? "
     "allowed: ketamine, riluzole"),
    ({"arms": "{u: [{drug: ketamine}, {drug: ketamine, evry: 2}]}"},
     "3: arms.u[1].evry: unknown key 'evry'; did you mean 'every'? "
     "allowed: drug, from, until, every, at"),
    ({"arms": "{late: [{drug: ketamine, at: 30}]}"},
     "3: arms.late[0].at: must be a cycle from 0 to 29 (got 30)"),
    ({"arms": "{late: [{drug: ketamine, at: [3, 40]}]}"},
     "3: arms.late[0].at[1]: must be a cycle from 0 to 29 (got 40)"),
    ({"arms": "{late: [{drug: ketamine, from: 2, until: 30}]}"},
     "3: arms.late[0].until: must be a cycle from 0 to 29 (got 30)"),
    ({"arms": "{late: ketamine_late}", "cycles": "24"},
     "3: arms.late: treatment 'ketamine_late' needs cycle 24, the course has cycles 0 to 23"),
    ({"arms": "{late: ketamine_late}", "cycles": "9"},
     "3: arms.late: treatment 'ketamine_late' needs cycle 24, the course has cycles 0 to 8"),
    ({"arms": "{x: ketamine_every_5}", "cycles": "1"},
     "3: arms.x: treatment 'ketamine_every_5' needs cycle 20, the course has cycle 0 alone"),
    ({"patients": "-3"}, "4: patients: must be a whole number from 1 to 10000000 (got -3)"),
    ({"patients": "10000001"},
     "4: patients: must be a whole number from 1 to 10000000 (got 10000001)"),
    ({"patients": "true"}, "4: patients: must be a whole number (got true)"),
    ({"patients": "2.9"}, "4: patients: must be a whole number (got 2.9)"),
    ({"patients": "'4'"}, "4: patients: must be a whole number (got '4')"),
    ({"patients": ""}, "4: patients: must be a whole number (got null)"),
    ({"seed": str(2**63)},
     "5: seed: must be a whole number from 0 to 9223372036854775807 (got 9223372036854775808)"),
    ({"seed": None}, "1: seed: is required"),
    ({"cycles": "0"}, "6: cycles: must be a whole number from 1 to 1000 (got 0)"),
    ({"preset": "strat"},
     "6: preset: unknown preset 'strat'; allowed: from_text, published"),
    ({"preset": "from_txt"},
     "6: preset: unknown preset 'from_txt'; did you mean 'from_text'? "
     "allowed: from_text, published"),
    ({"preset": "calibrated"}, "6: preset: preset 'calibrated' is now 'from_text'"),
    ({"preset": "start"}, "6: preset: preset 'start' is now 'from_text'"),
    ({"mechanisms": "{pruning: paper}"},
     "6: mechanisms.pruning: form of pruning 'paper' is now 'text'"),
    ({"mechanisms": "{clearance: paper}"},
     "6: mechanisms.clearance: form of clearance 'paper' is now 'published'"),
    ({"patiens": "3"},
     f"6: patiens: unknown key 'patiens'; did you mean 'patients'? allowed: {KEYS}"),
    ({"patients": None, "patiens": "3"},
     f"5: patiens: unknown key 'patiens'; did you mean 'patients'? allowed: {KEYS}"),
    ({"seed": None, "sed": "3"},
     f"5: sed: unknown key 'sed'; did you mean 'seed'? allowed: {KEYS}"),
    ({"arms": None, "arm": "{u: []}"},
     f"5: arm: unknown key 'arm'; did you mean 'arms'? allowed: {KEYS}"),
    ({"patients": None, "foo": "3"}, "1: patients: is required (and 1 more)"),
    ({"patients": f"0x{'F' * 5000}"},
     "4: patients: must be a whole number from 1 to 10000000 (got a value too long to show)"),
    ({"patients": f"[0x{'F' * 5000}]"},
     "4: patients: must be a whole number (got a value too long to show)"),
    ({"constants": "[]"}, "6: constants: must be a mapping (got [])"),
    ({"constants": "{flare_probability: 2}"},
     "6: constants.flare_probability: must be a number from 0 to 1 (got 2)"),
    ({"constants": "{samples: 3.0}"}, "6: constants.samples: must be a whole number (got 3.0)"),
    ({"constants": "{corruption_sd: .nan}"},
     "6: constants.corruption_sd: must be a finite number (got nan)"),
    ({"constants": "{corruption_sd: -.inf}"},
     "6: constants.corruption_sd: must be a finite number (got -inf)"),
    ({"constants": "{corruption_sd: true}"},
     "6: constants.corruption_sd: must be a number (got true)"),
    ({"constants": "{samples: 8, test_share: 0.05}"},
     "6: constants.test_share: must leave a point to test on (got a share of 0.05 of 8 points)"),
    ({"mechanisms": "{corrupt: off}"},
     "6: mechanisms.corrupt: unknown mechanism 'corrupt'; did you mean 'corruption'? allowed: "
     "flares, pruning, corruption, flare_corruption, clearance, regrowth, excitotoxicity, "
     "retraining, stress"),
    ({"mechanisms": "{stress: of}"},
     "6: mechanisms.stress: unknown form of stress 'of'; did you mean 'off'? "
     "allowed: published, off, text"),
    ({"mechanisms": "{stress: false}"},
     "6: mechanisms.stress: must be the name of a form of stress (got false)"),
    ({"drugs": "{ketamine: {half_life: 3}}"},
     "6: drugs.ketamine: must not be the name of a built-in drug"),
    ({"drugs": "{x: {half_life: 0}}"}, "6: drugs.x.half_life: must be a number above 0 (got 0)"),
    ({"drugs": "{x: {halflife: 2}}"},
     "6: drugs.x.halflife: unknown key 'halflife'; did you mean 'half_life'? allowed: title, "
     "half_life, noise_reduction, pruning_reduction, regrowth, learning_rate_gain, clearance_gain"),
    ({"circuit": "{output: 5}"}, "6: circuit.output: must be 4 (got 5)"),
    ({"circuit": "{bulbar: 0}"},
     "6: circuit.bulbar: must be a whole number from 1 to 65536 (got 0)"),
    ({"circuit": "{bulber: 1}"},
     f"6: circuit.bulber: unknown layer 'bulber'; did you mean 'bulbar'? allowed: {LAYERS}"),
    ({"precision": "float16"}, "6: precision: unknown precision 'float16'; "
                               "did you mean 'bfloat16'? allowed: float32, float64, bfloat16"),
    ({"device": "gpu"}, "6: device: unknown device 'gpu'; did you mean 'cpu'? allowed: cpu, cuda"),
    ({"device": "0"}, "6: device: must be the name of a device (got 0)"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "expected"), SINGLE, ids=lambda value: str(value)[:40])
def test_error_lines(tmp_path, monkeypatch, keys, expected):
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, monkeypatch, **keys)
    assert str(caught.value) == f"s.yaml:{expected}"


def test_the_base_of_these_tests_is_right(tmp_path, monkeypatch):
    assert loaded(tmp_path, monkeypatch).patients == 1


def test_limits_are_allowed(tmp_path, monkeypatch):
    study = loaded(
        tmp_path, monkeypatch, patients="10000000", seed=str(2**63 - 1), cycles="1000",
        name="a" * 80, circuit="{bulbar: 65536, output: 4}", mechanisms="{corruption: off}",
        constants="{test_share: 1e-2, corruption_sd: 1}",
        arms="{u: [{drug: ketamine, at: 999}]}",
    )  # fmt: skip
    assert study.mechanisms == {"corruption": "off"}
    assert type(study.constants["corruption_sd"]) is float
    assert study.resolve().arms == {"u": {"ketamine": (999,)}}


def test_the_first_fault_in_the_file_is_reported_and_the_others_counted(tmp_path, monkeypatch):
    keys = {"patients": "0", "seed": "-1", "foo": "1", "cycles": "x"}
    with pytest.raises(StudyError) as caught:
        loaded(tmp_path, monkeypatch, **keys)
    assert str(caught.value) == (
        "s.yaml:4: patients: must be a whole number from 1 to 10000000 (got 0) (and 3 more)"
    )


def test_order_is_the_file_s_and_not_the_format_s(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(
        "foo: 1\nseed: -1\npatients: 0\narms: {u: []}\nprofiles: [x]\nname: a\n"
    )
    with pytest.raises(StudyError) as caught:
        load_study("s.yaml")
    assert str(caught.value) == f"s.yaml:1: foo: unknown key 'foo'; allowed: {KEYS} (and 3 more)"


def test_lines_deep_in_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(
        "name: a\nprofiles:\n  - control\n  - name: x\n    like: mdd\n    base_rate:\n"
        "      bulbar: 2\narms:\n  u:\n    - drug: ketamine\n      from: -1\npatients: 1\nseed: 1\n"
    )
    with pytest.raises(StudyError) as caught:
        load_study("s.yaml")
    assert str(caught.value) == (
        "s.yaml:7: profiles[1].base_rate.bulbar: must be a number from 0 to 0.5 (got 2) "
        "(and 1 more)"
    )


GOOD = {"name": "a", "profiles": ["control"], "arms": {"u": []}, "patients": 2, "seed": 1}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"patients": -3}, "study: patients: must be a whole number from 1 to 10000000 (got -3)"),
        ({"patients": True}, "study: patients: must be a whole number (got true)"),
        ({"profiles": {"control"}}, "study: profiles: must be a list (got {'control'})"),
        ({"arms": {"u": [{"drug": "ketamine", "at": 30}]}},
         "study: arms.u[0].at: must be a cycle from 0 to 29 (got 30)"),
        ({"name": "x" * 99 + "\n"},
         f"study: name: {name_rule(80)} (got '" + "x" * 56 + "...)"),
        ({"seeds": 1}, f"study: seeds: unknown key 'seeds'; did you mean 'seed'? allowed: {KEYS}"),
        ({"arms": {3: []}},
         f"study: arms[3]: {name_rule(64)} (got 3)"),
        ({"constants": {3: 1.0}}, None),
        ({"cycles": None}, "study: cycles: must be a whole number (got null)"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_errors_from_python(changes, expected):
    with pytest.raises(StudyError) as caught:
        Study(**{**GOOD, **changes})
    assert "\n" not in str(caught.value)
    if expected is not None:
        assert str(caught.value) == expected


def test_nothing_given():
    with pytest.raises(InputError) as caught:
        Study()
    assert str(caught.value) == "study: name: is required (and 4 more)"


def test_a_misspelt_key_is_not_missing_as_well():
    given = {"patiens" if key == "patients" else key: value for key, value in GOOD.items()}
    with pytest.raises(StudyError) as caught:
        Study(**given)
    assert str(caught.value) == (
        f"study: patiens: unknown key 'patiens'; did you mean 'patients'? allowed: {KEYS}"
    )


def test_every_door_speaks_in_one_line():
    for attempt in (
        lambda: Study.model_validate({}),
        lambda: Study.model_validate(3),
        lambda: Study.model_validate_json("{"),
        lambda: Study.model_validate_json('{"name": 3}'),
        lambda: demo_study().model_copy(update={"patients": 0}),
        lambda: paper_study(patients=0, seed=1),
        lambda: demo_study(seed=-1),
    ):
        with pytest.raises(InputError) as caught:
            attempt()
        assert str(caught.value).startswith("study: ")
        assert "\n" not in str(caught.value)


def test_errors_survive_pickling():
    with pytest.raises(StudyError) as caught:
        Study(**{**GOOD, "seed": -1})
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own object
    assert (str(again), again.faults) == (str(caught.value), caught.value.faults)
