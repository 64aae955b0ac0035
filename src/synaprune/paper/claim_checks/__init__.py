"""The claims as executable checks, one function a claim, registered by the claim's id.

The files follow the paper's Results: progression, subtypes, treatments, comorbidity. What each
function computes and when it counts is written as the claim's rule in ``data/claims.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from synaprune.paper.claim import Claim
from synaprune.paper.claim_checks import comorbidity, progression, subtypes, treatments
from synaprune.paper.evidence import Evidence
from synaprune.paper.part import Part

Check = Callable[[Evidence, Claim], list[Part]]

#: Every check by claim id.
CHECKS: Mapping[str, Check] = {
    **progression.CHECKS,
    **subtypes.CHECKS,
    **treatments.CHECKS,
    **comorbidity.CHECKS,
}
