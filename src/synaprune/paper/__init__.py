"""The paper beside a run: published numbers as data, claims as executable checks.

Source: Ngo Cheung, "Maintenance Plasticity Rescue Slows ALS Progression in a Pruning-Continuum
Model", 2026, and the published notebook of the same title. This package reads tidy frames
and knows nothing of how a run was computed.
"""

from synaprune.paper.claim import claims, rule_terms
from synaprune.paper.comparison import Comparison, compare
from synaprune.paper.published import published_table2, published_table3, reference_points
from synaprune.paper.published_network import published_network

__all__ = [
    "Comparison",
    "claims",
    "compare",
    "published_network",
    "published_table2",
    "published_table3",
    "reference_points",
    "rule_terms",
]
