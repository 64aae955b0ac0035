"""Which figures a calibration has, with their words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd
from matplotlib.figure import Figure

from synaprune.calibration.figures import (
    claims,
    correlations,
    effects,
    ranges,
    screened,
    search,
    targets,
)
from synaprune.calibration.findings.folder import Findings
from synaprune.calibration.search.trial import COMPLETE, FAILED, STOPPED
from synaprune.calibration.sensitivity.ranges import FREE, IDENTIFIED
from synaprune.calibration.sensitivity.screening import OTHER_PATIENTS
from synaprune.calibration.space.space import COUNTS, NETWORKS
from synaprune.calibration.targets.target import TABLE3
from synaprune.calibration.targets.titles import constant_title
from synaprune.figures.record import Planned
from synaprune.figures.words import joined, listed
from synaprune.paper.tolerance import SLACK

#: Constants named in a sentence.
_FEW = 3


def figures_of(findings: Findings) -> list[Planned]:
    """Plan every figure that the folder has the numbers for.

    Parameters
    ----------
    findings
        What the folder holds.
    """
    return [
        *_targets(findings),
        *_search(findings),
        *_screened(findings),
        *_ranges(findings),
        *_correlations(findings),
        *_effects(findings),
    ]


def _planned(
    name: str, title: str, drawn: str, seen: str, origin: str, make: Callable[[], Figure]
) -> Planned:
    return Planned(
        name=name, title=title, seen=seen, caption=joined([drawn, seen, origin]), make=make
    )


def within(fits: pd.DataFrame) -> int:
    """Count the targets whose median is within the tolerance."""
    return int((fits["residual"].abs() <= 1 + SLACK).sum())


def _targets(findings: Findings) -> Iterator[Planned]:
    fits = findings.shown
    cells, others = fits[fits["source"] == TABLE3], fits[fits["source"] != TABLE3]
    if len(cells):
        yield _planned(
            "targets",
            "Final values: published and fitted",
            "Each published value with the medians and bands of virtual patients, on a scale of "
            "its tolerance.",
            f"{within(cells)} of {len(cells)} medians are within tolerance.",
            findings.fresh_origin,
            lambda: targets.figure(cells),
        )
    if len(others):
        yield _planned(
            "claims",
            "Sizes stated for courses and differences",
            "What the targets ask of the course and of differences between twins, and what "
            "virtual patients show.",
            f"{within(others)} of {len(others)} medians are within tolerance.",
            findings.fresh_origin,
            lambda: claims.figure(others),
        )


def _search(findings: Findings) -> Iterator[Planned]:
    trials = findings.trials
    count = {status: int((trials["status"] == status).sum())
             for status in (COMPLETE, STOPPED, FAILED)}  # fmt: skip
    yield _planned(
        "search",
        "The search",
        "Loss of every trial: the weighted mean of log2(1 + r⁴), r being the distance of a median "
        "from its target in tolerances.",
        f"{count[COMPLETE]} trials were finished, {count[STOPPED]} stopped as hopeless, "
        f"{count[FAILED]} failed; the best has a loss of {findings.best['loss']:.3g}.",
        findings.origin,
        lambda: search.figure(trials),
    )


def _screened(findings: Findings) -> Iterator[Planned]:
    table = findings.table("sensitivity")
    if table is None:
        return
    known = findings.sensitivity_record
    main = table[(table["output"] == "loss") & (table["name"] != OTHER_PATIENTS)]
    seen = []
    for way, title in screened.PANELS.items():
        here = main[(main["by"] == way) & main["above"]]
        if (main["by"] == way).any():
            names = here.sort_values("mu_star", ascending=False)["name"].head(_FEW)
            strongest = (
                f", most of all {listed([*map(constant_title, names)])}" if len(names) else ""
            )
            seen.append(f"{title}: {len(here)} constants move the loss by more than other patients "
                        f"do{strongest}.")  # fmt: skip
    yield _planned(
        "sensitivity",
        "Which constants matter",
        "Morris screening of the constants over their whole ranges, base rates held; other "
        "patients, an axis that changes no constant, are the noise floor.",
        " ".join(seen),
        f"{known['counting_trajectories']} trajectories without and "
        f"{known['network_trajectories']} with networks, {known['sampler']} "
        f"{known['salib']}, seed {known['seed']}; {known['patients_counted']} patients counted, "
        f"{known['patients_networks']} with networks, seed {known['patients_seed']}.",
        lambda: screened.figure(table),
    )


def _ranges(findings: Findings) -> Iterator[Planned]:
    points, found = findings.table("range_points"), findings.table("ranges")
    if points is None or found is None:
        return
    known = findings.sensitivity_record
    drawn = found[found["best"].notna()]
    if drawn.empty:
        return
    counts = drawn["verdict"].value_counts()
    # records of before there were slices have no number of them
    several = known.get("slices", 0)
    sliced = f"; at most {several} values on each side of a slice" if several else ""
    yield _planned(
        "ranges",
        "What each constant may be",
        "Lowest loss by the value of one constant. All curves are upper bounds: a better fit of "
        "the rest may exist, so that a range can only be wider.",
        f"Of {len(drawn)} constants {counts.get(IDENTIFIED, 0)} are identified within the searched "
        f"range and {counts.get(FREE, 0)} are free.",
        f"{known['values']} values a constant, {known['effort']} steps of the solver at each "
        f"in {known['passes']} passes{sliced}; {findings.origin}",
        lambda: ranges.figure(points, drawn),
    )


def _correlations(findings: Findings) -> Iterator[Planned]:
    last = findings.trials[findings.trials["stage"] == findings.best["stage"]]
    good = correlations.good_trials(last)
    table = correlations.rank_correlations(good, findings.searched(COUNTS, NETWORKS))
    if len(good) < correlations.FEWEST_GOOD or len(table) < _FEW:
        return
    yield _planned(
        "correlations",
        "Which constants stand in for each other",
        f"Rank correlations among the {len(good)} best trials of the last stage. The search chose "
        "them, so they say where good values lie, not how probable they are.",
        correlations.seen(table),
        findings.origin,
        lambda: correlations.figure(table),
    )


def _effects(findings: Findings) -> Iterator[Planned]:
    table = findings.table("twin_effects")
    if table is None:
        return
    shown = table[(table["source"] == TABLE3) & ~table["repeats"]]
    if shown.empty:
        return
    told = int((shown["told"] == True).sum())  # noqa: E712 - missing is neither
    yield _planned(
        "twin_effects",
        "What one pair of networks can tell",
        "Final differences from untreated: the paper's, between single networks; between twins, "
        "over many patients; and between untreated patients, by chance.",
        f"{told} of {len(shown)} published differences are larger than what 95 % of pairs of "
        "untreated patients differ by.",
        findings.fresh_origin,
        lambda: effects.figure(shown),
    )
