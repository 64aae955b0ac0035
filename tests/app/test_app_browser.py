"""The explorer in a real browser: ask, watch, cancel, read, take away, reopen."""

from __future__ import annotations

import re
import shutil

import numpy as np

import synaprune
from synaprune.study import load_study

SHOWN = "#files a"
STOPPING = ".under-way:not(:has([data-send=cancel])), #status .problem"


def expect(page, selector: str):
    """Wait for something of an element (the page's own policy allows no expressions)."""
    from playwright.sync_api import expect

    return expect(page.locator(selector))


def run_in_address(page) -> str:
    page.wait_for_url(re.compile(r"\?run="))
    return re.search(r"run=([^&]+)", page.url)[1]


def cell(page, row: int, column: int) -> str:
    return page.inner_text(f"#value-{row}-{column}")


def at_cycle(page, cycle: int) -> None:
    page.locator("#cycle").evaluate(
        "(s, c) => { s.value = c; s.dispatchEvent(new Event('input', {bubbles: true})) }",
        str(cycle),
    )


def test_the_empty_page_says_what_to_do(tab):
    page = tab()
    page.wait_for_selector(".empty")
    assert "press Run" in page.inner_text(".empty")
    assert "Research use only, not for clinical decisions." in page.inner_text("footer")


def test_ask_build_an_arm_run_read_take_away_and_reopen(tab, runs, tmp_path):
    page = tab()
    page.wait_for_selector(".empty")
    page.click("#own-arm")
    arm = page.locator(".arm").last
    arm.locator(".arm-name").fill("mine")
    arm.get_by_role("button", name="Ketamine, cycle 2, month 3").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    arm.get_by_role("button", name="Riluzole, cycle 12, month 18").click()
    assert arm.locator(".summary-doses").inner_text() == "Ketamine × 2, Riluzole × 1"
    page.click("#constants > summary")
    page.locator("#constants .group", has_text="flare_probability").locator("> summary").click()
    page.fill("#constant-flare_probability", "0.25")
    page.click("#run")
    run = run_in_address(page)
    page.wait_for_selector(SHOWN)
    study = load_study(runs / run / "study.yaml")
    expect(page, "#status").to_have_text(f"Finished: {study.name}.")  # heard, not seen
    assert page.locator("#status > *").bounding_box()["width"] == 1
    assert study.resolve().arms["mine"] == {"ketamine": (2, 3), "riluzole": (12,)}
    assert study.constants["flare_probability"] == 0.25
    assert study.circuit["bulbar"] == 6

    frame = synaprune.load_run(runs / run).to_frame()
    at_cycle(page, 7)
    there = frame[(frame["arm"] == "mine") & (frame["cycle"] == 7)]["alsfrs_r_proxy"]
    assert cell(page, 2, 0) == f"{np.median(there):.1f}"
    assert page.inner_text("#cycle-words") == "7 (month 10.5)"
    with page.expect_download() as download:
        page.click("text=Study file (YAML)")
    download.value.save_as(tmp_path / "study.yaml")
    assert (tmp_path / "study.yaml").read_bytes() == (runs / run / "study.yaml").read_bytes()

    page.select_option("[data-view=readout]", "motor_integrity_percent")
    expect(page, "#values caption").to_have_text("Motor integrity (%) at the cycle")
    kept = cell(page, 2, 0)
    again = tab("?" + page.url.partition("?")[2])
    again.wait_for_selector(SHOWN)
    expect(again, "#value-2-0").not_to_be_empty()
    assert again.inner_text("#cycle-words") == "7 (month 10.5)"
    assert cell(again, 2, 0) == kept


def test_a_run_is_watched_cancelled_and_gone_on_with(tab, runs):
    page = tab()
    page.wait_for_selector(".empty")
    page.fill("#name", "long")
    page.fill("#patients", "200")
    page.click("#run")
    run = run_in_address(page)
    page.wait_for_selector("text=left.")
    page.click("[data-send=cancel]")
    page.wait_for_selector("text=Cancelled; what was done is kept.")
    assert not synaprune.load_run(runs / run, partial=True).manifest.complete
    shutil.copytree(runs / run, runs / "twin")  # the same study, first in the list
    page.click("[data-send=resume]")
    page.wait_for_selector("progress")
    assert run_in_address(page) == run
    page.click("[data-send=cancel]")
    page.wait_for_selector("text=Cancelled; what was done is kept.")
    shutil.rmtree(runs / "twin")


def test_clicks_are_answered_at_once_while_a_run_is_computed(tab):
    from explorer_times import ANSWER, CLICKS, answer_seconds

    page = tab()
    page.wait_for_selector(".empty")
    page.fill("#name", "busy")
    page.fill("#patients", "200")
    page.click("#run")
    page.wait_for_selector("text=left.")
    page.fill("#patients", "none")
    for press, appears in CLICKS.values():
        assert answer_seconds(page, press, appears) < ANSWER
    assert page.locator("progress").count() == 1, "still being computed"
    assert answer_seconds(page, "[data-send=cancel]", STOPPING) < ANSWER


def test_what_cannot_be_run_is_said_and_nothing_is_begun(tab, runs):
    page = tab()
    page.wait_for_selector(".empty")
    before = sorted(runs.iterdir())
    page.fill("#patients", "2.9")
    page.click("#run")
    page.wait_for_selector("#problem_with_what_was_asked .problem")
    words = page.inner_text("#problem_with_what_was_asked")
    assert words.startswith("This cannot be run. patients: must be a whole number")
    assert "(got 2.9)" in words
    assert sorted(runs.iterdir()) == before


def test_months_on_the_timeline_are_those_of_the_chosen_profiles(tab):
    page = tab()
    page.wait_for_selector(".empty")
    page.click("#own-arm")
    about = page.locator(".arm").last.locator(".about").last
    dose = page.locator(".arm").last.locator(".dose").nth(2)
    assert about.inner_text() == "Click a cycle to give a dose; a cycle is 1.5 months."
    assert dose.get_attribute("aria-label") == "Ketamine, cycle 2, month 3"
    page.check("[name=profile][value=mdd]")
    assert about.inner_text() == "Click a cycle to give a dose."
    assert dose.get_attribute("aria-label") == "Ketamine, cycle 2"
    page.uncheck("[name=profile][value=als_standard]")
    assert dose.get_attribute("aria-label") == "Ketamine, cycle 2, month 2"


def test_two_tabs_keep_their_own_view(tab):
    one = tab("?run=paper&readout=depression_score&profile=mdd&cycle=3")
    two = tab("?run=paper&readout=alsfrs_r_proxy&profile=als_standard&cycle=20")
    for page in (one, two):
        page.wait_for_selector(SHOWN)
        page.wait_for_selector("#values")
    assert one.inner_text("#values caption") == "Depression (0 to 48) at the cycle"
    assert two.inner_text("#values caption") == "ALSFRS-R proxy (0 to 48) at the cycle"
    assert (one.input_value("#cycle"), two.input_value("#cycle")) == ("3", "20")


def test_choosing_by_keyboard_keeps_its_place(tab):
    page = tab("?run=paper")
    page.wait_for_selector(SHOWN)
    page.focus("[data-view=readout]")
    page.keyboard.press("ArrowDown")
    expect(page, "#values caption").to_have_text("NfL proxy (arbitrary units) at the cycle")
    expect(page, "[data-view=readout]").to_be_focused()


def test_play_moves_the_circuit_to_the_end(tab):
    page = tab("?run=paper&cycle=27")
    page.wait_for_selector("#c0-bulbar-share")
    before = page.inner_html("#circuit")
    page.click("#play")
    expect(page, "#cycle").to_have_value("29")
    expect(page, "#play").to_have_text("Play")
    assert page.inner_html("#circuit") != before
    assert "cycle=29" in page.url


def test_play_ends_where_another_course_is_looked_at(tab):
    page = tab("?run=paper&cycle=3&readout=alsfrs_r_proxy")
    page.wait_for_selector("#c0-bulbar-share")
    page.click("#play")
    expect(page, "#play").to_have_text("Pause")
    page.select_option("[data-view=readout]", "depression_score")
    expect(page, "#values caption").to_have_text("Depression (0 to 48) at the cycle")
    expect(page, "#play").to_have_text("Play")
    stood = page.input_value("#cycle")
    page.wait_for_timeout(1000)
    assert page.input_value("#cycle") == stood
    assert f"cycle={stood}" in page.url
    page.click("#play")
    expect(page, "#play").to_have_text("Pause")
    page.select_option("[data-view=run]", "damaged")
    page.select_option("[data-view=run]", "paper")
    expect(page, "#play").to_have_text("Play")
    page.wait_for_selector(SHOWN)
    assert page.input_value("#cycle") == page.get_attribute("#cycle", "data-first")


def test_a_damaged_run_and_an_unknown_one_are_said_plainly(tab):
    page = tab("?run=damaged")
    page.wait_for_selector("#status .problem")
    assert "damaged, its hash is not the one in the manifest" in page.inner_text("#status")
    page = tab("?run=..")
    page.wait_for_selector("#status .problem")
    assert "run '..': is not the name of a folder below" in page.inner_text("#status")


def test_a_narrow_page_does_not_scroll_sideways(tab):
    page = tab("?run=paper", viewport={"width": 400, "height": 800}, color_scheme="dark")
    page.wait_for_selector(SHOWN)
    page.wait_for_selector("#twins-title")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
