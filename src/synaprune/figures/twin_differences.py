"""Treated minus untreated in the same patient: the numbers behind effects in figure and report.

Arms of a patient share every random draw, so that a difference within a patient is the drug's;
its mean over patients has a t interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from synaprune.figures.material import FloatArray, Material

Over = Literal["end", "course"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a patient, and what it means.

    Attributes
    ----------
    readout
        What is read.
    over
        end: at the final cycle; course: mean over all cycles.
    title
        Short name in words.
    better
        1 where more is better, -1 where less is, 0 where neither is.
    """

    readout: str
    over: Over
    title: str
    better: int

    @property
    def when(self) -> str:
        """Say over what it is taken."""
        return "at the end" if self.over == "end" else "over the course"

    def of(self, course: FloatArray) -> FloatArray:
        """Take it from a course, patients by cycles."""
        values: FloatArray = course[:, -1] if self.over == "end" else course.mean(axis=1)
        return values


#: What treatments are compared by, in the order of figure and tables.
MEASURES = (
    Measure("alsfrs_r_proxy", "course", "ALSFRS-R proxy", 1),
    Measure("alsfrs_r_proxy", "end", "ALSFRS-R proxy", 1),
    Measure("motor_integrity_percent", "end", "Motor integrity", 1),
    Measure("respiratory_risk_percent", "end", "Respiratory risk", -1),
    Measure("depression_score", "end", "Depression", -1),
    Measure("nfl_proxy", "end", "NfL proxy", 0),
)


def differences(material: Material, profile: str, arm: str, measure: Measure) -> FloatArray:
    """Subtract the reference arm, patient by patient.

    Raises
    ------
    ValueError
        The run has no arm without doses.
    """
    if material.reference is None:
        raise ValueError("no arm without doses to compare with")
    treated = measure.of(material.course(profile, arm, measure.readout))
    return treated - measure.of(material.course(profile, material.reference, measure.readout))
