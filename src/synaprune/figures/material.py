"""What figures and reports read: the tidy frames of a run, and what was asked, in words.

A figure needs more than numbers: the title of an arm, the cycles of its doses. All of it stands
in the run folder; it is read once, here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from synaprune.errors import InputError
from synaprune.figures.palette import Look, looks, treatment_of
from synaprune.figures.words import arm_title, plain_title
from synaprune.paper import Comparison, compare
from synaprune.paper.published_network import published_course
from synaprune.paper.scenarios import CYCLES, PROFILES, REQUIRED
from synaprune.results.folder import RESOLVED
from synaprune.results.run import Run
from synaprune.study import library
from synaprune.study.asked import RENAMED_PRESETS
from synaprune.study.schedule import Schedule

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Material:
    """A run, arranged for showing.

    Attributes
    ----------
    readouts, layers, patients
        The tidy frames of `synaprune.load_run`.
    arms
        By arm and drug the cycles of its doses, in the order asked for.
    profiles
        Title by profile, in the order asked for.
    cycles
        Length of the course.
    name, seed, study_sha256
        Of the study.
    preset
        The built-in preset whose treatments its arms may be.
    """

    readouts: pd.DataFrame
    layers: pd.DataFrame
    patients: pd.DataFrame
    arms: Mapping[str, Schedule]
    profiles: Mapping[str, str]
    cycles: int
    name: str
    seed: int
    study_sha256: str
    preset: str = library.DEFAULT_PRESET
    _courses: dict[tuple[str, ...], FloatArray] = field(default_factory=dict, repr=False)

    @classmethod
    def of_run(cls, run: Run) -> Material:
        """Read what a run folder holds.

        Raises
        ------
        InputError
            A block or the resolved study cannot be read.
        """
        document = resolved_document(run.folder)
        given = {
            arm: {drug: tuple(days) for drug, days in doses.items()}
            for arm, doses in document["arms"].items()
        }
        titles = {
            name: plain_title(profile["title"]) for name, profile in document["profiles"].items()
        }
        return cls(
            readouts=run.to_frame(),
            layers=run.to_frame("layers"),
            patients=run.patients(),
            arms=given,
            profiles=titles,
            cycles=int(document["cycles"]),
            name=run.manifest.name,
            seed=run.manifest.seed,
            study_sha256=run.manifest.study_sha256,
            preset=_known_preset(run.manifest.preset),
        )

    @property
    def n(self) -> int:
        """Number of patients."""
        return self.patients["patient"].nunique()

    def months(self, *profiles: str) -> float:
        """Give the months of a cycle, which belong to a profile.

        Parameters
        ----------
        *profiles
            Which; all by default.

        Returns
        -------
        float
            The months from cycle 0 to cycle 1; 0 where profiles differ in them, and where the
            course has one cycle: time is then counted in cycles alone.
        """
        lengths = {self._months.get(profile, 0.0) for profile in profiles or self.profiles}
        return lengths.pop() if len(lengths) == 1 else 0.0

    @cached_property
    def _months(self) -> dict[str, float]:
        second = self.readouts[self.readouts["cycle"] == 1].drop_duplicates("profile")
        return dict(zip(second["profile"], second["month"].astype(float), strict=True))

    @property
    def last(self) -> int:
        """The final cycle."""
        return self.cycles - 1

    @cached_property
    def looks(self) -> dict[str, Look]:
        """How each arm is drawn."""
        return looks(self.arms, self.cycles, self.preset)

    @cached_property
    def arm_titles(self) -> dict[str, str]:
        """Each arm in words."""
        return {arm: arm_title(arm, self.treatment(arm)) for arm in self.arms}

    def treatment(self, arm: str) -> str | None:
        """Name the built-in treatment whose doses an arm has; None for any other arm."""
        return treatment_of(self.arms[arm], self.cycles, self.preset)

    @cached_property
    def layer_names(self) -> tuple[str, ...]:
        """Layers in the order of the circuit."""
        return tuple(dict.fromkeys(self.layers["layer"]))

    @cached_property
    def reference(self) -> str | None:
        """The arm that others are compared with: the first without doses, if there is one."""
        return next((arm for arm, doses in self.arms.items() if not doses), None)

    @property
    def treated(self) -> tuple[str, ...]:
        """All arms but the reference."""
        return tuple(arm for arm in self.arms if arm != self.reference)

    @cached_property
    def comparison(self) -> Comparison | None:
        """The run beside the published network, where it has the paper's scenarios; else None.

        A scenario counts by the name of its profile and the doses of its arm.

        Raises
        ------
        InputError
            The run has the scenarios, but a value in them is not finite.
        """
        treatments = {arm for arm in self.arms if self.treatment(arm) == arm}
        has = self.cycles == CYCLES and all(
            profile in self.profiles and treatment in treatments for profile, treatment in REQUIRED
        )
        return compare(self.readouts, self.layers, self.patients) if has else None

    @property
    def origin(self) -> str:
        """Patients, seed and study hash, as every caption carries them."""
        people = "1 virtual patient" if self.n == 1 else f"{self.n} virtual patients"
        return f"{people}, seed {self.seed}, study {self.study_sha256[:8]}."

    def course(self, profile: str, arm: str, readout: str) -> FloatArray:
        """Give a readout, patients by cycles."""
        return self._grid(self.readouts, (profile, arm), readout)

    def layer_course(self, profile: str, arm: str, layer: str, quantity: str) -> FloatArray:
        """Give a quantity of a layer, patients by cycles."""
        return self._grid(self.layers, (profile, arm, layer), quantity)

    def published_course(self, profile: str, arm: str, column: str) -> FloatArray | None:
        """Give a course of the published network; None where it has none.

        The arm is recognised by its doses, the profile by its name; a course of another length
        is another one.

        Parameters
        ----------
        profile, arm
            The scenario.
        column
            A readout, or a layer for its sparsity in percent.
        """
        treatment = self.treatment(arm)
        if treatment is None or profile not in PROFILES or self.cycles != CYCLES:
            return None
        return published_course(profile, treatment, column)

    def flare_share(self, profile: str, arm: str) -> FloatArray:
        """Give for each cycle the share of patients in whom any layer flares."""
        key = ("", "flares", profile, arm)
        if key not in self._courses:
            here = (self.layers["profile"] == profile) & (self.layers["arm"] == arm)
            rows = self.layers[here]
            any_layer = rows.groupby(["patient", "cycle"])["flare"].any()
            self._courses[key] = np.asarray(any_layer.groupby("cycle").mean(), dtype=np.float64)
        return self._courses[key]

    def _grid(self, frame: pd.DataFrame, where: tuple[str, ...], column: str) -> FloatArray:
        key = (*where, column)
        if key not in self._courses:
            names = ("profile", "arm", "layer")[: len(where)]
            chosen: NDArray[np.bool_] = np.ones(len(frame), dtype=bool)
            for name, value in zip(names, where, strict=True):
                chosen &= (frame[name] == value).to_numpy(dtype=bool)
            wide = frame[chosen].pivot(index="patient", columns="cycle", values=column)
            self._courses[key] = wide.to_numpy(dtype=np.float64)
        return self._courses[key]


def _known_preset(name: str) -> str:
    """Give a built-in preset by its name now; the default one for a preset of a user's own."""
    now = RENAMED_PRESETS.get(name, name)
    return now if now in library.presets() else library.DEFAULT_PRESET


def resolved_document(folder: Path) -> dict[str, Any]:
    """Read the study of a run with every default filled in, as plain values.

    Raises
    ------
    InputError
        The file is missing or damaged.
    """
    path = folder / RESOLVED
    try:
        document = YAML(typ="safe", pure=True).load(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (YAMLError, ValueError) as error:
        raise InputError(f"{path}: damaged, not YAML") from error
    needed = ("arms", "profiles", "cycles", "constants")
    lacking = [key for key in needed if not isinstance(document, dict) or key not in document]
    if lacking:
        raise InputError(f"{path}: damaged, has no {lacking[0]}")
    return dict(document)
