"""Which constants matter at all: Morris screening with a noise floor.

Every constant is moved alone, from many places of the space, and the change of the loss is kept
(elementary effects; Morris 1991, with the mean of absolute values of Campolongo, Cariboni and
Saltelli 2007). One axis of the design is no constant: it changes who the patients are and nothing
else. What moves the loss less than other patients do cannot be learned from these targets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from synaprune.engine.randomness import generator
from synaprune.errors import InputError

Float = NDArray[np.float64]

#: The axis that changes the seed of the patients and no constant.
OTHER_PATIENTS = "other_patients"

#: Levels of an axis, evenly spaced over its range; a step goes over half of them.
LEVELS = 4

#: Resamples behind the interval of a mean absolute effect.
RESAMPLES = 1000

#: Trajectories below which no spread can be said.
FEWEST = 2

SAMPLER = "SALib.sample.morris"


@dataclass(frozen=True, eq=False)
class Design:
    """Where a screening evaluates.

    Attributes
    ----------
    names
        Axes, `OTHER_PATIENTS` last.
    shares
        (evaluations, axes), each in 0 to 1 from the low to the high end of its range.
    seed
        Of trajectories and resamples.
    """

    names: tuple[str, ...]
    shares: Float
    seed: int

    def __len__(self) -> int:
        return len(self.shares)

    def __iter__(self) -> Iterator[tuple[dict[str, float], int]]:
        """Give for every evaluation the share of each constant, and which patients (0 to 3)."""
        for row in self.shares:
            shares = dict(zip(self.names[:-1], map(float, row[:-1]), strict=True))
            yield shares, round(float(row[-1]) * (LEVELS - 1))


def check_trajectories(trajectories: int) -> None:
    """Refuse too few trajectories to tell an effect from chance.

    Raises
    ------
    InputError
        Fewer than `FEWEST`.
    """
    if trajectories < FEWEST:
        raise InputError(f"trajectories: must be at least {FEWEST} (got {trajectories})")


def design(names: Sequence[str], trajectories: int, seed: int) -> Design:
    """Lay out trajectories, each moving every axis once.

    Parameters
    ----------
    names
        The constants.
    trajectories
        At least two; each costs one evaluation more than there are axes.
    seed
        Of the layout.

    Raises
    ------
    InputError
        Fewer than two trajectories, or no constant.

    Examples
    --------
    >>> len(design(["slope", "gain"], trajectories=3, seed=1))
    12
    """
    check_trajectories(trajectories)
    if not names:
        raise InputError("screening: no constant to move")
    from SALib.sample import morris

    axes = (*names, OTHER_PATIENTS)
    shares = morris.sample(_problem(axes), trajectories, num_levels=LEVELS, seed=seed)
    return Design(axes, np.asarray(shares, dtype=np.float64), seed)


def screened(laid: Design, outputs: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Turn evaluations into effects.

    Parameters
    ----------
    laid
        The design.
    outputs
        By name one number an evaluation, in the design's order.

    Returns
    -------
    pandas.DataFrame
        output, name, mu (mean effect of moving over the whole range), mu_star (mean absolute
        effect) with lower and upper (95 % bootstrap interval over trajectories), sigma (spread
        of effects: interactions and curvature), trajectories (those used: one in which an
        evaluation has no finite value is left out), floor (mu_star of other patients) and above
        (the whole interval lies above the floor's).

    Raises
    ------
    InputError
        An output of another length than the design, or fewer than two trajectories are left.
    """
    return pd.concat(
        [_effects(laid, name, values) for name, values in outputs.items()], ignore_index=True
    )


def _effects(laid: Design, output: str, values: Sequence[float]) -> pd.DataFrame:
    found = np.asarray(values, dtype=np.float64)
    if len(found) != len(laid):
        raise InputError(f"screening: {output} has {len(found)} values for {len(laid)} evaluations")
    effects = elementary_effects(laid, found)
    effects = effects[np.isfinite(effects).all(axis=1)]
    if len(effects) < FEWEST:
        raise InputError(
            f"screening: {output} is finite in {len(effects)} whole trajectories; "
            f"{FEWEST} are needed"
        )
    size = np.abs(effects)
    rng = generator(laid.seed, len(effects))
    chosen = rng.integers(0, len(effects), size=(RESAMPLES, len(effects)))
    lower, upper = np.quantile(size[chosen].mean(axis=1), (0.025, 0.975), axis=0)
    frame = pd.DataFrame(
        {
            "output": output,
            "name": laid.names,
            "mu": effects.mean(axis=0),
            "mu_star": size.mean(axis=0),
            "lower": lower,
            "upper": upper,
            "sigma": effects.std(axis=0, ddof=1),
            "trajectories": len(effects),
        }
    )
    frame["floor"] = frame["mu_star"].iloc[-1]
    frame["above"] = frame["lower"] > upper[-1]
    return frame


def elementary_effects(laid: Design, values: Float) -> Float:
    """Change of an output for a move over the whole range: (trajectories, axes).

    Examples
    --------
    >>> laid = design(["slope", "gain"], trajectories=2, seed=1)
    >>> elementary_effects(laid, 3 * laid.shares[:, 0] - laid.shares[:, 1]).round(6)[0].tolist()
    [3.0, -1.0, 0.0]
    """
    axes = len(laid.names)
    shares = laid.shares.reshape(-1, axes + 1, axes)
    steps = np.diff(shares, axis=1)
    changes = np.diff(values.reshape(-1, axes + 1), axis=1)
    moved = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, moved[:, :, None], axis=2)[:, :, 0]
    effects = np.empty((len(shares), axes))
    np.put_along_axis(effects, moved, changes / size, axis=1)
    return effects


def _problem(axes: Sequence[str]) -> dict[str, object]:
    return {"num_vars": len(axes), "names": list(axes), "bounds": [[0.0, 1.0]] * len(axes)}
