"""No page breaks a rule of axe: empty, under way, with a result, and the report.

Each is checked light and dark, wide and narrow. The rules are all that axe has switched on:
WCAG at levels A and AA, and its best practices.
"""

from __future__ import annotations

import pytest

from made_up_run import made_up_run, own_study
from synaprune.report import build_report

#: Beside what axe switches on by itself, the size of what is pressed (WCAG 2.2 AA).
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
ARMS = {"untreated": [], "riluzole_continuous": "riluzole_continuous"}
SIZES = ({"width": 1280, "height": 900}, {"width": 400, "height": 800})


@pytest.fixture(scope="session")
def broken_rules():
    """List rules that a page breaks, in every size and colour scheme."""
    engine = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(page) -> list[str]:
        found = []
        for size in SIZES:
            page.set_viewport_size(size)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                for rule in engine.run(page, options=RULES).response["violations"]:
                    where = [node["target"][0] for node in rule["nodes"]][:5]
                    found.append(f"{size['width']} {scheme}: {rule['id']} at {where}")
        return found

    return check


def test_the_empty_page(tab, broken_rules):
    page = tab()
    page.wait_for_selector(".empty")
    assert broken_rules(page) == []


def test_the_page_with_everything_open(tab, broken_rules):
    page = tab()
    page.wait_for_selector(".empty")
    page.click("#own-arm")
    page.click("#constants > summary")
    for group in page.locator("#constants .group > summary").all():
        group.click()
    page.fill("#constant-flare_probability", "0.25")
    page.fill("#patients", "none")
    page.click("#run")
    page.wait_for_selector("#problem_with_what_was_asked .problem")
    assert broken_rules(page) == []


def test_the_page_while_a_run_is_computed(tab, broken_rules):
    page = tab()
    page.wait_for_selector(".empty")
    page.fill("#name", "watched")
    page.fill("#patients", "200")
    page.click("#run")
    page.wait_for_selector("progress")
    assert broken_rules(page) == []
    assert page.locator("progress").count() == 1
    page.click("[data-send=cancel]")
    page.wait_for_selector("text=Cancelled; what was done is kept.")
    assert broken_rules(page) == []


def test_the_page_with_a_result(tab, broken_rules):
    page = tab("?run=paper")
    page.wait_for_selector("#ends-title")
    page.wait_for_selector("#c0-bulbar-share")
    page.focus("#course .mark")
    page.wait_for_selector(".read-out strong")
    assert broken_rules(page) == []


def test_the_report(browser, broken_rules, tmp_path):
    page = browser.new_page()
    page.set_content(
        build_report(made_up_run(tmp_path / "run", own_study(arms=ARMS, profiles=["als_standard"])))
    )
    assert broken_rules(page) == []
    page.close()
