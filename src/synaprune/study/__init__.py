"""What can be asked: profiles, drugs, schedules, arms and studies, and the built-in library.

A study is data. It can be written in a file or in Python, is checked as a whole before anything
is computed, and knows nothing of tensors.
"""

from synaprune.study import library
from synaprune.study.dose import Dose
from synaprune.study.drug import Drug
from synaprune.study.faults import Fault, StudyError
from synaprune.study.library import DEFAULT_PRESET
from synaprune.study.loading import load_study
from synaprune.study.profile import Profile, ResolvedProfile
from synaprune.study.resolved import ResolvedStudy
from synaprune.study.schema import schema
from synaprune.study.study import Study, demo_study, paper_study

__all__ = [
    "DEFAULT_PRESET",
    "Dose",
    "Drug",
    "Fault",
    "Profile",
    "ResolvedProfile",
    "ResolvedStudy",
    "Study",
    "StudyError",
    "demo_study",
    "library",
    "load_study",
    "paper_study",
    "schema",
]
