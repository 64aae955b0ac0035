"""From a study to the reference: its scenarios, and the published network run again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import TypeVar

import torch

from synaprune import reference
from synaprune.reference import Course, Healthy, PublishedDraws, follow, pretrain
from synaprune.study import ResolvedStudy, paper_study

Numbers = TypeVar("Numbers", reference.Constants, reference.Drug)

#: Seed of the published network (published notebook).
PUBLISHED_SEED = 42

#: Greatest seed that numpy's legacy generator takes, for factors as well.
GREATEST_SEED = 2**32 - 1 - PublishedDraws.FACTOR_SEED


def scenario(study: ResolvedStudy, profile: str, arm: str) -> reference.Scenario:
    """Give one profile and arm of a study to the reference.

    The reference follows the published forms alone, whatever forms the study names.

    Parameters
    ----------
    study
        The study.
    profile, arm
        Two of its names.

    Examples
    --------
    >>> scenario(paper_study(1, 1).resolve(), "mdd", "ketamine_early").doses
    {'ketamine': (2, 4, 6)}
    """
    constants, disease = study.constants_of(profile), study.profiles[profile]
    return reference.Scenario(
        units=study.circuit,
        constants=_like(reference.Constants, constants),
        base_rate=disease.base_rate,
        vulnerability=disease.vulnerability,
        clearance=disease.clearance,
        drugs={name: _like(reference.Drug, drug) for name, drug in study.drugs.items()},
        doses=study.arms[arm],
        cycles=study.cycles,
    )


def replay(
    scenarios: Iterable[tuple[str, str]], seed: int = PUBLISHED_SEED
) -> Iterator[tuple[str, str, Course]]:
    """Run the published network, or a sibling of it, on one thread.

    Parameters
    ----------
    scenarios
        Profiles and treatments of the paper.
    seed
        0 to `GREATEST_SEED`.

    Yields
    ------
    profile, treatment, course
    """
    study = paper_study(patients=1, seed=seed).resolve()
    healthy: dict[str, Healthy] = {}
    for profile, treatment in scenarios:
        asked = scenario(study, profile, treatment)
        with one_thread():
            if profile not in healthy:
                healthy[profile] = pretrain(asked, PublishedDraws(seed))
            course = follow(asked, healthy[profile])
        yield profile, treatment, course


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep torch to one thread: how many share a sum decides its last digits."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _like(kind: type[Numbers], source: object) -> Numbers:
    return kind(**{field.name: getattr(source, field.name) for field in fields(kind)})
