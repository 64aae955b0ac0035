"""What the paper claims, sentence by sentence, as data.

A claim here is text and numbers only; how it is checked against a run stands in `claim_checks`,
under the same id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import pandas as pd

from synaprune.paper.published import data_yaml

Kind = Literal["size", "order"]

#: The columns of `claims`, which are the text fields of a claim.
TEXTS = (
    "section",
    "profile",
    "treatment",
    "quantity",
    "when",
    "published",
    "against",
    "code",
    "statement",
    "rule",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of the paper.

    Attributes
    ----------
    id
        Name of the claim and of its check.
    section
        Where the paper makes it.
    profile, treatment, quantity, when
        What it is about.
    published
        The published value, in the project's words.
    kind
        size: a number is stated; order: only which is more, first or the same.
    against
        Where the paper says otherwise; empty where it does not.
    code
        What the published notebook shows instead; empty where it does not contradict.
    statement
        The claim as one plain sentence.
    rule
        What is computed and when it holds.
    numbers
        The published numbers that the check reads.
    """

    id: str
    section: str
    profile: str
    treatment: str
    quantity: str
    when: str
    published: str
    kind: Kind
    against: str
    code: str
    statement: str
    rule: str
    numbers: Mapping[str, float | tuple[float, float]]

    def value(self, name: str) -> float:
        """Give a published number.

        Raises
        ------
        KeyError
            The claim has no number of that name.
        TypeError
            It is a range.
        """
        number = self.numbers[name]
        if isinstance(number, tuple):
            raise TypeError(f"{self.id}: {name} is a range")
        return number

    def range(self, name: str) -> tuple[float, float]:
        """Give a published range as its lower and upper end.

        Raises
        ------
        KeyError
            The claim has no range of that name.
        TypeError
            It is one number.
        """
        number = self.numbers[name]
        if not isinstance(number, tuple):
            raise TypeError(f"{self.id}: {name} is one number")
        return number


def _number(given: float | list[float]) -> float | tuple[float, float]:
    if isinstance(given, list):
        low, high = map(float, given)
        return low, high
    return float(given)


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Claim]:
    """Read the claims, by id, in the order of the paper's sections."""
    claims = (
        Claim(
            **{"code": "", **entry, "numbers": {k: _number(v) for k, v in entry["numbers"].items()}}
        )
        for entry in data_yaml("claims.yaml")
    )
    return {claim.id: claim for claim in claims}


def claims() -> pd.DataFrame:
    """List what the paper claims.

    Returns
    -------
    pandas.DataFrame
        One row a claim: claim, kind, and the texts `TEXTS`.

    Examples
    --------
    >>> len(claims()), sorted(claims()["kind"].unique())
    (35, ['order', 'size'])
    """
    rows = [
        {"claim": claim.id, "kind": claim.kind, **{text: getattr(claim, text) for text in TEXTS}}
        for claim in catalogue().values()
    ]
    return pd.DataFrame(rows)


def rule_terms() -> dict[str, str]:
    """Explain the set phrases and the verdicts that the rules use.

    Examples
    --------
    >>> rule_terms()["holds"]
    'Every counted part of the claim holds, its size and its direction.'
    """
    return {str(term): str(meaning) for term, meaning in data_yaml("rule_terms.yaml").items()}
