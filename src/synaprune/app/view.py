"""What a tab looks at: run, profile, readout and arm, as the address of the page names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synaprune.errors import InputError, nearest
from synaprune.figures.words import READOUT

if TYPE_CHECKING:
    from synaprune.figures.material import Material

#: What is shown first.
FIRST_READOUT = "alsfrs_r_proxy"

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class View:
    """One view; an empty text stands for a choice that is not made.

    Attributes
    ----------
    run, profile, readout, arm
        Names.
    """

    run: str = ""
    profile: str = ""
    readout: str = ""
    arm: str = ""

    @classmethod
    def of(cls, asked: object) -> View:
        """Read what a page sends; anything but short text counts as not chosen.

        Examples
        --------
        >>> View.of({"run": "paper", "readout": 3})
        View(run='paper', profile='', readout='', arm='')
        """
        found = asked if isinstance(asked, Mapping) else {}

        def text(key: str) -> str:
            value = found.get(key)
            return value if isinstance(value, str) and len(value) <= _LONGEST else ""

        return cls(text("run"), text("profile"), text("readout"), text("arm"))

    def within(self, material: Material) -> View:
        """Fill in what is not chosen.

        Parameters
        ----------
        material
            The run that is looked at.

        Raises
        ------
        InputError
            The run has no such profile, readout or arm.
        """
        from synaprune.figures.circuit_state import telling_scene  # with its material, not before

        profile = _chosen("profile", self.profile, material.profiles)
        readout = _chosen("readout", self.readout or FIRST_READOUT, READOUT)
        telling = telling_scene(material, profile).arms[-1]
        return View(self.run, profile, readout, _chosen("arm", self.arm or telling, material.arms))


def _chosen(what: str, name: str, allowed: Iterable[str]) -> str:
    names = list(allowed)
    if not name:
        return names[0]
    if name not in names:
        raise InputError(f"unknown {what} {name!r} in this run; {nearest(name, names)}")
    return name
