"""A trial in a few words that a scientist understands at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from synaprune.calibration.search.trial import Evaluation
from synaprune.calibration.targets.observed import Fit


def in_words(evaluation: Evaluation) -> str:
    """How many numbers a trial meets, and which it misses most."""
    cells = [fit for fit in evaluation.fits if fit.target.is_cell]
    others = [fit for fit in evaluation.fits if not fit.target.is_cell]
    counts = [
        f"{sum(fit.within for fit in part)} of {len(part)} {name}"
        for part, name in ((cells, "published numbers"), (others, "other targets"))
        if part
    ]
    return f"{' and '.join(counts)} within tolerance{_farthest(evaluation.fits)}"


def _farthest(fits: Sequence[Fit]) -> str:
    """The target with a weight that is missed most, where one is missed."""
    missed = [fit for fit in fits if fit.target.weight > 0 and not fit.within]
    if not missed:
        return ""
    worst = max(missed, key=lambda fit: abs(fit.residual))
    target = worst.target
    near = target.low if worst.residual < 0 else target.high
    return f", farthest {target.name.replace('_', ' ')}: {worst.estimate:.4g} against {near:.4g}"


def provenance(evaluation: Evaluation, patients: int, seed: int, trials: int) -> str:
    """Where the values of a trial come from, in one line."""
    return (
        f"Found by synaprune calibrate in {trials} trials (trial {evaluation.number}, stage "
        f"{evaluation.stage}, loss {evaluation.loss:.3f}) with {patients} patients of seed {seed}: "
        f"{in_words(evaluation)}. Research use only, not for clinical decisions."
    )
