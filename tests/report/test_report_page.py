"""The page: self-contained, the same every time, accessible, and true to the run."""

import re
from collections import Counter
from html import unescape
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

import synaprune
from synaprune.errors import InputError
from synaprune.model.constants import declared
from synaprune.report import build_report, write_report
from synaprune.study import library


def plain(page: str) -> str:
    """Text of a page without figures, spaces made even."""
    text = re.sub(r"<(svg|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]+>", " ", text))
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


@pytest.mark.parametrize("which", ["paper_page", "own_page"])
def test_it_needs_nothing_but_itself(which, request, parsed):
    page = request.getfixturevalue(which)
    assert not re.search(r"https?:|//\w|@import|<script|<link|<iframe|<object|javascript:", page)
    references = re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', page)
    assert references
    assert all("".join(reference).startswith("#") for reference in references)
    assert not [
        tag for tag, attributes in parsed(page).tags if any(a[:2] == "on" for a in attributes)
    ]


def test_the_same_run_gives_the_same_bytes(own_run, own_page, tmp_path):
    path = write_report(own_run, tmp_path / "deep" / "page.html")
    assert path.read_bytes() == own_page.encode()


def test_it_stands_in_the_run_folder_by_default(make_run):
    run = make_run(patients=1, cycles=2, arms={"untreated": []}, profiles=["mdd"])
    assert write_report(run) == run.folder / "report.html"
    assert "What came out" in (run.folder / "report.html").read_text()


@pytest.mark.parametrize("which", ["paper_page", "own_page"])
def test_it_can_be_read_without_eyes(which, request, parsed):
    page = parsed(request.getfixturevalue(which))
    assert page.named("html") == [{"lang": "en"}]
    ids = Counter(attributes["id"] for _, attributes in page.tags if attributes.get("id"))
    assert not [name for name, count in ids.items() if count > 1]
    for link in page.named("a"):
        assert link["href"][1:] in ids
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {cell["scope"] for cell in page.named("th")} == {"col", "row"}
    assert len(page.captions) == len(page.named("table"))
    for figure in page.named("svg"):
        assert figure["role"] == "img"
        assert len(figure["aria-label"]) > 40
    assert len(page.named("svg")) == len(page.named("figure"))


def test_text_has_contrast_in_light_and_dark():
    from importlib.resources import files

    css = files("synaprune.report").joinpath("templates", "page.css").read_text()
    themes = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--(\w+): (#\w{6});", theme))
        for text in ("ink", "faint", "link"):
            for ground in ("ground", "tint"):
                assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def _contrast(one: str, two: str) -> float:
    def luminance(colour: str) -> float:
        parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_it_says_what_was_asked(paper_page, own_page):
    text = plain(paper_page)
    assert "5 virtual patients, each in 6 profiles and 7 arms: 210 courses of 30 cycles" in text
    for profile in library.profiles().values():
        assert profile.sentence in text
    assert "Ketamine every 3 cycles (4.5 months), cycles 3 to 27, 9 doses." in text
    assert "Riluzole at every cycle." in text
    own = plain(own_page)
    assert "A profile of this study." in own
    assert "Ketamine every 4 cycles (6 months), cycles 2 to 26, 7 doses." in own


def test_it_lists_the_constants_of_each_profile(paper_page, own_page, parsed):
    rows = parsed(paper_page).rows
    assert ["noise_base", "0.05", "0.05", "0.05", "0.05", "0.03", "0.01", "activation sd"] in rows
    assert "Constants that a profile sets itself" not in own_page


def test_the_main_answer_is_the_runs(own_run, own_page):
    frame = own_run.to_frame()
    last = frame[(frame.cycle == 29) & (frame.profile == "als_standard")]
    wide = last.pivot(index="patient", columns="arm", values="motor_integrity_percent")
    paired = wide["mine"] - wide["untreated"]
    low, high = stats.ttest_1samp(paired, 0).confidence_interval(0.95)
    found = re.search(
        r"Mine keeps ([\d.]+) more points of motor integrity than no treatment in the same "
        r"patients; 95 % interval ([\d.]+) to ([\d.]+); 4 patients\.", plain(own_page)
    )  # fmt: skip
    assert [float(part) for part in found.groups()] == pytest.approx(
        [paired.mean(), low, high], abs=0.051
    )


def test_tables_hold_the_runs_numbers(paper_run, paper_page, parsed):
    frame = paper_run.to_frame()
    final = frame[(frame.profile == "als_limb") & (frame.cycle == 29)].set_index("arm")
    page = parsed(paper_page)
    values = final.loc["ketamine_every_5", "respiratory_risk_percent"]
    low, high = values.quantile([0.025, 0.975])
    cell = f"{values.median():.1f}\n{low:.1f}–{high:.1f}\n◇ 95.7"
    assert [row for row in page.rows if row[0] == "Ketamine every 5 cycles" and cell in row]
    assert "Limb-onset ALS: difference from the untreated twin" in page.captions


def test_the_published_network_is_beside_the_papers_run_only(
    paper_run, paper_page, own_page, parsed
):
    page, text = parsed(paper_page), plain(paper_page)
    comparison = synaprune.paper.compare(
        paper_run.to_frame(), paper_run.to_frame("layers"), paper_run.patients()
    )
    share = comparison.summary["published_network"]
    assert (
        f"{100 * share['share_inside']:.1f} % of the 28,980 numbers of the published network lie "
        "inside the 95 % bands of 5 patients. When each of 5 patients takes its place"
    ) in text
    assert "Provisional: 5 patients; bands and verdicts need at least 16." in text
    assert "A dead network (it guesses, has lost 96.7 % of every layer" in text
    for row in comparison.shares.itertuples():
        cells = [f"{row.numbers:,}", f"{100 * row.share_inside:.1f} %",
                 f"{100 * row.lower:.1f} to {100 * row.upper:.1f} %",
                 "✓ yes" if row.in_range else "✗ no"]  # fmt: skip
        assert [found for found in page.rows if found[1:] == cells], row.column
    marks = [row[-1] for row in page.rows if row and row[-1] in ("✓ inside", "✗ outside")]
    assert len(marks) == 24 + 130
    inside = comparison.table2.inside_95.sum() + comparison.table3.inside_95.sum()
    assert marks.count("✓ inside") == inside
    for claim in comparison.claims.itertuples():
        (row,) = [row for row in page.rows if row[0] == claim.statement]
        assert claim.code in row[-1]
        for cell, verdict in (
            (row[2], claim.verdict_published_network), (row[3], claim.verdict_cohort),
        ):  # fmt: skip
            assert cell[2:].startswith(verdict.replace("_", " "))
    assert "published network" not in own_page


def test_silent_constants_come_with_unit_and_source(own_page, parsed):
    rows = {row[0]: row[1:] for row in parsed(own_page).rows}
    silent = [known for known in declared() if known.given is None]
    for known in silent:
        assert rows[known.name][1] == known.unit
        assert rows[known.name][2] in known.source
    assert rows["flare_threshold"][0] == "0.61"
    assert rows["flare_threshold"][3] == "this study"
    assert rows["flare_probability"][3] == "the preset"
    assert rows["retraining_steps"][:2] == ["5", "3"]


def test_it_says_how_to_run_it_again(paper_run, paper_page, own_run, own_page):
    assert "synaprune reproduce --patients 5 --seed 7 --out runs/again" in paper_page
    assert "synaprune run study.yaml --out runs/again" in own_page
    assert "flare_threshold: 0.61" in own_page
    for run, page in ((paper_run, paper_page), (own_run, own_page)):
        assert run.manifest.study_sha256 in page
        footer = plain(page[page.index("<footer>") :])
        assert f"synaprune {synaprune.__version__}. Seed {run.manifest.seed}, study " in footer
        assert "Research use only, not for clinical decisions." in footer
        assert str(run.folder) not in page


@pytest.mark.parametrize(
    "changes",
    [
        {"patients": 1, "cycles": 1, "arms": {"once": [{"drug": "ketamine", "at": 0}]}},
        {"patients": 1, "arms": {"untreated": [], "late": "ketamine_late"}},
        {"arms": {"a": "ketamine_late", "b": "riluzole_early"}},
    ],
)
def test_unusual_studies_have_a_page(make_run, changes):
    page = plain(build_report(make_run(**changes)))
    assert "nan" not in page.lower().replace("maintenance", "")
    assert "of motor integrity is left" in page


def test_what_is_missing_is_one_line(make_run, tmp_path):
    run = make_run()
    (run.folder / "study.yaml").unlink()
    with pytest.raises(InputError, match=r"^.*study\.yaml: cannot be read$"):
        write_report(run)
    (tmp_path / "file").write_text("")
    (run.folder / "study.yaml").write_text("x")
    with pytest.raises(InputError, match=r"cannot be written"):
        write_report(run, tmp_path / "file" / "page.html")
