"""Circuit, twin differences and the map of ranks show the run's numbers."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from synaprune.figures import Material, circuit, rank_map, single_readout, twins
from synaprune.figures.circuit_state import LayerState, circuit_state, telling_scene
from synaprune.figures.sheet import Sheet
from synaprune.figures.words import READOUT


@pytest.fixture(scope="module")
def twin_figure(material):
    return twins.planned(material).make()


def test_twin_differences_are_paired_with_a_t_interval(twin_figure, paper_run, artist):
    frame = paper_run.to_frame()
    last = frame[(frame.cycle == 29) & (frame.profile == "mdd")]
    wide = last.pivot(index="patient", columns="arm", values="motor_integrity_percent")
    paired = wide["ketamine_late"] - wide["untreated"]
    expected = stats.ttest_1samp(paired, 0).confidence_interval(0.95)
    name = "motor_integrity_percent-end-mdd-ketamine_late"
    assert artist(twin_figure, f"mean-{name}").get_xdata()[0] == pytest.approx(paired.mean())
    interval = artist(twin_figure, f"interval-{name}").get_xdata()
    assert list(interval) == pytest.approx([expected.low, expected.high])
    ticks = artist(twin_figure, f"patients-{name}").get_xdata()
    assert sorted(ticks[::3]) == pytest.approx(sorted(paired))


def test_the_functional_score_is_also_averaged_over_the_course(twin_figure, paper_run, artist):
    frame = paper_run.to_frame()
    mean = frame[frame.profile == "mdd"].groupby(["arm", "patient"]).alsfrs_r_proxy.mean()
    expected = (mean["riluzole_early"] - mean["untreated"]).mean()
    mark = artist(twin_figure, "mean-alsfrs_r_proxy-course-mdd-riluzole_early")
    assert mark.get_xdata()[0] == pytest.approx(expected)


def test_every_treatment_and_profile_is_named(twin_figure, material, words):
    text = words(twin_figure)
    for title in (*material.profiles.values(), *material.arm_titles.values()):
        assert (title in text) == (title != "Untreated")
    assert "95 % t interval" in text


def test_one_profile_looks_the_same_alone_as_among_the_others(twin_figure, material, artist, words):
    planned = twins.planned(material, ("mdd",))
    alone = planned.make()
    text = words(alone)
    assert "Depression" in text
    assert "Standard ALS" not in text
    assert "Scales differ" not in text
    assert "in depression" in planned.caption
    name = "mean-motor_integrity_percent-end-mdd-ketamine_late"
    one, among = artist(alone, name).axes, artist(twin_figure, name).axes
    assert one.get_xlim() == among.get_xlim()


def test_the_caption_names_the_best_difference_even_where_another_is_larger(own):
    frame = own.readouts.copy()
    for arm, lost in (("nothing", 0.0), ("mine", 1.0), ("both", 9.0), ("riluzole", 5.0)):
        frame.loc[frame["arm"] == arm, "motor_integrity_percent"] = 50.0 - lost
    worse = replace(own, readouts=frame, _courses={})
    seen = twins.seen(worse, ["mild_form"])
    assert seen.startswith("The best difference in motor integrity (points of %) in ")
    assert ": mine −1.0 " in seen


@given(st.floats(0, 1e3), st.floats(0.01, 1e3), st.booleans())
def test_ticks_of_narrow_scales_are_few_and_inside(below, above, turned):
    low, high = (-above, below) if turned else (-below, above)
    ticks = twins.few_ticks(low, high)
    assert 2 <= len(ticks) <= 4
    assert all(low < tick < high for tick in ticks)
    assert np.diff(ticks).min() >= 0.29 * (high - low)


def test_labels_of_neighbouring_scales_do_not_meet(twin_figure):
    twin_figure.canvas.draw()
    rows = {}
    for ax in twin_figure.axes:
        rows.setdefault(round(ax.get_position().y0, 6), []).extend(
            label.get_window_extent() for label in ax.get_xticklabels()
        )
    assert len(rows) == 6
    for labels in rows.values():
        labels.sort(key=lambda box: box.x0)
        assert all(one.x1 < after.x0 for one, after in pairwise(labels))


@pytest.mark.parametrize("profile", ["mdd", "als_standard"])
def test_the_largest_difference_of_a_readout_may_be_a_loss(material, profile):
    ends = {
        arm: np.mean(material.course(profile, arm, "depression_score")[:, -1]
                     - material.course(profile, "untreated", "depression_score")[:, -1])
        for arm in material.treated
    }  # fmt: skip
    largest = max(ends, key=lambda arm: abs(ends[arm]))
    assert ends[largest] < 0
    seen = single_readout.planned(material, profile, "depression_score").seen
    title = material.arm_titles[largest]
    assert seen.endswith(f"with {title[:1].lower()}{title[1:]}.")


def test_a_readout_and_a_profile_of_one_name_are_told_apart(material):
    planned = single_readout.planned(material, "mdd", "depression_score")
    assert planned.title == "Depression in the profile depression"


def test_one_patient_has_no_interval(make_run, artists):
    figure = twins.planned(Material.of_run(make_run(patients=1))).make()
    assert artists(figure, "mean")
    assert not artists(figure, "interval")
    assert not artists(figure, "patients")


def _cells(*ranks: tuple[float, float, bool]) -> pd.DataFrame:
    """One row of the map: rank, published minus median, inside the band."""
    rows = [
        {"profile": "mdd", "treatment": "untreated", "column": readout, "rank": rank,
         "published": 50 + above, "median": 50.0, "inside_95": inside}
        for readout, (rank, above, inside) in zip(READOUT, ranks, strict=False)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_a_cell_is_darker_the_further_its_rank_is_from_the_middle(artist):
    figure = rank_map.figure(_cells((0.5, 0, True), (0.7, 1, True), (0.1, -1, True)))
    light = artist(figure, "ranks").get_facecolors()[:, 0]
    assert light[0] == 1 > light[1] > light[2]


def test_a_tick_stands_where_the_rank_is(artist):
    figure = rank_map.figure(_cells((0.5, 0, True), (0.25, -1, True), (1.0, 1, False)))
    boxes = [path.vertices[:, 0] for path in artist(figure, "ranks").get_paths()]
    at = [segment[0][0] for segment in artist(figure, "ticks").get_segments()]
    share = [(x - box.min()) / np.ptp(box) for x, box in zip(at, boxes, strict=True)]
    assert share[:2] == pytest.approx([0.5, 0.25])
    assert 0.9 < share[2] < 1


def test_a_number_outside_the_band_has_a_sign(artists):
    figure = rank_map.figure(_cells((0.5, 0, True), (0.0, -1, False), (1.0, 1, False)))
    signs = [text.get_text() for text in artists(figure, "sign")]
    assert signs == [rank_map.BELOW, rank_map.ABOVE]


def test_the_map_has_every_scenario_and_readout(material, artist, artists, words):
    numbers = material.comparison.published_network
    last = numbers[(numbers.cycle == 29) & numbers.column.isin(READOUT)]
    figure = rank_map.planned(material, material.comparison).make()
    assert len(artist(figure, "ranks").get_paths()) == len(last) == 42 * 15
    assert len(artists(figure, "sign")) == (~last.inside_95).sum() > 0
    for title in (*material.profiles.values(), *material.arm_titles.values()):
        assert title in words(figure)


def test_the_caption_of_the_map_counts_what_is_inside(material):
    caption = rank_map.planned(material, material.comparison).caption
    assert "42 scenarios by 15 readouts at the final cycle" in caption
    share = material.comparison.summary["published_network"]["share_inside"]
    assert f"{100 * share:.1f} % of the 28,980 numbers of the published network lie" in caption


def test_the_state_of_the_circuit_is_the_median(material, paper_run):
    layers = paper_run.to_frame("layers")
    rows = layers[(layers.profile == "als_limb") & (layers.arm == "untreated")
                  & (layers.cycle == 4) & (layers.layer == "bulbar")]  # fmt: skip
    state = circuit_state(material, "als_limb", "untreated", 4)["bulbar"]
    assert state.sparsity == pytest.approx(rows.sparsity_percent.median() / 100)
    assert state.aggregate == pytest.approx(rows["aggregate"].median())
    assert state.noise == pytest.approx(rows.noise.median())


def _draw(state):
    sheet = Sheet(175, 44)
    ax = sheet.panel(0, 0, 175, 44)
    circuit.draw_circuit(ax, dict.fromkeys(circuit.COLUMNS, state))
    return sheet.figure


def test_the_picture_shows_what_is_lost(artist, words):
    intact = _draw(LayerState(0.0, 0.0, 0.0))
    pruned = _draw(LayerState(0.9, 2.0, 2.0))

    def height(figure):
        return np.ptp(artist(figure, "band-bulbar").get_path().vertices[1:4, 1]), np.ptp(
            artist(figure, "band-upper_motor").get_path().vertices[:, 1]
        )

    assert height(pruned)[1] == pytest.approx(0.1 * height(intact)[1])

    def light(figure):
        return sum(artist(figure, "layer-bulbar").get_facecolor()[:3])

    assert light(intact) > 1.5 > light(pruned)
    assert artist(intact, "layer-bulbar").get_hatch() is None
    assert len(artist(pruned, "layer-bulbar").get_hatch()) == 8
    assert "90 %" in words(pruned)
    assert "speech, swallowing" in words(pruned)


def test_the_scene_is_where_arms_differ_most(material):
    scene = telling_scene(material)
    assert scene.profile == "als_standard"
    assert scene.arms[0] == "untreated"
    apart = [
        abs(np.median(material.course("als_standard", scene.arms[0], "total_sparsity_percent")
                      - 0, axis=0)
            - np.median(material.course("als_standard", arm, "total_sparsity_percent"), axis=0))
        for arm in material.treated
    ]  # fmt: skip
    assert apart[material.treated.index(scene.arms[1])][scene.cycle] == np.max(apart)
    assert telling_scene(material, "mdd").profile == "mdd"


def test_a_circuit_alone_differs_from_nothing(material, make_run):
    alone = Material.of_run(make_run(arms={"nothing": []}))
    assert "at cycle 29 (month 43.5), the final cycle. A column" in circuit.planned(alone).caption
    assert "the cycle at which the arms shown differ most" in circuit.planned(material).caption
