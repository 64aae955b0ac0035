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
    for cell in spoilt.table3.itertuples():
        decimals = (
            2 if cell.readout in ("weakness_score", "bulbar_score", "fine_motor_score") else 1
        )
        assert f"{cell.estimate:.{decimals}f}" in joined
    assert DISCLAIMER.replace(" ", "") in joined


def test_misses_come_first(spoilt):
    text = printed(spoilt, 100)
    table3 = text[text.index("Table 3. Thirteen scenarios: 129 of 130 cells reproduced") :]
    assert table3.index("✗ not reproduced: 1") < table3.index("✓ reproduced: 129")
    row = next(line for line in table3.splitlines() if "88.0" in line)
    assert row.split() == [
        "Accuracy", "(chance", "25", "%)", "88.0", "[88.0,", "88.0]", "46.8", "±", "5.0", "not",
        "reproduced",
    ]  # fmt: skip
    claims_part = text[text.index("Claims: ") :]
    order = ["✗ not reproduced: 1", "~ direction only: 2", "? the paper contradicts itself: 8",
             "✓ reproduced: 24"]  # fmt: skip
    assert sorted(order, key=claims_part.index) == order


def test_glance(spoilt):
    lines = printed(spoilt, 100).splitlines()
    row = next(line for line in lines if line.startswith("mdd, ketamine_every_5") and "/" in line)
    assert row.split() == ["mdd,", "ketamine_every_5", "✗", *"·········", "9/10"]


def test_counts_stand_beside_the_dead_network(spoilt):
    text = words(printed(spoilt, 100))
    assert "Table 3: 129 of 130 cells reproduced; a dead network 90" in text
    assert "Table 3, cells that repeat no other: 103 of 104 cells reproduced" in text
    assert "Table 3, ALS only: 100 of 100 cells reproduced; a dead network 88" in text
    assert "Chance: accuracy 25 %, ALSFRS-R proxy 12.0." in text


def test_chance_wherever_accuracy_is(spoilt):
    for line in printed(spoilt, 100).splitlines():
        if re.match(r" +(Accuracy|ALSFRS-R proxy)", line):
            assert "chance" in line


def test_failing_parts_are_named(spoilt):
    text = words(printed(spoilt, 100))
    assert "accuracy at cycle 10: 55 [55, 55], paper 30 to 40, size does not hold" in text
    assert "early weakness score, limb minus bulbar onset: -1.02" in text
    assert "By its numbers: reproduced." in text


@pytest.mark.parametrize(("patients", "expected"), [(1, True), (16, False)])
def test_provisional(patients, expected):
    text = words(printed(_spoilt(patients), 100))
    assert ("provisional" in text) is expected
    assert ("Provisional:" in text) is expected
    assert ("[no interval]" in text) is (patients == 1)


def test_plain_terminals(spoilt):
    text = printed(spoilt, 100, encoding="ascii")
    assert "x not reproduced: 1" in text
    assert "+/- 5.0" in text
