"""Figures of a calibration, in the look of all others; captions carry seeds, patients, trials."""

from synaprune.calibration.figures.catalogue import figures_of

__all__ = ["figures_of"]
