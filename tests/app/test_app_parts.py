"""What the explorer is made of, without serving it."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from explorer import quick_study, wait_for_end

import synaprune
from synaprune.app.asking import as_study
from synaprune.app.circuit_view import picture
from synaprune.app.computing import Computations
from synaprune.app.doses import as_arm
from synaprune.app.frames import values_by_cycle
from synaprune.app.opened import OpenRuns
from synaprune.app.page import whole_page
from synaprune.app.prefill import prefill
from synaprune.app.runs import RunFolders
from synaprune.cli.main import main
from synaprune.errors import InputError
from synaprune.study import Dose, library
from synaprune.study.schedule import schedule

ASKED = {
    "name": "mine", "profiles": ["mdd"], "patients": "3", "seed": "1",
    "arms": [{"name": "untreated", "doses": {}}, {"name": "late", "doses": {"ketamine": [20, 15]}}],
}  # fmt: skip


@pytest.mark.parametrize("days", [[0], [4, 2], [0, 1, 2], [3, 6, 9], [1, 2, 4], list(range(30)),
                                  [5, 10, 15, 20, 25], [27, 28, 29]])  # fmt: skip
def test_dose_lines_give_exactly_the_ticked_cycles(days):
    lines = [Dose(**line) for line in as_arm("mine", {"ketamine": days}, 30)]
    assert schedule(lines, 30) == {"ketamine": tuple(sorted(days))}


@pytest.mark.parametrize("preset", ["published", "from_text"])
def test_treatments_are_known_by_their_doses_and_keep_their_name(preset):
    for name, treatment in library.treatments(preset).items():
        given = schedule(treatment.doses, 30)
        assert as_arm(name, given, 30, preset) == (name if given else [])
    assert as_arm("riluzole_early", {"riluzole": [2]}, 30) == [{"drug": "riluzole", "at": [2]}]


@pytest.mark.parametrize(
    ("preset", "cycles", "words"),
    [("published", 30, "All seven"), ("published", 25, "All seven"), ("published", 24, "All six"),
     ("published", 14, "All four"), ("published", 4, "All three"), ("from_text", 24, "All six"),
     ("from_text", 7, "All six"), ("from_text", 4, "All three")],
)  # fmt: skip
def test_treatments_that_end_after_the_course_are_not_offered(preset, cycles, words):
    page = prefill(quick_study(preset=preset, cycles=cycles))
    offered = [choice.name for choice in page.treatments]
    assert list(page.start["treatments"]) == offered
    assert page.all_treatments == words
    assert f">{words}<" in whole_page(page, "")
    for name in offered:
        whole = schedule(library.treatments(preset)[name].doses, 30)
        within = {drug: [c for c in days if c < cycles] for drug, days in whole.items()}
        assert page.start["treatments"][name]["doses"] == within
    assert ("ketamine_late" in offered) == (cycles >= 25)
    assert ("ketamine_every_5" in offered) == (cycles >= {"published": 21, "from_text": 6}[preset])


@pytest.mark.parametrize(
    ("preset", "early"), [("published", [2, 4, 6]), ("from_text", [2, 3, 4, 5, 6])]
)
def test_arms_have_the_doses_of_the_study_s_preset(preset, early):
    base = quick_study(preset=preset, arms={"ketamine_early": "ketamine_early"})
    (arm,) = prefill(base).start["arms"]
    assert arm == {"name": "ketamine_early", "doses": {"ketamine": early}}
    again = as_study(ASKED | {"arms": [arm]}, base)
    assert (again.preset, again.arms["ketamine_early"]) == (preset, "ketamine_early")


def test_a_cycle_has_the_months_of_its_profile():
    own = {"name": "slow", "like": "mdd", "constants": {"months_per_cycle": 2}}
    months = prefill(quick_study(profiles=["mdd", own])).start["months"]
    assert months == dict.fromkeys(library.profiles(), 1.5) | {"mdd": 1.0, "slow": 2.0}
    asked = quick_study(constants={"months_per_cycle": 1.5})
    assert set(prefill(asked).start["months"].values()) == {1.5}


def test_a_constant_that_the_study_sets_to_its_usual_value_is_not_lost():
    page = prefill(quick_study(constants={"noise_base": 0.05}))
    fixed = {
        setting.known.name for _, settings in page.groups for setting in settings if setting.fixed
    }
    assert fixed == {"noise_base"}, "depression would have 0.03 without it"
    (field,) = re.findall("<input[^>]* data-fixed[^>]*>", whole_page(page, ""))
    assert 'data-constant="noise_base"' in field


def test_what_is_asked_becomes_a_study():
    study = as_study(ASKED | {"constants": {"retraining_steps": "5", "flare_threshold": "0.61"}})
    assert study.resolve().arms == {"untreated": {}, "late": {"ketamine": (15, 20)}}
    assert study.constants == {"retraining_steps": 5, "flare_threshold": 0.61}


def test_the_study_that_the_page_was_opened_with_holds():
    study = as_study(ASKED, quick_study())
    assert study.circuit["upper_motor"] == 12
    assert study.name == "mine"
    assert study.constants == {}


@pytest.mark.parametrize(("change", "line"), [
    ({"profiles": []}, "profiles: choose at least one"),
    ({"arms": []}, "arms: choose at least one treatment, or add an arm of your own"),
    ({"patients": ""}, "patients: is empty; give a number"),
    ({"patients": "201"}, "patients: at most 200 here (got 201); larger studies run on the command "
     "line: synaprune run"),
    ({"arms": [ASKED["arms"][0]] * 2},
     "arms: two arms are called 'untreated'; give each its own name"),
    ({"arms": [{"name": "x", "doses": {"ketamine": [True]}}]},
     "arms.x: doses must be whole cycles"),
])  # fmt: skip
def test_what_cannot_be_asked_is_one_line(change, line):
    with pytest.raises(InputError) as error:
        as_study(ASKED | change)
    assert str(error.value) == line


@pytest.mark.parametrize("run", ["..", ".", "", "a/b", "/etc", "paper/../paper", "pa\0per", "-x"])
def test_names_that_could_lead_elsewhere_are_refused(runs, run):
    with pytest.raises(InputError, match="is not the name of a folder below"):
        RunFolders(runs).folder(run)


def test_links_are_not_followed(runs, tmp_path):
    (tmp_path / "link").symlink_to(runs / "paper")
    folders = RunFolders(tmp_path)
    assert folders.listed() == []
    with pytest.raises(InputError, match="run link: is a link; open the folder itself"):
        folders.folder("link")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "manifest.json").write_bytes((runs / "paper/manifest.json").read_bytes())
    (inside / "study.yaml").symlink_to(runs / "paper/study.yaml")
    with pytest.raises(
        InputError, match=r"run inside: study\.yaml is a link, which is not followed"
    ):
        folders.folder("inside")


def test_values_and_circuit_are_those_of_the_run(runs):
    _, material = OpenRuns(RunFolders(runs)).get("paper")
    values = values_by_cycle(material, "mdd", "depression_score")
    course = sorted(material.course("mdd", "untreated", "depression_score")[:, 0])
    assert values.frames.first("value-0-0", "text") == f"{course[1]:.1f}"
    shown = picture(material, "mdd", "untreated", "c0")
    lost = sorted(
        material.layer_course("mdd", "untreated", "upper_motor", "sparsity_percent")[:, 0]
    )
    assert shown.frames.first("c0-upper_motor-share", "text") == f"{lost[1]:.0f} %"


def test_a_computation_leaves_an_ordinary_run_and_a_failing_one_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    computations = Computations(RunFolders(tmp_path))
    run = computations.start(quick_study(patients=1, cycles=3, arms={"untreated": []}))
    one = computations.get(run)
    wait_for_end(one)
    assert one.standing.state == "done"
    manifest = RunFolders(tmp_path).open(run).manifest
    assert manifest.complete
    same = synaprune.run(synaprune.load_study(tmp_path / run / "study.yaml"), tmp_path / "same")
    assert same.manifest.blocks == manifest.blocks
    again = computations.start(
        quick_study(patients=1, cycles=3, arms={"untreated": []}, device="cuda")
    )
    wait_for_end(computations.get(again))
    assert computations.get(again).standing.state == "failed"
    assert "device: cuda was asked for" in computations.get(again).standing.message


def test_the_first_page_waits_for_nothing_that_draws_or_reads_results():
    heavy = "{'matplotlib', 'numpy', 'pandas', 'pyarrow', 'scipy', 'torch'}"
    code = f"import sys, synaprune.app.serving; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_picture_of_the_readme_is_there_and_light():
    picture = Path(__file__).parents[2] / "docs" / "explorer.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 300_000


def test_without_the_extra_one_line_says_how_to_install_it(monkeypatch, capsys):
    verb = import_module("synaprune.cli.app")
    monkeypatch.setattr(verb, "find_spec", lambda _: None)
    with pytest.raises(SystemExit) as ended:
        main(["app"])
    assert ended.value.code == 2
    line = "app: needs Shiny for Python; install it with: pip install synaprune[app]"
    assert capsys.readouterr().err == f"synaprune: {line}\n"
