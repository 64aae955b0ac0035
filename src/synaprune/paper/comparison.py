"""A run beside the paper: tables, claims and counts in one frozen object.

This is what the command line prints, what the report shows and what `write` puts on disk; all
three read the same frames, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

import pandas as pd

from synaprune.paper.cells import score_table
from synaprune.paper.claim import catalogue
from synaprune.paper.claim_checks import CHECKS
from synaprune.paper.evidence import Evidence
from synaprune.paper.published import published_table2, published_table3
from synaprune.paper.summary import summarise
from synaprune.paper.verdicts import claim_row, part_rows
from synaprune.paper.writing import write_tables


@dataclass(frozen=True, eq=False)
class Comparison:
    """A run compared with the paper.

    Attributes
    ----------
    table2, table3
        One row a published cell: profile, treatment, readout, published, estimate, lower, upper,
        verdict, tolerance, within_tolerance, inside_band, n.
    claims
        One row a claim, with the numbers of its first part.
    claim_parts
        One row a part of a claim.
    summary
        Counts, number of patients, chance level, and whether the verdicts are provisional.
    """

    table2: pd.DataFrame
    table3: pd.DataFrame
    claims: pd.DataFrame
    claim_parts: pd.DataFrame
    summary: Mapping[str, Any]

    def write(self, folder: str | PathLike[str]) -> None:
        """Write all tables as CSV and JSON into ``folder/tables``, the same bytes every time.

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
        write_tables(
            folder,
            {
                "table2": self.table2,
                "table3": self.table3,
                "claims": self.claims,
                "claim_parts": self.claim_parts,
            },
            self.summary,
        )


def compare(readouts: pd.DataFrame, layers: pd.DataFrame, patients: pd.DataFrame) -> Comparison:
    """Hold a run against every published cell and claim.

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
        Verdicts on 24 + 130 cells and 35 claims.

    Raises
    ------
    InputError
        A scenario, patient, cycle or column is missing, or a value is not finite.
    """
    evidence = Evidence.of_frames(readouts, layers, patients)
    table3 = score_table(evidence, published_table3())
    table2 = score_table(evidence, published_table2())
    judged = [(claim, CHECKS[claim.id](evidence, claim)) for claim in catalogue().values()]
    claims = pd.DataFrame([claim_row(claim, parts) for claim, parts in judged])
    return Comparison(
        table2=table2,
        table3=table3,
        claims=claims,
        claim_parts=part_rows(judged),
        summary=summarise(table2, table3, claims, evidence.n),
    )
