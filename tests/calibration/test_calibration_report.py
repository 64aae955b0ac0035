"""The page of a calibration: self-contained, the same every time, and true to its folder."""

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from made_up_calibration import asked, examined, made_up_calibration, verified

from synaprune.calibration.findings.folder import Findings
from synaprune.calibration.report import tables as report_tables
from synaprune.calibration.report.page import write_report
from synaprune.calibration.report.words import cannot_tell
from synaprune.calibration.search import record
from synaprune.calibration.search.asked import with_forms
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.space import paper_space
from synaprune.errors import InputError
from synaprune.paper.tolerance import SLACK, tolerance

FEW = ("svg",)


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    folder = made_up_calibration(tmp_path_factory.mktemp("bare"))
    write_report(folder, FEW)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = examined(verified(made_up_calibration(tmp_path_factory.mktemp("whole"))))
    write_report(folder, FEW)
    return folder


def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def plain(text: str) -> str:
    """Text of a page without figures, spaces made even."""
    text = re.sub(r"<(svg|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]+>", " ", text)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", text)


def cells(table) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in table.rows}


class Tags(HTMLParser):
    """Tags and ids of a page, and that every element is closed."""

    VOID = ("meta", "br", "path", "use", "circle", "rect", "polyline", "line")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.levels: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self.references += [given["href"]] if given.get("href") else []
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("which", ["bare", "whole"])
def test_it_needs_nothing_but_itself(which, request):
    text = page(request.getfixturevalue(which))
    assert not re.search(r"https?:|@import|<script|<link|<iframe|<object|javascript:", text)
    tags = Tags(text)
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))
    assert tags.references
    assert {reference[1:] for reference in tags.references} <= set(tags.ids)
    assert tags.levels[0] == 1
    assert tags.levels.count(1) == 1
    assert max(b - a for a, b in zip(tags.levels, tags.levels[1:], strict=False)) <= 1


def test_the_same_folder_gives_the_same_bytes(whole):
    before = {p: p.read_bytes() for p in whole.rglob("*") if p.is_file()}
    assert write_report(whole, ()) == whole / "report.html"
    assert before == {p: p.read_bytes() for p in whole.rglob("*") if p.is_file()}


def test_no_time_or_place_is_in_it(whole):
    text = page(whole)
    assert str(whole) not in text
    assert not re.search(r"20\d\d-\d\d-\d\d", text)


def test_it_says_what_was_asked_and_that_it_is_not_verified(bare):
    text = plain(page(bare))
    assert "Find values for 29 constants and 30 base rates (or factors on them)" in text
    assert "177 targets: 130 cells of the paper's Table 3 and 47 sizes" in text
    assert "The values are not verified on fresh patients yet" in text
    assert "Verification on fresh patients" not in text
    assert "Which constants the targets identify has not been examined." in text
    assert text.count("Research use only, not for clinical decisions.") == 2


def test_it_says_what_came_out(whole):
    text = plain(page(whole))
    findings = Findings.read(whole)
    count = findings.comparison.summary["table3"]
    assert (
        f"{count['inside']} of {count['cells']} cells of Table 3 lie inside the 95 % bands there; "
        f"a network with nothing left lies inside {count['dead_network']} of them." in text
    )
    assert "In the search the best of 40 trials has a loss of " in text
    assert "with 151 of 151 targets within tolerance." in text
    assert (
        "1 of 5 constants are identified, 2 are bounded on one side, 1 are free; for 1 of them all "
        "else was left as it is, and losses that differ by less than 0.02 count as equal." in text
    )
    assert (
        "Of 2 forms of the mechanisms 1 fit equally well; the simplest of them is this "
        "calibration (text)." in text
    )
    assert "nothing by themselves: sparsity wall." in text
    assert "Known only not to be smaller: flare threshold." in text
    assert "Known only not to be larger: flare probability." in text


def test_values_are_shown_with_range_and_verdict(whole):
    shown = cells(report_tables.constants(Findings.read(whole)))
    assert len(shown) == 29
    assert next(iter(shown)) == "pruning slope"
    assert shown["pruning slope"] == ("0.05168", "0.05168", "0.08 to 0.15", "identified",
                                      "0.03 to 0.25")  # fmt: skip
    assert shown["corruption SD"][2:4] == ("–", "too few trials")
    assert shown["aggregate gain"][3] == "not examined"
    assert shown["flare threshold"][3] == "bounded below, all else as it is"
    assert shown["MDD motor vulnerability"][1] == "2 (at the edge)"


def test_rates_are_a_row_a_layer(whole):
    table = report_tables.rates(Findings.read(whole))
    assert table.columns[:3] == ("Layer", "Standard ALS", "Bulbar-onset ALS, factor")
    assert cells(table)["Bulbar"][:2] == ("0.08012\n(0.08012)", "2.226\n(2.226)")
    assert cells(table)["Upper motor"][1] == "–"


def test_both_ways_of_agreeing_are_counted_alone(whole):
    findings = Findings.read(whole)
    table3 = findings.comparison.table3
    shown = cells(report_tables.verification(findings))
    assert shown["All cells"][3] == "130"
    assert shown["Cells that repeat no other"][3] == "104"
    within = [
        abs(cell.middle - cell.published) <= tolerance(cell.readout, cell.published) + SLACK
        for cell in table3.rename(columns={"median": "middle"}).itertuples()
    ]
    assert int(shown["All cells"][0]) == sum(within) > 0
    assert int(shown["All cells"][1]) == table3["inside_95"].sum()


def test_half_widths_are_held_against_their_limits(whole):
    findings = Findings.read(whole)
    table3 = findings.comparison.table3
    wide = table3["readout"] == "total_sparsity_percent"
    table3.loc[wide, ["lower_95", "upper_95"]] = [40.0, 44.02]
    narrow = table3["readout"] == "bulbar_score"
    table3.loc[narrow, ["lower_95", "upper_95"]] = [1.0, 1.3]
    shown = cells(report_tables.half_widths(findings))
    assert shown["Total sparsity"] == ("2.0", "2", "✗ wider")
    assert shown["Bulbar"] == ("0.15", "0.15", "✓")
    assert shown["Depression"][1:] == ("–", "–")


def test_only_targets_that_are_missed_are_listed(bare):
    findings = Findings.read(bare)
    assert report_tables.targets(findings).rows == ()
    findings.fitted.loc[0, "residual"] = -1.5
    ((name, *_, distance),) = report_tables.targets(findings).rows
    assert name == "Accuracy, at the end: Standard ALS, untreated"
    assert distance == "−1.5"


def test_tables_stand_beside_the_page(whole):
    fitted = pd.read_csv(whole / "tables" / "targets.csv")
    assert len(fitted) == 177
    effects = pd.read_csv(whole / "tables" / "twin_effects.csv")
    assert set(effects["n"]) == {5}
    assert (effects["source"] == "Table 3").sum() == 70
    assert sorted(p.name for p in (whole / "figures").iterdir())[0] == "figure1_targets.svg"


def test_tables_of_other_values_do_not_count(whole, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(whole, folder)
    examined(folder, values_sha256="0" * 64)
    findings = Findings.read(folder)
    assert [findings.table(name) for name in ("sensitivity", "ranges", "range_points")] == [
        None
    ] * 3
    assert cannot_tell(findings)[0] == "Which constants the targets identify has not been examined."


MOVED = {"constant": "flare_threshold", "vulnerability": "als_upper_vulnerability",
         "rate": "als_standard_rate_bulbar", "clearance": "mdd_clearance"}  # fmt: skip


@pytest.mark.parametrize("what", [*MOVED, "form"])
def test_a_run_of_other_values_is_no_verification(whole, tmp_path, what):
    folder = tmp_path / "other"
    shutil.copytree(whole, folder)
    moved = with_forms(asked().preset, ["corruption=adding"] if what == "form" else [])
    if what in MOVED:
        parameter = paper_space().by_name[MOVED[what]]
        moved = paper_space().apply(moved, {parameter.name: parameter.value(0.4)}).preset
    (folder / record.BEST).write_text(Candidate(moved).to_yaml("x", "y"))
    findings = Findings.read(folder)
    assert findings.run is None
    assert findings.table("structure") is None


def test_what_an_old_verification_showed_is_not_shown_any_more(whole, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(whole, folder)
    shutil.rmtree(folder / "verification")
    write_report(folder, ())
    assert not (folder / "tables" / "twin_effects.csv").exists()
    assert not (folder / "tables" / "targets_fresh.csv").exists()
    assert "Twins are the same virtual patient" not in plain(page(folder))


def test_a_run_that_is_not_complete_is_no_verification(whole, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(whole, folder)
    manifest = folder / "verification" / "manifest.json"
    content = json.loads(manifest.read_text())
    content |= {"planned_blocks": 2, "status": "running"}
    manifest.write_text(json.dumps(content))
    assert Findings.read(folder).run is None


def test_mistakes_are_one_line(tmp_path):
    with pytest.raises(InputError) as told:
        write_report(tmp_path)
    assert str(told.value) == f"{tmp_path}: no calibration there (no readable calibration.json)"
    record.begin(tmp_path, asked())
    with pytest.raises(InputError) as told:
        write_report(tmp_path)
    assert str(told.value) == f"{tmp_path}: no calibration with a finished batch of trials"
