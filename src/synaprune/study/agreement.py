"""Checks that the parts of a study fit together, once, when the study is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from synaprune.model.constants import Constants
from synaprune.study import library
from synaprune.study.arm import doses_of
from synaprune.study.asked import AskedStudy
from synaprune.study.dose import Dose
from synaprune.study.faults import Fault, Path
from synaprune.study.profile import Profile, gaps, too_fast
from synaprune.study.resolving import constants_of, resolved_profile
from synaprune.study.rules import unknown
from synaprune.study.schedule import past_the_end


def disagreements(study: AskedStudy) -> list[Fault]:
    """Find what does not fit together in a study whose single values are right.

    Parameters
    ----------
    study
        A study whose keys and values keep their own rules.

    Returns
    -------
    list of Fault
        Empty where everything fits.
    """
    return [*_profiles(study), *_drugs(study), *_arms(study), *_constants(study)]


def _under(path: Path, found: list[Fault]) -> Iterator[Fault]:
    yield from (Fault((*path, *fault.path), fault.rule) for fault in found)


def _profiles(study: AskedStudy) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for position, profile in enumerate(study.profiles):
        path: Path = ("profiles", position)
        name = profile if isinstance(profile, str) else profile.name
        other = seen.get(name.lower())
        if other == name:
            yield Fault(path, f"must name each profile once ({name!r} stands twice)")
        elif other is not None:
            yield Fault(path, _alike(name, other))
        seen[name.lower()] = name
        if isinstance(profile, Profile):
            yield from _under(path, _profile(study, profile))


def _profile(study: AskedStudy, profile: Profile) -> list[Fault]:
    built_in = library.profiles()
    if profile.name in built_in:
        return [Fault(("name",), f"must not be the name of a built-in one (got {profile.name!r})")]
    other = {name.lower(): name for name in built_in}.get(profile.name.lower())
    if other is not None:
        return [Fault(("name",), _alike(profile.name, other))]
    if profile.like is not None and profile.like not in built_in:
        return [Fault(("like",), unknown("profile", profile.like, built_in))]
    return gaps(profile) or too_fast(
        profile, resolved_profile(profile, library.presets()[study.preset])
    )


def _alike(name: str, other: str) -> str:
    # profiles name files, and many a disk takes A.parquet and a.parquet for one
    return f"must differ from {other!r} by more than upper and lower case (got {name!r})"


def _drugs(study: AskedStudy) -> Iterator[Fault]:
    for name in study.drugs:
        if name in library.drugs():
            yield Fault(("drugs", name), "must not be the name of a built-in drug")


def _arms(study: AskedStudy) -> Iterator[Fault]:
    for name, arm in study.arms.items():
        path: Path = ("arms", name)
        for position, dose in enumerate(doses_of(arm, study.preset)):
            if isinstance(arm, str):
                yield from _treatment(arm, dose, study.cycles, path)
            else:
                yield from _under((*path, position), _dose(study, dose))


def _dose(study: AskedStudy, dose: Dose) -> list[Fault]:
    drugs = (*library.drugs(), *study.drugs)
    found = []
    if dose.drug not in drugs:
        found.append(Fault(("drug",), unknown("drug", dose.drug, drugs)))
    for path, cycle in past_the_end(dose, study.cycles):
        found.append(Fault(path, f"must be a cycle from 0 to {study.cycles - 1} (got {cycle})"))
    return found


def _treatment(name: str, dose: Dose, cycles: int, path: Path) -> Iterator[Fault]:
    late = [cycle for _, cycle in past_the_end(dose, cycles)]
    if late:
        rule = f"treatment {name!r} needs cycle {max(late)}, the course has {_course(cycles)}"
        yield Fault(path, rule)


def _course(cycles: int) -> str:
    return f"cycles 0 to {cycles - 1}" if cycles > 1 else "cycle 0 alone"


def _constants(study: AskedStudy) -> Iterator[Fault]:
    constants = constants_of(study)
    yield from _under(("constants",), _points(constants, study.constants))
    for position, profile in enumerate(study.profiles):
        if isinstance(profile, Profile):
            own = replace(constants, **profile.constants)  # type: ignore[arg-type]
            path: Path = ("profiles", position, "constants")
            yield from _under(path, _points(own, profile.constants))


def _points(constants: Constants, given: Mapping[str, float]) -> list[Fault]:
    """Refuse a split that leaves nothing to test on."""
    if given and round(constants.test_share * constants.samples) < 1:
        key = "test_share" if "test_share" in given else "samples"
        rule = (f"must leave a point to test on (got a share of {constants.test_share:g} "
                f"of {constants.samples} points)")  # fmt: skip
        return [Fault((key,), rule)]
    return []
