"""Names of the columns in a block's file.

A block is one wide table. What exists for every layer has one column a layer, named
``quantity/layer``; what belongs to a patient is repeated on the patient's rows (a constant column
takes almost no space).
"""

from __future__ import annotations

from collections.abc import Iterable

#: What identifies a row.
KEYS = ("profile", "arm", "patient", "cycle")

#: What belongs to a patient and layer.
FACTORS = ("base_rate_factor", "vulnerability_factor")

#: What belongs to a patient.
PRETRAINED = "pretrain_accuracy_percent"

_SEPARATOR = "/"


def layer_column(quantity: str, layer: str) -> str:
    """Name of the column of a quantity in a layer.

    Examples
    --------
    >>> layer_column("noise", "bulbar")
    'noise/bulbar'
    """
    return f"{quantity}{_SEPARATOR}{layer}"


def layers_in(columns: Iterable[str], quantity: str) -> list[str]:
    """Layers that have a column of a quantity, in the order of the columns."""
    prefix = f"{quantity}{_SEPARATOR}"
    return [name.removeprefix(prefix) for name in columns if name.startswith(prefix)]
