"""The study: what a user asks for, complete enough to compute and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import model_validator

from synaprune.study import library
from synaprune.study.agreement import disagreements
from synaprune.study.asked import AskedStudy
from synaprune.study.messages import failure
from synaprune.study.resolved import ResolvedStudy
from synaprune.study.resolving import resolve
from synaprune.study.yaml_text import to_yaml


class Study(AskedStudy):
    """Profiles x arms x patients, and everything that can be set about them.

    The same keys are used in a study file (`load_study`) and in Python; a part of a study is
    written as a mapping. What is wrong is said at construction, in one line.

    Raises
    ------
    StudyError
        An `InputError`: a key or value cannot be used, or two of them do not agree.

    Examples
    --------
    >>> study = Study(
    ...     name="late-start",
    ...     profiles=["als_standard", "control"],
    ...     arms={"untreated": [], "late": [{"drug": "ketamine", "from": 10, "every": 2}]},
    ...     patients=2,
    ...     seed=1,
    ... )
    >>> study.resolve().arms["late"]["ketamine"][:3]
    (10, 12, 14)
    """

    if TYPE_CHECKING:
        # Lists may stand where tuples are kept, and mappings where parts are: rules decide.
        def __init__(self, /, **data: Any) -> None: ...

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        found = disagreements(self)
        if found:
            raise failure(found)
        return self

    def resolve(self) -> ResolvedStudy:
        """Fill in every default.

        Returns
        -------
        ResolvedStudy
            Everything that a computation needs.
        """
        return resolve(self)

    def to_yaml(self) -> str:
        """Write the keys that were given as a study file; loading it gives an equal study."""
        return to_yaml(self.as_given())


def paper_study(patients: int, seed: int) -> Study:
    """Ask for the paper's 42 scenarios: every built-in profile with every treatment.

    Parameters
    ----------
    patients
        Virtual patients in each scenario; the paper ran one network.
    seed
        Names all random draws.

    Returns
    -------
    Study
        Named ``paper``.

    Examples
    --------
    >>> study = paper_study(patients=8, seed=1)
    >>> len(study.profiles) * len(study.arms)
    42
    """
    return Study(
        name="paper",
        profiles=list(library.profiles()),
        arms={treatment: treatment for treatment in library.treatments()},
        patients=patients,
        seed=seed,
    )


def demo_study(seed: int = 1) -> Study:
    """Ask for one patient with standard ALS, untreated and under two treatments.

    Parameters
    ----------
    seed
        Names all random draws.

    Returns
    -------
    Study
        Named ``demo``.
    """
    treatments = ("untreated", "riluzole_continuous", "ketamine_maintenance")
    return Study(
        name="demo",
        profiles=["als_standard"],
        arms={treatment: treatment for treatment in treatments},
        patients=1,
        seed=seed,
    )
