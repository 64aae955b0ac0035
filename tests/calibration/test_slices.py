"""Slices: constants that only networks show, on a ground whose truth is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sensitive_ground import SPACE, blank, ground

from synaprune.calibration.search import trial
from synaprune.calibration.search.evaluations import Evaluations
from synaprune.calibration.search.trial import Evaluation
from synaprune.calibration.sensitivity import chance
from synaprune.calibration.sensitivity import slices as module
from synaprune.calibration.sensitivity.analysis import Extent, write_sensitivity
from synaprune.calibration.sensitivity.chance import hairs, told_from_chance
from synaprune.calibration.sensitivity.curves import Plan
from synaprune.calibration.sensitivity.ground import Ground
from synaprune.calibration.sensitivity.slices import Simulated, Slices, _follow, slices
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.places import parse_path
from synaprune.calibration.space.space import Parameter, Space
from synaprune.calibration.targets.observed import observe
from synaprune.engine.pool import chosen

SD = SPACE.by_name["corruption_sd"]


def quiet(note: str) -> None:
    del note


@pytest.fixture(scope="module", autouse=True)
def _few_repeats():
    """Two repeats are enough to see what is done with them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chance, "REPEATS", 2)
        yield


@pytest.fixture(scope="module")
def pool():
    with chosen(1, None, 1) as found:
        yield found


@pytest.fixture(scope="module")
def here(pool) -> Ground:
    """A ground with two targets that need networks, met exactly by the best values."""
    wanted = [
        replace(
            blank("untreated", "nfl_proxy", "final"),
            name=f"{profile}.nfl", profile=profile, tolerance=2.0,
        )
        for profile in ("als_standard", "mdd")
    ]  # fmt: skip
    bare = ground()
    with_networks = replace(bare, targets=tuple(wanted))
    courses = Simulated(with_networks, pool).courses(Candidate(bare.preset))
    met = []
    for target in wanted:
        value = float(np.median(observe(target, courses)))
        met.append(replace(target, low=value, high=value))
    return replace(bare, targets=(*bare.targets, *met))


@pytest.fixture(scope="module")
def sliced(here, pool, tmp_path_factory) -> Slices:
    return slices(here, 2, pool, tmp_path_factory.mktemp("kept"), quiet)


def test_a_slice_is_lowest_where_the_truth_is(here, sliced):
    table = sliced.tables["corruption_sd"]
    true = here.preset.constants["corruption_sd"]
    assert list(sliced.tables) == ["corruption_sd"]
    assert table["value"].is_monotonic_increasing
    assert {SD.low, true, SD.high} < set(table["value"])
    at_truth = table.loc[table["value"] == true, "loss"].item()
    assert at_truth == 0.0
    assert table.loc[table["value"] != true, "loss"].min() > 0.0


def test_a_slice_is_kept(here, sliced, pool, tmp_path, monkeypatch):
    first = slices(here, 1, pool, tmp_path, quiet)
    monkeypatch.setattr(module, "simulated", pytest.fail)
    again = slices(here, 1, pool, tmp_path, quiet)
    table = first.tables["corruption_sd"]
    pd.testing.assert_frame_equal(table, again.tables["corruption_sd"])
    assert first.allowed == again.allowed == sliced.allowed
    both = table.merge(sliced.tables["corruption_sd"], on="value")
    assert (both["loss_x"] == both["loss_y"]).all()
    assert len(both) == len(table)


def test_profiles_that_a_value_leaves_alone_are_not_computed_again(here, pool, monkeypatch):
    computed = []

    def watched(candidate, wanted, *more):
        computed.append(list(wanted))
        return trial.simulated(candidate, wanted, *more)

    monkeypatch.setattr(module, "simulated", watched)
    networks = Simulated(here, pool)
    own = Parameter("own", parse_path("mdd.vulnerability.output"), 0.1, 2, "log", None, (), "networks")  # noqa: E501 # fmt: skip
    moved = Space((own,)).apply(here.preset, {"own": 1.7})
    first = networks.courses(Candidate(here.preset))
    second = networks.courses(moved)
    assert computed == [["als_standard", "mdd"], ["mdd"]]
    for scenario, courses in first.items():
        same = (courses["nfl_proxy"] == second[scenario]["nfl_proxy"]).all()
        assert same == (scenario.profile == "als_standard")


def test_what_counts_is_solved_again_where_a_value_moves_it(here):
    rates = Parameter(
        "penalty", parse_path("constants.regrowth_penalty"), 0.03, 1, "log", None, (), "networks"
    )
    space = Space((*(p for p in SPACE.parameters if p.name != "corruption_sd"), rates))
    moved = module._solved(replace(here, space=space), {"penalty": 0.5})
    assert moved["penalty"] == 0.5
    assert set(moved) > {"penalty"}
    assert module._solved(here, {"corruption_sd": 0.07}) == {"corruption_sd": 0.07}


def test_what_chance_does_counts_as_fitting_as_well(here, pool, tmp_path, monkeypatch):
    by_targets = slices(here, 0, pool, tmp_path / "calm", quiet).allowed
    assert by_targets == module.allowed_worsening([target.weight for target in here.weighted])
    scattered = iter([0.5, 0.9, 0.1])
    monkeypatch.setattr(module, "_loss", lambda *_: next(scattered))
    wide = slices(here, 0, pool, tmp_path / "chaos", quiet).allowed
    # two standard deviations of the difference of two
    assert wide == pytest.approx(2 * np.sqrt(2) * np.std([0.5, 0.9, 0.1], ddof=1))
    assert wide > by_targets


def test_values_a_hair_away_stay_within_their_bounds():
    at_top = Parameter("x", (), 0.01, 1.0, "log", None, (), "networks")
    inside = Parameter("y", (), 0.0, 0.1, "linear", 0.05, (), "networks")
    points = list(hairs([at_top, inside], {"x": 1.0, "y": 0.05}))
    assert len({point["x"] for point in points}) == len(points) == 2
    for point in points:
        assert 0.999 < point["x"] < 1.0
        assert 0.05 < point["y"] < 0.0501


def test_without_two_losses_chance_is_unknown():
    assert told_from_chance([0.3]) == told_from_chance([0.3, float("nan")]) == 0.0


@pytest.mark.parametrize(
    ("edge", "values", "wanted"),
    [
        # nothing gets worse: the end, then halves towards it
        (9.0, 3, [1.0, 0.1, 0.316228]),
        # the end is worse, the middle is not, what lies between is
        (0.2, 3, [1.0, 0.1, 0.316228]),
        # so is the middle: on towards the best
        (0.05, 3, [1.0, 0.1, 0.0316228]),
        (0.05, 1, [1.0]),
        (0.05, 0, []),
    ],
)
def test_a_side_is_halved_towards_where_the_loss_gets_worse(edge, values, wanted):
    parameter = Parameter("x", (), 0.01, 1.0, "log", None, (), "networks")
    found = {0.01: 0.0}
    asked = []

    def loss_at(value):
        asked.append(value)
        return float(value > edge)

    _follow(parameter, 0.01, 1.0, values, 0.5, found, loss_at)
    assert asked == pytest.approx(wanted)
    assert len(found) == 1 + len(wanted)


def test_a_grid_too_coarse_to_halve_ends_a_side():
    parameter = Parameter("x", (), 0.0, 0.1, "linear", 0.1, (), "networks")
    found = {0.0: 0.0}
    _follow(parameter, 0.0, 0.1, 9, 0.5, found, lambda value: 10 * value)
    assert found == {0.0: 0.0, 0.1: 1.0}


def test_what_the_rules_refuse_has_no_loss(here, pool, tmp_path):
    """A vulnerability past its bound is refused; the slice goes on."""
    wide = Parameter(
        "far", parse_path("mdd.vulnerability.output"), 0.1, 1e9, "log", None, (), "networks"
    )
    space = Space((*(p for p in SPACE.parameters if p.name != "corruption_sd"), wide))
    table = slices(replace(here, space=space), 1, pool, tmp_path, quiet).tables["far"]
    assert np.isnan(table["loss"].iloc[-1])
    assert np.isfinite(table["loss"].iloc[0])


def test_tables_take_slices_before_trials(here, pool, tmp_path):
    trials = Evaluations(tmp_path, SPACE, ())
    trials.open()
    point = {"regrowth_share": 0.1, "pruning_slope": 0.1, "rates": 0.07, "corruption_sd": 0.06}
    trials.keep([Evaluation(0, "networks", point, 0.2, "complete", "", ())])
    write_sensitivity(tmp_path, here, pool, Extent(2, 0, 1, Plan(3, 0)))
    ranges = pd.read_csv(tmp_path / "tables" / "ranges.csv").set_index("name")
    row = ranges.loc["corruption_sd"]
    assert (row["method"], row["verdict"], row["trials"]) == ("slice", "identified", 3)
    assert row["best"] == here.preset.constants["corruption_sd"]
