"""Values at the points of figures: which, in which words, and where."""

from __future__ import annotations

import re

import numpy as np
import pytest
from explorer import quick_study

from made_up_run import made_up_run
from synaprune.app.circuit_view import picture
from synaprune.app.marks import COURSE, TWINS, course_marks, twin_marks
from synaprune.app.opened import OpenRuns
from synaprune.app.runs import RunFolders
from synaprune.figures import Material, single_readout, twins
from synaprune.figures.places import places


@pytest.fixture(scope="module")
def paper(runs):
    return OpenRuns(RunFolders(runs)).get("paper")


def marked(material, profile, readout):
    figure = single_readout.planned(material, profile, readout).make()
    return course_marks(material, profile, readout, places(figure, COURSE))


def test_a_mark_says_what_the_run_folder_holds(paper):
    run, material = paper
    marks = marked(material, "als_standard", "alsfrs_r_proxy")
    frame = run.to_frame()
    arms = list(material.arms)
    assert len(marks) == 30 * len(arms)
    row = arms.index("ketamine_maintenance")
    mark = next(one for one in marks if (one.row, one.column) == (row, 8))
    here = frame[(frame.profile == "als_standard") & (frame.arm == "ketamine_maintenance")]
    low, lower, middle, upper, high = np.quantile(
        here[here.cycle == 8].alsfrs_r_proxy, [0.025, 0.25, 0.5, 0.75, 0.975]
    )
    assert mark.label == (
        f"Ketamine maintenance, cycle 8 (month 12): ALSFRS-R proxy {middle:.1f} (median); "
        f"50 % of patients {lower:.1f} to {upper:.1f}; 95 % of patients {low:.1f} to {high:.1f}; "
        "3 patients"
    )


def test_the_last_cycle_names_the_published_value_and_equal_arms_say_so(paper):
    _, material = paper
    marks = marked(material, "als_standard", "alsfrs_r_proxy")
    assert next(mark.label for mark in marks if "paper" in mark.label).endswith("; paper 11.8")
    assert {mark.column for mark in marks if "paper" in mark.label} == {29}
    start = [mark for mark in marked(material, "mdd", "total_sparsity_percent") if not mark.column]
    same = [re.search(r"the same in (\d) other arm", mark.label) for mark in start]
    courses = {arm: material.course("mdd", arm, "total_sparsity_percent")[:, 0].tobytes()
               for arm in material.arms}  # fmt: skip
    equal = [list(courses.values()).count(values) - 1 for values in courses.values()]
    assert [int(found[1]) if found else 0 for found in same] == equal


def test_marks_lie_on_the_drawn_points(paper):
    _, material = paper
    figure = single_readout.planned(material, "mdd", "depression_score").make()
    found = {one.row: one for one in marked(material, "mdd", "depression_score") if one.column == 9}
    for row, arm in enumerate(material.arms):
        for place, name in zip(found[row].places, (f"all/{arm}", arm), strict=True):
            (line,) = figure.findobj(lambda a, n=name: a.get_gid() == f"median-{n}")
            value = np.median(material.course("mdd", arm, "depression_score")[:, 9])
            x, y = line.axes.transData.transform((9, value)) / figure.bbox.size
            assert place == pytest.approx((100 * x, 100 * (1 - y)))


def test_marks_of_twins_say_difference_and_interval(paper):
    run, material = paper
    figure = twins.planned(material, ("mdd",)).make()
    marks = twin_marks(material, "mdd", places(figure, TWINS))
    frame = run.to_frame()
    end = frame[(frame.profile == "mdd") & (frame.cycle == 29)]
    end = end.pivot(index="patient", columns="arm", values="motor_integrity_percent")
    values = end["riluzole_early"] - end["untreated"]
    half = 4.302652729911275 * values.std(ddof=1) / np.sqrt(3)  # t of 2 degrees of freedom
    label = next(m.label for m in marks if m.label.startswith("Riluzole early, Motor integrity"))
    numbers = [float(n.replace("−", "-")) for n in re.findall(r"[-−]?\d+\.\d+", label)]
    wanted = [values.mean(), values.mean() - half, values.mean() + half]
    assert numbers == pytest.approx(wanted, abs=0.06)
    assert label.startswith("Riluzole early, Motor integrity at the end: difference +")
    assert label.endswith("; 3 patients")


def test_one_patient_has_a_value_and_no_band(tmp_path):
    run = made_up_run(tmp_path / "run", quick_study(patients=1))
    material = Material.of_run(run)
    label = marked(material, "als_standard", "bulbar_score")[3].label
    value = material.course("als_standard", "untreated", "bulbar_score")[0, 3]
    assert label.startswith(f"Untreated, cycle 3 (month 4.5): Bulbar {value:.2f}; 1 patient")
    figure = twins.planned(material, ("als_standard",)).make()
    first = twin_marks(material, "als_standard", places(figure, TWINS))[0]
    assert first.label.endswith("(mean); no interval; 1 patient")


def test_marks_of_layers_follow_the_cycle(paper):
    _, material = paper
    shown = picture(material, "mdd", "untreated", "c0")
    first = shown.frames.first("c0-upper_motor-mark", "aria-label")
    low, middle, high = np.quantile(
        material.layer_course("mdd", "untreated", "upper_motor", "sparsity_percent")[:, 0],
        [0.025, 0.5, 0.975],
    )
    assert first.startswith(
        f"Upper motor, untreated, cycle 0: {middle:.1f} % pruned (median); "
        f"95 % of patients {low:.1f} to {high:.1f} %; aggregate "
    )
    assert first.endswith("; 3 patients")
