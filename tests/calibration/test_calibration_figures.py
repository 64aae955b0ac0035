"""Figures of a calibration: what stands where, and captions that say of what."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from made_up_calibration import (
    POINTS,
    RANGES,
    SCREENING,
    examined,
    fit,
    made_up_calibration,
    verified,
)
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from synaprune.calibration.figures import (
    claims,
    correlations,
    effects,
    figures_of,
    ranges,
    screened,
    search,
    targets,
)
from synaprune.calibration.findings.folder import Findings
from synaprune.calibration.targets.loading import paper_targets
from synaprune.calibration.targets.target import TABLE3


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Findings:
    return Findings.read(made_up_calibration(tmp_path_factory.mktemp("bare")))


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Findings:
    folder = made_up_calibration(tmp_path_factory.mktemp("whole"))
    return Findings.read(examined(verified(folder)))


def named(figure: Figure, name: str) -> Artist:
    (found,) = figure.findobj(lambda artist: artist.get_gid() == name)
    return found


def names(figure: Figure) -> set[str]:
    return {a.get_gid() for a in figure.findobj(lambda artist: artist.get_gid() is not None)}


def words(figure: Figure) -> list[str]:
    texts = figure.findobj(lambda artist: hasattr(artist, "get_text"))
    return [text.get_text() for text in texts if text.get_text()]


def rows(offs: dict[str, float]) -> pd.DataFrame:
    known = {target.name: target for target in paper_targets()}
    found = []
    for name, off in offs.items():
        met = fit(known[name], off)
        found.append(
            vars(known[name]) | {"estimate": met.estimate, "lower": met.lower, "upper": met.upper,
                                 "residual": met.residual}
        )  # fmt: skip
    return pd.DataFrame(found)


def test_a_folder_has_the_figures_that_it_has_numbers_for(bare, whole):
    assert [f.name for f in figures_of(bare)] == ["targets", "claims", "search", "correlations"]
    assert [f.name for f in figures_of(whole)] == [
        "targets", "claims", "search", "sensitivity", "ranges", "correlations",
    ]  # fmt: skip


def test_captions_carry_trials_patients_and_seeds(bare, whole):
    origin = (
        "16 trials without networks and 24 trials with networks; 4 patients with networks and 256 "
        "counted, seed 1; search seed 1."
    )
    for planned in figures_of(bare):
        assert planned.caption.endswith(origin)
    shown = {planned.name: planned for planned in figures_of(whole)}
    assert shown["targets"].caption.endswith("5 fresh patients, seed 7.")
    assert shown["ranges"].caption.endswith(
        f"in 2 passes; at most 2 values on each side of a slice; {origin}"
    )
    assert "seed 3" in shown["sensitivity"].caption
    assert "40 trajectories without and 2 with networks" in shown["sensitivity"].caption


def test_captions_count(bare, whole):
    shown = {planned.name: planned for planned in figures_of(whole)}
    before = {planned.name: planned for planned in figures_of(bare)}
    assert before["targets"].seen == "130 of 130 medians are within tolerance."
    assert "2 failed" in before["search"].seen
    assert shown["sensitivity"].seen == (
        "Counted readouts: 1 constants move the loss by more than other patients do, most of all "
        "pruning slope. All readouts: 1 constants move the loss by more than other patients do, "
        "most of all flare threshold."
    )
    assert shown["ranges"].seen == (
        "Of 4 constants 1 are identified within the searched range and 1 are free."
    )


def test_a_target_is_drawn_in_tolerances():
    name = "mdd.untreated.depression_score"
    figure = targets.figure(rows({name: 2.0}))
    assert named(figure, f"median-{name}").get_xdata() == pytest.approx([2.0])
    assert named(figure, f"band-{name}").get_xdata() == pytest.approx([1.0, 3.0])
    zone = named(figure, f"zone-{name}")
    assert (zone.get_x(), zone.get_width()) == pytest.approx((-1.0, 2.0))
    assert "30.7 → 32.7" in words(figure)


def test_what_is_far_away_is_said_not_drawn():
    name = "mdd.untreated.depression_score"
    figure = targets.figure(rows({name: 20.0}))
    assert f"median-{name}" not in names(figure)
    (said,) = figure.findobj(lambda artist: getattr(artist, "get_text", str)() == "30.7 → 50.7")
    assert said.get_weight() == "bold"


def test_an_open_side_is_open():
    figure = claims.figure(rows({"als_preclinical": 3.0}))
    zone = named(figure, "zone-als_preclinical")
    assert (zone.get_x(), zone.get_x() + zone.get_width()) == pytest.approx((-1.0, 6.0))
    assert "at least 94.00 → 94.75" in words(figure)
    assert "Accuracy, lowest 0-5: Standard ALS, untreated" in words(figure)


def test_a_difference_says_what_is_subtracted():
    figure = claims.figure(rows({"limb_gains_more": 0.0}))
    assert (
        "Motor integrity, at the end: Limb-onset ALS − Bulbar-onset ALS, ketamine maintenance − "
        "untreated" in words(figure)
    )


def test_the_best_so_far_never_rises(bare):
    figure = search.figure(bare.trials)
    for stage, count in (("counts", 16), ("networks", 24)):
        best = np.asarray(named(figure, f"best-{stage}").get_ydata())
        assert len(best) == count
        assert (np.diff(best) <= 0).all()
        assert best[-1] == bare.trials[bare.trials["stage"] == stage]["loss"].min()
        (failed,) = [len(named(figure, f"failed-{stage}").get_segments())]
        assert failed == 1


def test_what_is_not_above_the_floor_is_hollow():
    figure = screened.figure(SCREENING)
    assert named(figure, "effect-pruning_slope").get_markerfacecolor() != "white"
    assert named(figure, "effect-sparsity_wall").get_markerfacecolor() == "white"
    assert "effect-corruption_sd" not in names(figure)


def test_a_curve_and_its_range():
    drawn = RANGES[RANGES["best"].notna()]
    figure = ranges.figure(POINTS, drawn)
    curve = named(figure, "curve-pruning_slope")
    assert curve.get_xdata() == pytest.approx([0.03, (0.08 * 0.15) ** 0.5, 0.25])
    assert curve.get_ydata() == pytest.approx([0.13, 0.1, 0.13])
    assert "bounded above" in words(figure)
    low, high = figure.axes[0].get_xlim()
    assert low < min(curve.get_xdata())  # so that marks on the bounds are whole
    assert high > max(curve.get_xdata())
    figure.canvas.draw()
    sheet = figure.bbox
    for text in figure.texts:
        place = text.get_window_extent()
        assert place.x0 >= sheet.x0, text.get_text()
        assert place.x1 <= sheet.x1, text.get_text()


def test_correlations_by_hand():
    trials = pd.DataFrame({"a": [1, 2, 3, 4], "b": [10, 30, 40, 99], "c": [4, 3, 2, 1],
                           "d": [7, 7, 7, 7]})  # fmt: skip
    table = correlations.rank_correlations(trials, ["a", "b", "c", "d"])
    assert list(table) == ["a", "b", "c"]
    assert table.loc["a", "b"] == pytest.approx(1.0)
    assert table.loc["a", "c"] == pytest.approx(-1.0)
    figure = correlations.figure(table)
    assert named(figure, "correlation-c-a").get_markerfacecolor() == "white"
    assert named(figure, "correlation-b-a").get_markerfacecolor() != "white"
    assert correlations.seen(table) == "The strongest: a and b (+1.00)."


def test_good_trials_are_the_finished_ones_with_the_lowest_loss():
    trials = pd.DataFrame({"loss": [float(n) for n in range(100)], "status": "complete"})
    trials.loc[0, "status"] = "stopped"
    good = correlations.good_trials(trials)
    assert good["loss"].tolist() == [float(n) for n in range(1, 21)]


def test_the_zone_of_an_effect_is_its_chance_limit():
    row = {"name": "e", "profile": "mdd", "treatment": "ketamine_every_5",
           "readout": "nfl_proxy", "paper_low": -4.4, "mean": 1.0, "lower": 0.5,
           "upper": 1.5, "chance_limit": 3.0}  # fmt: skip
    figure = effects.figure(pd.DataFrame([row]))
    zone = named(figure, "chance-e")
    assert (zone.get_x(), zone.get_width()) == pytest.approx((-3.0, 6.0))
    assert named(figure, "interval-e").get_xdata() == pytest.approx([0.5, 1.5])
    assert named(figure, "paper-e").get_xdata() == pytest.approx([-4.4])


def test_nobodys_settings_are_touched(bare):
    before = dict(mpl.rcParams)
    for planned in figures_of(bare):
        planned.make()
    assert dict(mpl.rcParams) == before


def test_targets_of_the_table_and_others_are_kept_apart(bare):
    assert (bare.fitted["source"] == TABLE3).sum() == 130
    assert set(paper_targets()) == set(bare.targets)
