"""What is taken away by clicking is the run, and its study file gives the same bytes again."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from xml.etree import ElementTree

import pandas as pd
import pytest
from test_app_browser import SHOWN, run_in_address

import synaprune
from synaprune.report import build_report

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def computed(tab, runs):
    """A page that has just computed a run, and the run."""
    page = tab()
    page.wait_for_selector(".empty")
    page.fill("#name", "taken-away")
    page.fill("#seed", "11")
    page.click("#run")
    run = run_in_address(page)
    page.wait_for_selector(SHOWN)
    return page, synaprune.load_run(runs / run)


def taken(page, words: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.click(f"#files a:has-text('{words}')")
    with open(download.value.path(), "rb") as file:
        return download.value.suggested_filename, file.read()


def test_every_file_that_is_clicked_holds_the_run(computed):
    page, run = computed
    for words, table in (("Readouts (CSV)", "readouts"), ("Layers (CSV)", "layers")):
        name, content = taken(page, words)
        assert name == f"{run.folder.name}-{table}.csv"
        found = pd.read_csv(BytesIO(content))
        pd.testing.assert_frame_equal(found, run.to_frame(table), check_dtype=False, rtol=1e-12)

    page.select_option("[data-view=readout]", "motor_integrity_percent")
    page.wait_for_selector("#files a[href*='motor_integrity_percent']")
    name, content = taken(page, "This figure (SVG)")
    assert name == f"{run.folder.name}-motor_integrity_percent-als_standard.svg"
    figure = ElementTree.fromstring(content)  # noqa: S314 - our own file
    assert figure.tag == f"{SVG}svg"
    drawn = {element.get("id") for element in figure.iter(f"{SVG}g")}
    assert {"median-untreated", "median-riluzole_continuous"} <= drawn

    name, content = taken(page, "Report (HTML)")
    assert name == f"{run.folder.name}-report.html"
    assert content.decode() == build_report(run)


def test_the_study_file_gives_the_same_bytes_on_the_command_line(computed, tmp_path):
    page, run = computed
    name, content = taken(page, "Study file (YAML)")
    (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-m", "synaprune", "run", name, "--out", "again"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    again = synaprune.load_run(tmp_path / "again")
    assert again.manifest.study_sha256 == run.manifest.study_sha256
    assert len(again.manifest.blocks) == len(run.manifest.blocks) > 0
    for block in run.manifest.blocks:
        there = (run.folder / "blocks" / block).read_bytes()
        assert (again.folder / "blocks" / block).read_bytes() == there
