"""What a calibration asked, found and cannot tell, in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from synaprune.calibration.figures.catalogue import within
from synaprune.calibration.findings.folder import Findings
from synaprune.calibration.search.record import START, built_in
from synaprune.calibration.sensitivity.known_ranges import SLICE, UNSETTLED
from synaprune.calibration.sensitivity.ranges import BOUNDED_ABOVE, BOUNDED_BELOW, FREE, IDENTIFIED
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import paper_setting
from synaprune.calibration.space.space import COUNTS, NETWORKS, SOLVED, paper_space
from synaprune.calibration.targets.loading import paper_targets
from synaprune.calibration.targets.target import TABLE3
from synaprune.calibration.targets.titles import constant_title
from synaprune.figures.words import listed
from synaprune.study import library
from synaprune.study.library.preset import Preset


def asked(findings: Findings) -> list[str]:
    """Say what was asked."""
    searched, solved = len(findings.searched(COUNTS, NETWORKS)), len(findings.searched(SOLVED))
    cells = sum(target.source == TABLE3 for target in findings.targets)
    weighted = sum(target.weight > 0 for target in findings.targets)
    other = len(findings.targets) - cells
    setting = findings.asked["setting"]
    return [
        f"Find values for {searched} constants and {solved} base rates (or factors on them) that "
        "the paper's text leaves open, so that the median over virtual patients meets "
        f"{len(findings.targets)} targets: {cells} cells of the paper's Table 3 and {other} sizes "
        f"of courses and differences. {weighted} of them count; the others repeat one that does.",
        "The published numbers, their tolerances and the rules of comparison are fixed; only "
        "values on which the text is silent are moved, within stated bounds.",
        f"Every trial has the same patients and draws: {setting['patients']} patients with "
        f"networks and {findings.asked['counted_patients']} whose connections are only counted.",
    ]


def found(findings: Findings) -> list[str]:
    """Say what came out, the fresh patients first."""
    return [*_fresh(findings), _search(findings), *_known(findings), *_structure(findings)]


def _fresh(findings: Findings) -> Iterator[str]:
    if findings.run is None:
        yield "The values are not verified on fresh patients yet: they fit patients they have seen."
        return
    fits = findings.fresh[findings.fresh["weight"] > 0]
    people = findings.run.patients()["patient"].nunique()
    yield (
        f"On {people} fresh patients {within(fits)} of {len(fits)} targets are within tolerance."
    )
    if findings.comparison is not None:
        count = findings.comparison.summary["table3"]
        yield (
            f"{count['inside']} of {count['cells']} cells of Table 3 lie inside the 95 % bands "
            f"there; a network with nothing left lies inside {count['dead_network']} of them."
        )


def _search(findings: Findings) -> str:
    fits = findings.fitted[findings.fitted["weight"] > 0]
    return (
        f"In the search the best of {len(findings.trials)} trials has a loss of "
        f"{findings.best['loss']:.3g}, with {within(fits)} of {len(fits)} targets within tolerance."
    )


def _known(findings: Findings) -> Iterator[str]:
    table = findings.table("ranges")
    if table is None:
        return
    counts = table["verdict"].value_counts()
    one_sided = counts.get(BOUNDED_BELOW, 0) + counts.get(BOUNDED_ABOVE, 0)
    yield (
        f"{counts.get(IDENTIFIED, 0)} of {len(table)} constants are identified, {one_sided} are "
        f"bounded on one side, {counts.get(FREE, 0)} are free{_sliced(table)}."
    )


def _sliced(table: pd.DataFrame) -> str:
    """Say for how many constants nothing else was fitted again, and what chance hides there."""
    sliced = table[table["method"] == SLICE]
    if sliced.empty:
        return ""
    return (
        f"; for {len(sliced)} of them all else was left as it is, and losses that differ by less "
        f"than {sliced['allowed'].max():.2g} count as equal"
    )


def _structure(findings: Findings) -> Iterator[str]:
    table = findings.table("structure")
    if table is None:
        return
    simplest = table[table["simplest"]].iloc[0]
    as_good = int(table["as_good"].sum())
    yield (
        f"Of {len(table)} forms of the mechanisms {as_good} fit equally well; the simplest of them "
        f"is {simplest['name']} ({simplest['forms']})."
    )


def cannot_tell(findings: Findings) -> list[str]:
    """Say what the published numbers leave open, and how the search may mislead."""
    return [
        *_free(findings),
        *_chance(findings),
        "The paper gives one network a scenario and no uncertainty. Tolerances are this project's.",
        "A range is read off the lowest losses found; a better fit of everything else would only "
        "widen it. Verdicts hold within the bounds that were searched.",
    ]


def _free(findings: Findings) -> Iterator[str]:
    table = findings.table("ranges")
    if table is None:
        yield "Which constants the targets identify has not been examined."
        return
    for verdict, words in (
        (FREE, "Free over all that was searched, so that their best values mean nothing by "
               "themselves"),
        (BOUNDED_BELOW, "Known only not to be smaller"),
        (BOUNDED_ABOVE, "Known only not to be larger"),
        (UNSETTLED, "Not settled, because the search met a better fit elsewhere than with the "
                    "constant held"),
    ):  # fmt: skip
        names = [constant_title(str(n)) for n in table.loc[table["verdict"] == verdict, "name"]]
        if names:
            yield f"{words}: {listed(names)}."


def _chance(findings: Findings) -> Iterator[str]:
    table = findings.table("twin_effects")
    if table is None or table.empty:
        return
    judged = table[table["told"].notna() & ~table["repeats"]]
    told = int((judged["told"] == True).sum())  # noqa: E712 - read from a file
    yield (
        f"{len(judged) - told} of {len(judged)} differences between a treated and an untreated "
        "network that the paper states are within what 95 % of pairs of untreated virtual patients "
        "differ by, so that one pair of networks cannot tell them from chance."
    )


def rerun(findings: Findings) -> list[str]:
    """Say how to calibrate again: shell lines."""
    asked, setting = findings.asked, findings.asked["setting"]
    words = ["synaprune calibrate"]
    if findings.targets != paper_targets():
        words.append("--targets targets.csv")
    if asked["space"] != paper_space().document():
        words.append("--space space.yaml")
    if not _is_the_papers(setting, findings.preset):
        words.append("--study study.yaml")
    base = built_in(asked["preset"])
    words += [f"--preset {base or START}", *_forms(asked["preset"], base)]
    words.append(f"--counts-trials {asked['counts_trials']} --refine {asked['refinement']}")
    words.append(f"--trials {asked['trials']}")
    words.append(f"--patients {setting['patients']} --seed {setting['seed']}")
    if findings.run is None:
        words.append("--verify-patients 0")
    else:
        manifest = findings.run.manifest
        people = findings.run.patients()["patient"].nunique()
        words.append(f"--verify-seed {manifest.seed} --verify-patients {people}")
    return [" ".join([*words, "--out runs/again"])]


def _is_the_papers(setting: Mapping[str, Any], preset: Preset) -> bool:
    """Whether all but patients and seed, which options give, is as without a study."""
    paper = paper_setting(setting["patients"], setting["seed"], preset).document()
    free = {"counted_patients": setting["counted_patients"]}
    return bool(json.loads(json.dumps(paper | free)) == setting)


def _forms(preset: Mapping[str, Any], base: str | None) -> list[str]:
    """Options for the forms that are not those of a built-in preset; a file holds its own."""
    if base is None:
        return []
    there = Candidate(library.presets()[base]).mechanisms
    forms = {**there, **(preset.get("mechanisms") or {})}
    return [f"--form {name}={form}" for name, form in sorted(forms.items()) if form != there[name]]
