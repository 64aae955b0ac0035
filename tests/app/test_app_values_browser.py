"""Values in the browser: what is pointed at or focused is what the run folder holds."""

from __future__ import annotations

import numpy as np
import pytest

import synaprune


@pytest.fixture
def numbers(runs):
    """Median and bands of an arm at a cycle, straight from the run folder."""
    frame = synaprune.load_run(runs / "paper").to_frame()

    def read(profile, arm, readout, cycle):
        here = (frame.profile == profile) & (frame.arm == arm) & (frame.cycle == cycle)
        quantiles = np.quantile(frame[here][readout], [0.5, 0.25, 0.75, 0.025, 0.975])
        return [f"{edge:.1f}" for edge in quantiles]

    return read


def lines(page, plot: str) -> list[str]:
    page.wait_for_selector(f"{plot} .read-out strong")
    return page.inner_text(f"{plot} .read-out").replace("\N{NO-BREAK SPACE}", " ").splitlines()


def wanted(title, cycle, what, found, *more):
    middle, lower, upper, low, high = found
    return [
        title, f"cycle {cycle} (month {1.5 * cycle:g})", f"{what} {middle} (median)",
        f"50 % of patients {lower} to {upper}", f"95 % of patients {low} to {high}",
        "3 patients", *more,
    ]  # fmt: skip


def point_at(page, selector: str, place: int = 0) -> None:
    """Move the pointer to where a mark is drawn (its first place, or a further one)."""
    mark = page.locator(selector)
    mark.scroll_into_view_if_needed()
    x, y = (float(n) for n in mark.get_attribute("data-at").split()[2 * place : 2 * place + 2])
    box = mark.locator("xpath=ancestor::*[@class='plot']").bounding_box()
    page.mouse.move(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100)


def test_a_curve_is_read_by_pointer_in_both_panels(tab, numbers):
    page = tab("?run=paper&profile=als_standard&readout=alsfrs_r_proxy")
    page.wait_for_selector("#course .mark")
    found = numbers("als_standard", "untreated", "alsfrs_r_proxy", 7)
    told = wanted("Untreated", 7, "ALSFRS-R proxy", found)
    for place in (0, 1):
        point_at(page, "#course .mark[data-row='0'][data-column='7']", place)
        assert lines(page, "#course") == told
        assert page.locator("#course .ring").count() == 2
    assert page.get_attribute("#course .read-out", "aria-live") == "polite"
    page.keyboard.press("Escape")
    assert page.inner_text("#course .read-out") == ""
    point_at(page, "#course .mark[data-row='0'][data-column='8']")
    assert lines(page, "#course")[1] == "cycle 8 (month 12)"
    page.mouse.move(5, 5)
    assert page.inner_text("#course .read-out") == ""


def test_a_curve_is_read_by_keyboard(tab, numbers):
    page = tab("?run=paper&profile=mdd&readout=depression_score")
    page.wait_for_selector("#course .mark")
    page.focus("#course .card")
    page.keyboard.press("Tab")
    assert lines(page, "#course")[:2] == ["Untreated", "cycle 0 (month 0)"]
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    found = numbers("mdd", "ketamine_every_5", "depression_score", 1)
    told = wanted("Ketamine every 5 cycles", 1, "Depression", found)
    assert lines(page, "#course")[:6] == told
    label = page.get_attribute(".mark:focus", "aria-label").replace("\N{NO-BREAK SPACE}", " ")
    assert label.startswith(f"{told[0]}, {told[1]}: {'; '.join(told[2:])}")
    assert page.get_attribute("#course .read-out", "aria-live") == "off"
    assert page.locator("#course .mark[tabindex='0']").count() == 1
    page.keyboard.press("End")
    assert lines(page, "#course")[1] == "cycle 29 (month 43.5)"
    assert "paper 17.2" in lines(page, "#course")
    page.keyboard.press("Tab")
    assert page.inner_text("#course .read-out") == ""


def test_twin_differences_follow_the_profile(tab, runs):
    page = tab("?run=paper&profile=als_standard")
    page.wait_for_selector("#tables .mark")
    assert "in standard ALS" in page.inner_text("#tables figcaption")
    page.select_option("[data-view=profile]", "control")
    page.wait_for_selector("#tables figcaption:has-text('in healthy control')")
    frame = synaprune.load_run(runs / "paper").to_frame()
    end = frame[(frame.profile == "control") & (frame.cycle == 29)]
    end = end.pivot(index="patient", columns="arm", values="depression_score")
    mean = (end["ketamine_early"] - end["untreated"]).mean()
    point_at(page, "#tables .mark[aria-label^='Ketamine early, Depression']")
    told = lines(page, "#tables")
    assert told[:2] == ["Ketamine early", "Depression at the end"]
    assert float(told[2].split()[1].replace("−", "-")) == pytest.approx(mean, abs=0.06)
    assert told[-1] == "3 patients"


def test_a_run_opens_where_its_arms_differ_most(tab, runs):
    page = tab("?run=paper&profile=mdd")
    page.wait_for_selector("#c1-bulbar-mark")
    frame = synaprune.load_run(runs / "paper").to_frame()
    lost = frame[frame.profile == "mdd"].pivot_table(
        index="cycle", columns="arm", values="total_sparsity_percent", aggfunc="median"
    )
    spared = lost.drop(columns="untreated").mean().idxmin()
    assert page.input_value("[data-view=arm]") == spared
    assert int(page.input_value("#cycle")) == (lost["untreated"] - lost[spared]).abs().idxmax()


def test_a_layer_is_read_at_the_cycle_that_is_shown(tab, runs):
    page = tab("?run=paper&profile=mdd&cycle=4")
    page.wait_for_selector("#c0-bulbar-mark")
    page.focus("#c0-bulbar-mark")
    layers = synaprune.load_run(runs / "paper").to_frame("layers")
    for cycle in (4, 5):
        here = (layers.profile == "mdd") & (layers.arm == "untreated") & (layers.cycle == cycle)
        pruned = layers[here & (layers.layer == "bulbar")].sparsity_percent.median()
        told = lines(page, "#circuit")
        assert told[:2] == ["Bulbar", f"untreated, cycle {cycle}"]
        assert told[2] == f"{pruned:.1f} % pruned (median)"
        page.locator("#cycle").evaluate(
            "(s) => { s.value = 5; s.dispatchEvent(new Event('input', {bubbles: true})) }"
        )
