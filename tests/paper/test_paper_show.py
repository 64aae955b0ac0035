"""The printed comparison: complete at every width, in words."""

import io
import re

import pytest
from paper_cohort import cohort
from rich.console import Console

from synaprune.cli.comparison import show
from synaprune.paper import claims, compare
from synaprune.results.disclaimer import DISCLAIMER


def _spoilt(patients: int):
    run = cohort(patients)
    run.set("als_standard", "untreated", "accuracy_percent", 10, 55.0)
    run.set("mdd", "ketamine_every_5", "accuracy_percent", 29, 88.0)
    run.set("als_limb", "untreated", "weakness_score", slice(0, 5), 0.1)
    return compare(*run.frames())


@pytest.fixture(scope="module")
def spoilt():
    return _spoilt(3)


def printed(comparison, width: int, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, newline="\n") as file:
        show(comparison, Console(file=file, width=width, color_system=None, legacy_windows=False))
        file.flush()
        return raw.getvalue().decode(encoding)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("width", [100, 60, 30])
def test_nothing_is_cut(spoilt, width):
    text = printed(spoilt, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    joined = text.replace("\n", "").replace(" ", "")
    for row in claims().itertuples():
        assert row.claim in joined
        assert row.published.replace(" ", "") in joined
        assert row.code.replace(" ", "") in joined
    for cell in spoilt.table3.itertuples():
        decimals = (
            2 if cell.readout in ("weakness_score", "bulbar_score", "fine_motor_score") else 1
        )
        assert f"{cell.median:.{decimals}f}" in joined
    assert DISCLAIMER.replace(" ", "") in joined


def test_the_head_line_stands_beside_its_range(spoilt):
    text = words(printed(spoilt, 100))
    overall = spoilt.shares.iloc[0]
    start = text.index(f"{100 * overall.share_inside:.1f} % of the 28,980 numbers")
    assert text[start:].startswith(
        f"{100 * overall.share_inside:.1f} % of the 28,980 numbers of the published network lie "
        "inside the 95 % bands of 3 patients. When each of 3 patients takes its place, held "
        f"against the bands of the others, {100 * overall.lower:.1f} to {100 * overall.upper:.1f} "
        "% of the patient's numbers lie inside (95 % range): the published network looks like "
        "one of them. All of its scenarios are one patient,"
    )


def test_every_readout_and_layer_has_its_line(spoilt):
    lines = printed(spoilt, 100).splitlines()
    row = next(line for line in lines if "Sparsity, neuromuscular junction" in line)
    share = spoilt.shares.set_index("column").loc["neuromuscular_junction"]
    assert row.split()[0] == "✓"
    assert f"{100 * share.share_inside:.1f} %" in row
    assert f"{100 * share.lower:.1f} to {100 * share.upper:.1f} %" in row


def test_what_lies_outside_comes_first(spoilt):
    text = printed(spoilt, 100)
    table3 = text[text.index("Table 3 of the paper, final cycle: 128 of 130 values inside") :]
    cell = table3[table3.index("\n  mdd, ketamine_every_5") :].splitlines()[2]
    assert words(cell) == " Accuracy (chance 25 %) 46.8 88.0 [88.0, 88.0] 0.00 ✗ outside"
    claims_part = text[text.index("Claims: ") :]
    order = ["Fail in one or both:", "collapse: ", "Hold in both:", "pretrain_accuracy: "]
    assert sorted(order, key=claims_part.index) == order


def test_the_most_frequent_misses_are_listed(spoilt):
    text = words(printed(spoilt, 100))
    first = spoilt.outside.iloc[0]
    assert f"{spoilt.outside['count'].sum()} numbers that repeat no other" in text
    assert f"{first.profile}, {first.treatment}, " in text
    assert f": cycles {first.cycles}, " in text


def test_dead_network_and_chance_are_named(spoilt):
    text = words(printed(spoilt, 100))
    count = spoilt.summary["table3_als"]
    assert (
        "A dead network (it guesses, has lost 96.7 % of every layer and has an NfL proxy of 85) "
        f"lies inside the bands of {count['dead_network']} of the 100 ALS cells of Table 3, the "
        f"published network of {count['inside']}."
    ) in text
    assert "Chance is an accuracy of 25 % and an ALSFRS-R proxy of 12.0." in text


def test_chance_wherever_accuracy_is(spoilt):
    for line in printed(spoilt, 100).splitlines():
        if re.match(r" +(Accuracy|ALSFRS-R proxy)", line):
            assert "chance" in line


def test_claims_have_two_verdicts_and_failing_parts_are_named(spoilt):
    text = words(printed(spoilt, 100))
    assert (
        "Published network: holds. Cohort: direction only. Paper: 30 to 40 %. accuracy at cycle "
        "10: published network 30.5, cohort 55 [55, 55], paper 30 to 40"
    ) in text
    assert "early weakness score, limb minus bulbar onset: published network" in text
    assert "But the paper: The Discussion has it in the low 80s." in text
    assert "The code: At the end early ketamine is the sparsest of all ALS arms" in text


@pytest.mark.parametrize(("patients", "expected"), [(1, True), (16, False)])
def test_provisional(patients, expected):
    text = words(printed(_spoilt(patients), 100))
    assert ("Provisional:" in text) is expected
    assert ("[no interval]" in text) is (patients == 1)
    assert ("no range" in text) is (patients == 1)
    assert ("run more patients" in text) is (patients == 1)


def test_plain_terminals(spoilt):
    text = printed(spoilt, 100, encoding="ascii")
    assert "x outside" in text
    assert "+ All numbers" in text
