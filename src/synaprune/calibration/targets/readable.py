"""What a target may be a number of: the readouts of Table 1, and the sparsity of every layer."""

from __future__ import annotations

from synaprune.model.circuit import LAYERS
from synaprune.model.quantities import READOUT_NAMES
from synaprune.results.columns import layer_column

#: Sparsity of every layer, as blocks call it.
LAYER_SPARSITY = tuple(layer_column("sparsity_percent", layer) for layer in LAYERS)

#: All that a target may be a number of.
READABLE = (*READOUT_NAMES, *LAYER_SPARSITY)
