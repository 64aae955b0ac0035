"""Figures of courses: lines and bands are the patients' quantiles, and nothing is left unsaid."""

from dataclasses import replace

import numpy as np
import pytest

from synaprune.figures import as_bytes, functional_decline, respiratory_risk, subtype_layers
from synaprune.figures.course import course_figure
from synaprune.figures.functional_decline import ARMS
from synaprune.figures.overview import figure as overview
from synaprune.figures.side_by_side import side_by_side
from synaprune.figures.style import INK
from synaprune.paper import published_network
from synaprune.paper.claim import catalogue


@pytest.fixture(scope="module")
def decline(material):
    return functional_decline.planned(material).make()


def by_cycle(run, profile, arm, readout):
    """Rows of the tidy frame by cycle, the slow and plain way."""
    frame = run.to_frame()
    return frame[(frame.profile == profile) & (frame.arm == arm)].groupby("cycle")[readout]


@pytest.mark.parametrize("arm", ARMS)
def test_lines_and_bands_are_quantiles_of_the_frame(decline, paper_run, artist, arm):
    values = by_cycle(paper_run, "als_standard", arm, "alsfrs_r_proxy")
    for where in (f"all/{arm}", arm):
        line = artist(decline, f"median-{where}")
        assert np.array_equal(line.get_xdata(), np.arange(30))
        assert np.allclose(line.get_ydata(), values.median())
        for kind, low, high in (("outer", 0.025, 0.975), ("inner", 0.25, 0.75)):
            (path,) = artist(decline, f"{kind}-{where}").get_paths()
            for cycle in (0, 8, 29):
                edges = path.vertices[path.vertices[:, 0] == cycle, 1]
                assert np.isclose(edges.min(), values.quantile(low)[cycle])
                assert np.isclose(edges.max(), values.quantile(high)[cycle])


def test_single_patients_are_hairlines(decline, paper_run, artist, artists):
    assert len(artists(decline, "patient")) == 5 * len(ARMS)
    frame = paper_run.to_frame()
    one = frame[(frame.profile == "als_standard") & (frame.arm == "untreated")
                & (frame.patient == 3)]  # fmt: skip
    assert np.array_equal(artist(decline, "patient3-untreated").get_ydata(), one.alsfrs_r_proxy)


def test_many_patients_are_bands_only(make_run, artists):
    from synaprune.figures import Material

    many = Material.of_run(make_run(patients=20, cycles=12))
    figure = course_figure(many, "als_standard", "nfl_proxy")
    assert not artists(figure, "patient")
    assert len(artists(figure, "outer")) == 2 * 4


def test_chance_is_drawn_and_named_where_the_task_matters(decline, material, artists, words):
    lines = artists(decline, "chance")
    assert len(lines) == 1 + len(ARMS)
    assert {float(line.get_ydata()[0]) for line in lines} == {12.0}
    assert {line.get_linestyle() for line in lines} == {":"}
    assert words(decline).count("chance 12") == 1 + len(ARMS)
    accuracy = course_figure(material, "als_standard", "accuracy_percent", ["untreated"])
    assert {float(line.get_ydata()[0]) for line in artists(accuracy, "chance")} == {25.0}
    assert not artists(course_figure(material, "mdd", "nfl_proxy", ["untreated"]), "chance")


def test_published_ends_are_hollow_diamonds_with_their_number(decline, artist, words):
    published = {"untreated": 11.8, "riluzole_continuous": 12.2, "ketamine_every_5": 12.4,
                 "ketamine_maintenance": 13.6}  # fmt: skip
    for arm, value in published.items():
        mark = artist(decline, f"published-{arm}")
        assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (29, value)
        assert (mark.get_marker(), mark.get_markerfacecolor()) == ("D", "white")
        assert words(decline).count(f"{value}") >= 2
        assert f"◇ {value}" in words(decline)


def test_the_published_network_is_one_dark_line_in_each_panel_and_named_once(
    decline, artists, words
):
    readouts, _, _ = published_network()
    lines = {line.get_gid(): line for line in artists(decline, "network-")}
    assert set(lines) == {f"network-{arm}" for arm in ARMS}
    for arm in ARMS:
        rows = readouts[(readouts.profile == "als_standard") & (readouts.arm == arm)]
        line = lines[f"network-{arm}"]
        assert line.get_ydata() == pytest.approx(rows.alsfrs_r_proxy)
        assert line.get_linewidth() < 1
        assert line.get_color() == INK
    assert words(decline).count("published network") == 1


def test_the_published_layers_run_through_the_bands_of_layers(material, artists):
    _, layers, _ = published_network()
    figure = subtype_layers.figure(material)
    lines = {line.get_gid(): line for line in artists(figure, "network-")}
    assert set(lines) == {f"network-{layer}" for layer in subtype_layers.LAYERS}
    rows = layers[(layers.profile == "als_bulbar") & (layers.arm == "untreated")]
    respiratory = rows[rows.layer == "respiratory"].sparsity_percent
    assert lines["network-respiratory"].get_ydata() == pytest.approx(respiratory)


def test_nothing_is_published_for_other_lengths_and_doses(own, make_run, artists):
    from synaprune.figures import Material

    short = Material.of_run(make_run(cycles=12))
    cut = course_figure(short, "als_standard", "alsfrs_r_proxy")
    assert not artists(cut, "published")
    assert not artists(cut, "network")
    figure = course_figure(own, "als_standard", "alsfrs_r_proxy")
    assert {mark.get_gid() for mark in artists(figure, "published")} == {
        "published-nothing",
        "published-riluzole",
    }


def test_every_arm_has_a_marker_of_its_own_and_its_name(decline, material, artists, words):
    lines = artists(decline, "median-all")
    assert len({line.get_marker() for line in lines}) == len(ARMS)
    assert len({line.get_color() for line in lines}) == len(ARMS)
    assert all(line.get_linewidth() * 96 / 72 >= 1.8 for line in lines)
    for arm in ARMS:
        assert material.arm_titles[arm] in words(decline)


def test_flares_and_doses_stand_at_their_cycles(decline, paper_run, artist, artists):
    doses = artist(decline, "doses-ketamine-ketamine_every_5")
    assert list(doses.get_xdata()) == [5, 10, 15, 20]
    assert doses.get_marker() == "^"
    assert not artists(decline, "doses-ketamine-untreated")
    layers = paper_run.to_frame("layers")
    rows = layers[(layers.profile == "als_standard") & (layers.arm == "untreated")]
    share = rows.groupby(["patient", "cycle"]).flare.any().groupby("cycle").mean()
    bars = artist(decline, "flares-untreated").get_segments()
    assert [bar[0][0] for bar in bars] == list(share.index[share > 0])
    heights = np.array([bar[1][1] for bar in bars])
    assert np.allclose(heights / heights.max(), share[share > 0] / share.max())


def test_the_caption_says_what_is_seen(material, paper_run):
    seen = functional_decline.seen(material)
    values = by_cycle(paper_run, "als_standard", "untreated", "alsfrs_r_proxy").median()
    cycle = next(cycle for cycle, value in values.items() if value < 24)
    assert f"untreated at cycle {cycle}" in seen
    assert "where chance is 12." in seen


def test_layers_are_told_by_dash_and_scores_become_sparsity(material, artist, artists):
    figure = subtype_layers.figure(material)
    lines = artists(figure, "median-all")
    assert len({str(line.get_linestyle()) + str(line._dash_pattern) for line in lines}) == 4
    assert len({line.get_color() for line in lines}) == 1
    assert artist(figure, "published-bulbar").get_ydata()[0] == pytest.approx(97.25)
    assert artist(figure, "published-lower_motor").get_ydata()[0] == pytest.approx(96.75)
    assert not artists(figure, "published-respiratory")


def test_the_critical_level_is_named(material, artists, words):
    figure = respiratory_risk.planned(material).make()
    assert [line.get_ydata()[0] for line in artists(figure, "limit")] == [90, 90]
    assert "critical: 90 %" in words(figure)
    assert "Bulbar-onset ALS" in words(figure)


def test_time_has_two_axes(material, words):
    figure = side_by_side(material, ["mdd"], "cognitive_score", ["untreated"])
    (ax,) = figure.axes
    (top,) = ax.child_axes
    as_bytes(figure, "png", "")
    assert ax.get_xlabel() == "Cycle"
    assert top.get_xlabel() == "Month"
    assert list(top.get_xticks()) == [0, 6, 12, 18, 24, 30, 36, 42]
    assert top.get_xlim()[1] == pytest.approx(1.5 * ax.get_xlim()[1])


def test_profiles_with_other_months_count_cycles_alone(material, make_run):
    longer = material.readouts.month.where(
        material.readouts.profile != "mdd", material.readouts.cycle
    )
    mixed = replace(material, readouts=material.readouts.assign(month=longer), _courses={})
    assert (mixed.months("mdd"), mixed.months("als_mdd"), mixed.months()) == (1.0, 1.5, 0.0)
    assert material.months() == 1.5
    together = side_by_side(mixed, ["mdd", "als_mdd"], "cognitive_score", ["untreated"])
    assert not any(ax.child_axes for ax in together.axes)
    alone = side_by_side(mixed, ["mdd"], "cognitive_score", ["untreated"])
    (top,) = alone.axes[0].child_axes
    as_bytes(alone, "png", "")
    assert top.get_xlim()[1] == pytest.approx(alone.axes[0].get_xlim()[1])


def test_a_course_of_one_cycle_has_no_months(make_run):
    from synaprune.figures import Material

    once = Material.of_run(make_run(cycles=1, patients=1, arms={"nothing": []}))
    assert once.months() == 0
    assert not overview(once, "mild_form").axes[1].child_axes


def test_an_own_study_gets_all_arms_and_every_drug_a_row(own, artist, artists, words):
    figure = overview(own, "mild_form")
    for readout in ("alsfrs_r_proxy", "nfl_proxy"):
        line = artist(figure, f"median-{readout}-both")
        course = own.course("mild_form", "both", readout)
        assert np.allclose(line.get_ydata(), np.median(course, axis=0))
    assert list(artist(figure, "doses-ketamine-mine").get_xdata()) == [4, 9]
    rows = [artist(figure, f"doses-{drug}-both") for drug in ("ketamine", "riluzole")]
    assert rows[0].get_ydata()[0] != rows[1].get_ydata()[0]
    assert "Both, riluzole" in words(figure)
    assert "chance 12" in words(figure)


def test_a_published_end_far_from_the_run_is_still_inside(material, artist):
    figure = course_figure(material, "als_standard", "nfl_proxy", ARMS)
    mark = artist(figure, "published-riluzole_continuous")
    low, high = mark.axes.get_ylim()
    assert material.course("als_standard", "riluzole_continuous", "nfl_proxy").max() < 100
    assert low < mark.get_ydata()[0] == 106.4 < high


def test_figure_4_and_the_claims_call_one_risk_critical():
    for claim in ("bulbar_respiratory", "ketamine_delays_respiratory_failure"):
        assert respiratory_risk.critical() == catalogue()[claim].value("critical")
