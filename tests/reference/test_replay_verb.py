"""`synaprune replay`: what it writes, and its one line for every mistake."""

from __future__ import annotations

import pandas as pd
import pytest

from synaprune.cli.main import main
from synaprune.paper.printed import COURSE_COLUMNS, COURSES, FINAL_COLUMNS, FINALS


def said(capsys, *arguments):
    """Run the verb; give its exit code, output and errors."""
    with pytest.raises(SystemExit) as ended:
        main(["replay", *map(str, arguments)])
    spoken = capsys.readouterr()
    return ended.value.code, spoken.out, spoken.err


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """A folder of numbers of the printed form."""
    folder = tmp_path_factory.mktemp("printed")
    course = {"profile": "control", "treatment": "untreated", "cycle": [-1, 0], "month": 0}
    course |= dict.fromkeys(COURSE_COLUMNS, 0.0)
    pd.DataFrame(course).to_csv(folder / COURSES, index=False)
    final = {"profile": ["control"], "treatment": "untreated"} | dict.fromkeys(FINAL_COLUMNS, 0.0)
    pd.DataFrame(final).to_csv(folder / FINALS, index=False)
    return folder


def test_a_sibling_writes_its_course_and_shows_every_digit_that_differs(printed, tmp_path, capsys):
    arguments = ("control:untreated", "--seed", 7, "--out", tmp_path, "--against", printed)
    code, out, err = said(capsys, *arguments)
    assert (code, err) == (0, "")
    courses = pd.read_csv(tmp_path / "courses.csv")
    assert list(courses) == ["profile", "treatment", "cycle", *COURSE_COLUMNS]
    assert courses["cycle"].tolist() == [*range(-1, 30)]
    finals = pd.read_csv(tmp_path / "final.csv")
    assert list(finals) == ["profile", "treatment", *FINAL_COLUMNS]
    assert (
        finals["nfl_proxy"][0] == courses["nfl_proxy"].iloc[-1] != round(finals["nfl_proxy"][0], 1)
    )
    assert "Processor: " in out
    assert "Table 3" not in out, "a sibling is not the paper's network"
    assert "cycle final: accuracy_percent printed 0.0, here " in out
    assert "control:untreated, cycle -1: accuracy_percent printed 0.0, here " in out


def spoilt(printed, folder, change):
    """Copy the printed numbers and change the text of the courses."""
    for name in (COURSES, FINALS):
        (folder / name).write_text((printed / name).read_text())
    (folder / COURSES).write_text(change((folder / COURSES).read_text()))
    return folder


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["als_mdd"], "'als_mdd': must be PROFILE:TREATMENT, such as als_mdd:untreated"),
        (
            ["als_mddd:untreated"],
            "'als_mddd:untreated': unknown profile 'als_mddd'; did you mean 'als_mdd'?",
        ),
        (
            ["mdd:ketamine_erly"],
            "unknown treatment 'ketamine_erly'; did you mean 'ketamine_early'?",
        ),
        (["mdd:untreated", "--all"], "--all and single scenarios exclude each other"),
        (["--seed", "-1"], "--seed: must be 0 to 4294966295 (got -1)"),
        (["--against", "nowhere"], "nowhere/published_courses.csv: cannot be read"),
    ],
)
def test_a_mistake_is_one_line(arguments, line, tmp_path, capsys):
    code, out, err = said(capsys, *arguments, "--out", tmp_path / "new")
    assert (code, out) == (2, "")
    assert line in err
    assert err.count("\n") == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda text: text.replace("nfl_proxy", "nfl_prox"),
         "published_courses.csv: no column 'nfl_proxy'; did you mean 'nfl_prox'?"),
        (lambda text: text.replace("0.0", "much", 1),
         "published_courses.csv:2: month: must be a number (got 'much')"),
        (lambda text: text.replace("-1", "0.5"),
         "published_courses.csv:2: cycle: must be a whole number (got '0.5')"),
        (lambda text: text.replace("-1", "0"),
         "published_courses.csv:3: a second row of control, untreated, 0"),
        (lambda text: "", "published_courses.csv: not a CSV file"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_compared_is_one_line(printed, change, line, tmp_path, capsys):
    folder = spoilt(printed, tmp_path, change)
    code, out, err = said(capsys, "control:untreated", "--against", folder)
    assert (code, out) == (2, "")
    assert line in err
    assert err.count("\n") == 1


def test_printed_numbers_of_other_scenarios_are_one_line(printed, tmp_path, capsys):
    out = tmp_path / "new"
    code, shown, err = said(capsys, "mdd:untreated", "--against", printed, "--out", out)
    assert (code, shown) == (2, "")
    assert "its files print none of the scenarios to replay" in err
    assert not out.exists()


@pytest.mark.parametrize(("place", "line"), [
    ("taken", "taken: is a file; give a folder"),
    ("taken/new", "taken/new: cannot be made"),
])  # fmt: skip
def test_a_folder_that_cannot_be_made_is_refused_before_the_first_cycle(
    place, line, tmp_path, capsys
):
    (tmp_path / "taken").write_text("")
    code, out, err = said(capsys, "control:untreated", "--out", tmp_path / place)
    assert (code, out) == (2, "")
    assert line in err
    assert err.count("\n") == 1
