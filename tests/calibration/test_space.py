"""The space: paths into a preset, points applied and written, every mistake in one line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synaprune.calibration.search.asked import with_constants, with_forms
from synaprune.calibration.space.candidate import Candidate, load_preset, named_preset
from synaprune.calibration.space.places import parse_path, read
from synaprune.calibration.space.setting import paper_setting
from synaprune.calibration.space.space import Parameter, load_space, paper_space
from synaprune.errors import InputError
from synaprune.model.circuit import LAYERS
from synaprune.study import Study, library
from synaprune.study.library.preset import Preset

START = library.presets()["from_text"]


def test_the_preset_lies_in_the_space_and_applying_its_point_changes_nothing() -> None:
    space = paper_space()
    candidate = space.apply(START, space.start(START))
    assert candidate.preset.constants == START.constants
    for profile in library.profiles():
        assert candidate.profile(profile) == START.profile(profile)


def test_what_the_space_covers() -> None:
    """Every silent constant that is no choice of numerics is searched; stages are as stated."""
    space = paper_space()
    assert {p.name for p in space.stage("counts")} == {
        "pruning_slope", "toxicity_amplification", "aggregate_gain", "regrowth_share",
        "regrowth_penalty", "sparsity_wall", "flare_pruning", "mdd_clearance",
    }  # fmt: skip
    assert len(space.stage("networks")) == 21
    moved = {str(place) for p in space.parameters for place in p.places}
    for layer in LAYERS:
        assert {f"{name}.base_rate.{layer}" for name in ("als_standard", "mdd", "control")} <= moved


def test_onsets_are_elevated_where_the_paper_says_and_nowhere_else() -> None:
    for name, up in (("als_bulbar", ("bulbar", "respiratory")),
                     ("als_limb", ("lower_motor", "fine_motor"))):  # fmt: skip
        for layer in ("bulbar", "respiratory", "lower_motor", "fine_motor"):
            parameter = paper_space().by_name[f"{name}_factor_{layer}"]
            assert (parameter.low >= 1.1) == (layer in up)
            assert (parameter.high <= 1.1) == (layer not in up)


def test_a_point_lands_where_its_paths_say() -> None:
    point = {"flare_threshold": 0.4, "mdd_clearance": 0.5, "als_stream_vulnerability": 1.7,
             "output_vulnerability": 0.3, "als_bulbar_factor_bulbar": 2.0,
             "als_standard_rate_bulbar": 0.1}  # fmt: skip
    candidate = paper_space().apply(START, point)
    assert candidate.constants.flare_threshold == 0.4
    assert candidate.profile("mdd").clearance == 0.5
    als = candidate.profile("als_standard")
    assert [als.vulnerability[name] for name in ("bulbar", "respiratory", "fine_motor")] == [
        1.7, 1.7, 1.7,
    ]  # fmt: skip
    assert als.vulnerability["upper_motor"] == 1.5
    assert als.vulnerability["output"] == 0.3
    assert (
        candidate.profile("mdd").vulnerability["output"]
        == START.profile("mdd").vulnerability["output"]
    )
    assert candidate.profile("als_limb").vulnerability["bulbar"] == 1.7
    assert candidate.profile("als_bulbar").base_rate["bulbar"] == pytest.approx(0.2)
    assert candidate.profile("als_limb").base_rate["bulbar"] == pytest.approx(0.0911921)
    assert START.constants["flare_threshold"] == 0.74


def test_a_candidate_is_written_as_a_preset_and_read_back_equal(tmp_path: Path) -> None:
    candidate = paper_space().apply(
        with_forms(START, ["corruption=off"]), {"regrowth_sd": 1 / 300, "mdd_clearance": 0.7}
    )
    path = tmp_path / "values.yaml"
    path.write_text(candidate.to_yaml("Found", "By this test, in 3 trials: 5 % off."))
    there = load_preset(path)
    assert there.title == "Found"
    assert there.constants == candidate.preset.constants
    assert there.mechanisms == {**START.mechanisms, "corruption": "off"}
    assert there.treatments == START.treatments
    assert there.profiles == candidate.preset.profiles
    assert named_preset(str(path)) == there


def test_a_study_of_a_candidate_has_only_what_is_asked_for() -> None:
    candidate = paper_space().apply(START, {"flare_threshold": 0.4})
    study = candidate.study(
        ["mdd"], ["untreated", "ketamine_early"], paper_setting(4, 9), name="t", prefix="t7."
    )
    assert list(study.profiles) == ["t7.mdd"]
    assert study.profiles["t7.mdd"].name == "t7.mdd"
    assert study.arms == {"untreated": {}, "ketamine_early": {"ketamine": (2, 3, 4, 5, 6)}}
    assert list(study.drugs) == ["ketamine"]
    assert (study.seed, study.patients, study.constants.flare_threshold) == (9, 4, 0.4)


@pytest.mark.parametrize("name", library.presets())
def test_a_study_of_the_preset_itself_equals_the_ordinary_one(name: str) -> None:
    """The same numbers under the same hash, so a candidate computes what a study would."""
    asked = Study(name="x", profiles=["mdd"], arms={"ketamine_early": "ketamine_early"}, patients=4,
                  seed=9, preset=name)  # fmt: skip
    ordinary, preset = asked.resolve(), library.presets()[name]
    own = Candidate(preset).study(
        ["mdd"], ["ketamine_early"], paper_setting(4, 9, preset), name="x"
    )  # fmt: skip
    differing = {key for key, value in own.document().items() if value != ordinary.document()[key]}
    assert differing == {"preset"}


PATHS = {
    "flare_threshold": "must be OWNER.NAME, such as constants.flare_threshold or mdd.clearance "
    "(got 'flare_threshold')",
    "constants.retraining_batch": "constants.retraining_batch is a whole number; only continuous "
    "ones are searched",
    "mdd.clearance.bulbar": "mdd.clearance is one number for all layers "
    "(got 'mdd.clearance.bulbar')",
    "mdd.vulnerabilty.bulbar": "unknown value of mdd 'vulnerabilty'; did you mean 'vulnerability'? "
    "allowed: base_rate, base_rate_factor, vulnerability, clearance",
    "mdd.vulnerability.bulber": "unknown layer 'bulber'; did you mean 'bulbar'? allowed: "
    + ", ".join(LAYERS),
    "form.corupion": "unknown mechanism 'corupion'; did you mean 'corruption'? allowed: flares, "
    "pruning, corruption, flare_corruption, clearance, regrowth, excitotoxicity, retraining, "
    "stress",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_path_is_one_line(path: str) -> None:
    with pytest.raises(InputError) as error:
        parse_path(path)
    assert str(error.value) == PATHS[path]


def test_an_unknown_profile_is_named_with_the_nearest() -> None:
    (place,) = parse_path("als_standart.clearance")
    with pytest.raises(InputError) as error:
        read(START, place)
    assert str(error.value) == (
        "als_standart.clearance: unknown profile 'als_standart'; did you mean 'als_standard'? "
        "allowed: constants, form, als_standard, als_bulbar, als_limb, als_mdd, mdd, control"
    )


X = "parameters:\n  x: {path: constants.flare_threshold, low: 0.2, high: 0.4, stage: networks}\n"

FILES = {
    "unknown key": (X.replace("high", "hi"), ":2: parameters.x.hi: unknown key 'hi'; did you mean "
                    "'high'? allowed: path, low, high, scale, step, choices, stage"),
    "unknown constant": (X.replace("flare_t", "flair_t"),
                         ":2: parameters.x.path: unknown constant 'flair_threshold'; did you mean "
                         "'flare_threshold'?"),
    "unknown stage": (X.replace("networks", "network"), ":2: parameters.x.stage: unknown stage "
                      "'network'; did you mean 'networks'? allowed: counts, networks, solved"),
    "turned": (X.replace("0.2", "0.5"), ":2: parameters.x.low: must be below high (got 0.5)"),
    "log of nothing": (X.replace("low: 0.2", "low: 0, scale: log"),
                       ":2: parameters.x.low: must be above 0 on a log scale (got 0)"),
    "solved constant": (X.replace("networks", "solved"), ":2: parameters.x.stage: only base rates "
                        "are solved (got 'constants.flare_threshold')"),
    "two owners": (X + X.replace("x:", "y:").replace("parameters:\n", ""),
                   ":3: parameters.y.path: constants.flare_threshold belongs to x already"),
    "a form needs names": (X.replace("constants.flare_threshold", "form.corruption"),
                           ":2: parameters.x.choices: belong to a form, and a form needs them"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", FILES)
def test_a_mistake_in_a_file_is_one_line(mistake: str, tmp_path: Path) -> None:
    text, line = FILES[mistake]
    path = tmp_path / "space.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        load_space(path)
    assert f"{path}{line}" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_preset_outside_the_space_and_a_point_outside_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "space.yaml"
    path.write_text(X)
    space = load_space(path)
    with pytest.raises(InputError) as error:
        space.start(START)
    assert str(error.value) == (
        "space: x: must be a number from 0.2 to 0.4 (got 0.74) in the preset"
    )
    with pytest.raises(InputError, match=r"^x: must be a number from 0.2 to 0.4 \(got 'a'\)$"):
        space.apply(START, {"x": "a"})


def test_a_rate_above_its_bound_is_refused_by_the_rules_of_a_study(tmp_path: Path) -> None:
    path = tmp_path / "space.yaml"
    path.write_text(
        X.replace("constants.flare_threshold", "mdd.base_rate.bulbar").replace("0.4", "0.9")
    )
    with pytest.raises(InputError, match=r"base_rate\.bulbar: must be a number from 0 to 0\.5"):
        load_space(path).apply(START, {"x": 0.8})


ANCHORS = "anchors:\n  low: {x: 0.3}\n  high: {x: 0.39}\n"

WRONG_ANCHORS = {
    "unknown": (ANCHORS.replace("x: 0.3}", "y: 0.3}"),
                ":4: anchors.low: no parameter 'y'; allowed: x"),
    "outside": (ANCHORS.replace("0.39", "0.5"),
                ":5: anchors.high: x: must be a number from 0.2 to 0.4 (got 0.5)"),
}  # fmt: skip


def test_anchors_are_values_of_parameters_within_their_bounds(tmp_path: Path) -> None:
    path = tmp_path / "space.yaml"
    path.write_text(X + ANCHORS)
    assert load_space(path).anchors == ({"x": 0.3}, {"x": 0.39})
    for text, line in WRONG_ANCHORS.values():
        path.write_text(X + text)
        with pytest.raises(InputError) as error:
            load_space(path)
        assert str(error.value) == f"{path}{line}"


@given(st.floats(0, 1), st.sampled_from(["linear", "log"]))
def test_scales_turn_round(unit: float, scale: str) -> None:
    parameter = Parameter("x", (), 0.003, 0.7, scale, None, (), "counts")
    value = parameter.value(unit)
    assert parameter.low <= value <= parameter.high
    assert parameter.unit(value) == pytest.approx(unit, abs=2e-5)
    assert parameter.rounded(value) == value


def test_a_grid_holds_its_values() -> None:
    grid = paper_space().by_name["cluster_sd"]
    values = {grid.value(unit / 1000) for unit in range(1001)}
    assert sorted(values) == pytest.approx([0.44 + 0.005 * n for n in range(15)])
    assert 0.5 in values


FORMS = {
    "corruption": "form: must be MECHANISM=FORM, such as corruption=off (got 'corruption')",
    "corupion=off": "form: unknown mechanism 'corupion'; did you mean 'corruption'?",
    "corruption=of": "form: unknown form 'of' of corruption; did you mean 'off'?",
}


@pytest.mark.parametrize("choice", FORMS)
def test_a_wrong_form_is_one_line(choice: str) -> None:
    with pytest.raises(InputError) as error:
        with_forms(START, [choice])
    assert str(error.value).startswith(FORMS[choice])


def test_forms_of_a_preset_hold_for_a_study_unless_it_names_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = with_forms(START, ["corruption=off", "stress=off"])
    assert isinstance(form, Preset)
    monkeypatch.setattr(library, "presets", lambda: {library.DEFAULT_PRESET: form})
    keys = {"name": "x", "profiles": ["mdd"], "arms": {"u": []}, "patients": 1, "seed": 1}
    plain = Study(**keys).resolve()
    assert (plain.mechanisms["corruption"], plain.mechanisms["stress"]) == ("off", "off")
    assert plain.mechanisms["pruning"] == "text"
    own = Study(**keys, mechanisms={"stress": "text"}).resolve()
    assert (own.mechanisms["corruption"], own.mechanisms["stress"]) == ("off", "text")
    assert plain.sha256() != own.sha256()


def test_an_unknown_preset_is_one_line() -> None:
    with pytest.raises(InputError) as error:
        named_preset("from_tex")
    assert str(error.value) == (
        "preset: unknown preset 'from_tex'; did you mean 'from_text'? allowed: from_text, "
        "published; or a file"
    )


@pytest.mark.parametrize("name", ["calibrated", "start"])
def test_a_preset_of_a_former_version_is_one_line_with_its_new_name(name: str) -> None:
    with pytest.raises(InputError) as error:
        named_preset(name)
    assert str(error.value) == f"preset: preset {name!r} is now 'from_text'"


def test_a_constant_that_profiles_set_themselves_is_not_moved_for_all() -> None:
    """Moving it would change nothing in those profiles; a study's constants hold in all of them."""
    published = library.presets()["published"]
    (place,) = parse_path("constants.pruning_slope")
    with pytest.raises(
        InputError, match=r"^constants\.pruning_slope: profile \w+ of the preset has "
    ):
        read(published, place)
    everywhere = with_constants(published, {"pruning_slope": 0.1})
    assert read(everywhere, place) == 0.1
    for profile in library.profiles():
        assert Candidate(everywhere).constants_of(profile).pruning_slope == 0.1
