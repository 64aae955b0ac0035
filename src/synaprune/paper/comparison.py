"""A run beside the published network and the paper: one frozen object.

This is what the command line prints, what the report shows and what `write` puts on disk; all
three read the same frames, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

import pandas as pd

from synaprune.paper.claim import catalogue
from synaprune.paper.claim_checks import CHECKS
from synaprune.paper.evidence import Evidence
from synaprune.paper.published import published_table2, published_table3
from synaprune.paper.published_network import published_evidence
from synaprune.paper.ranks import outside_bands, rank_numbers, rank_table
from synaprune.paper.summary import summarise
from synaprune.paper.verdicts import ClaimParts, claim_row, part_rows
from synaprune.paper.writing import write_tables


@dataclass(frozen=True, eq=False)
class Comparison:
    """A run beside the published network and the paper.

    Attributes
    ----------
    published_network
        One row a number of the published network, with bands and rank (`ranks.rank_numbers`).
    shares
        One row for all numbers and one a column: the share inside the bands and its range.
    outside
        One row a scenario and column with numbers outside the bands, the most first.
    table2, table3
        One row a printed cell: profile, treatment, readout, published, median, lower_95,
        upper_95, rank, inside_95, n.
    claims
        One row a claim, with two verdicts and the numbers of its first part.
    claim_parts
        One row a part of a claim.
    summary
        Counts, number of patients, chance level, and whether all of this is provisional.
    """

    published_network: pd.DataFrame
    shares: pd.DataFrame
    outside: pd.DataFrame
    table2: pd.DataFrame
    table3: pd.DataFrame
    claims: pd.DataFrame
    claim_parts: pd.DataFrame
    summary: Mapping[str, Any]

    def write(self, folder: str | PathLike[str]) -> None:
        """Write all tables into ``folder/tables``, the same bytes every time.

        CSV, and JSON beside it for all but the large table of the published network's numbers.

        Parameters
        ----------
        folder
            Created where it does not exist.

        Raises
        ------
        InputError
            They cannot be written, or a file stands where a folder is needed.
        RunError
            The disk is full.
        """
        tables = {
            "published_shares": self.shares,
            "published_outside": self.outside,
            "table2": self.table2,
            "table3": self.table3,
            "claims": self.claims,
            "claim_parts": self.claim_parts,
        }
        large = {"published_network": self.published_network}
        write_tables(folder, tables, large, self.summary)


def compare(readouts: pd.DataFrame, layers: pd.DataFrame, patients: pd.DataFrame) -> Comparison:
    """Set the published network among the patients of a run, and check every claim in both.

    Parameters
    ----------
    readouts
        One row a profile, arm, patient and cycle, with the readouts of Table 1.
    layers
        One row a profile, arm, patient, cycle and layer, with sparsity_percent and flare.
    patients
        One row a patient, with pretrain_accuracy_percent.

    Returns
    -------
    Comparison
        Ranks of up to 28,980 numbers and 24 + 130 printed cells, verdicts on 35 claims.

    Raises
    ------
    InputError
        A scenario that a claim needs, a patient, cycle or column is missing, or a value is not
        finite.
    """
    evidence, network = Evidence.of_frames(readouts, layers, patients), published_evidence()
    numbers, shares = rank_numbers(evidence)
    table2, table3 = (
        rank_table(evidence, table) for table in (published_table2(), published_table3())
    )
    checked = [
        ClaimParts(claim, CHECKS[claim.id](evidence, claim), CHECKS[claim.id](network, claim))
        for claim in catalogue().values()
    ]
    claims = pd.DataFrame([claim_row(each) for each in checked])
    return Comparison(
        published_network=numbers,
        shares=shares,
        outside=outside_bands(numbers),
        table2=table2,
        table3=table3,
        claims=claims,
        claim_parts=part_rows(checked),
        summary=summarise(shares, table2, table3, claims, evidence.n),
    )
