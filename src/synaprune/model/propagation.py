"""Forward and backward pass of one network.

Written out by hand because the circuit is small and fixed in its wiring: no graph is recorded,
and each layer's products take the form that suits what is left of it. Activations are (units,
samples). An independent implementation on automatic differentiation checks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from synaprune.model.circuit import Circuit
from synaprune.model.draws import Draws
from synaprune.model.kernels import kernels
from synaprune.model.products import Product
from synaprune.model.signals import Memory, Signal, Slope

#: Called with a layer's position, the slope at its sums and what it received.
Visit = Callable[[int, Slope, Signal], None]


def draw_noise(
    circuit: Circuit, draws: Draws, purpose: str, samples: int, step: int = 0
) -> list[Any]:
    """Draw unit noise for every layer's activation: (units, samples) each, as kernels take it."""
    drawn = [
        draws.normal(purpose, (layer.units, samples), layer=layer.name, step=step)
        for layer in circuit
    ]
    return [kernels(noise).native(noise) for noise in drawn]


def no_noise(circuit: Circuit, samples: int, like: Tensor) -> list[Any]:
    """Give zeros in the place of `draw_noise`, in the precision and on the device of a tensor."""
    zeros = [like.new_zeros((layer.units, samples)) for layer in circuit]
    return [kernels(noise).native(noise) for noise in zeros]


def forward(
    circuit: Circuit,
    products: Sequence[Product],
    biases: Sequence[Any],
    points: Tensor,
    noise: Sequence[Any],
    noise_sd: Sequence[float],
    memory: Memory,
) -> Tensor:
    """Run points through one network.

    Parameters
    ----------
    circuit
        The circuit.
    products, biases
        Of each layer.
    points
        (2, samples).
    noise
        Unit noise of each layer's activation, added before the rectifier (published notebook)
        where the memory says so, else after it.
    noise_sd
        Its standard deviation in each layer.
    memory
        Filled; what `backward` starts from.

    Returns
    -------
    torch.Tensor
        Output of the last layer, noise included, without a rectifier (departs from the paper's
        words: a rectified logit cannot be trained well): (classes, samples), in `memory`.
    """
    loops = kernels(points)
    memory.receive(points)
    for position, layer in enumerate(circuit):
        given = memory.given[position]
        products[position].forward(memory.received[position], given)
        if layer.group == "readout":
            loops.offset(given.values, given.bits, biases[position], noise[position],
                         noise_sd[position], given.rounded)  # fmt: skip
        else:
            narrow = memory.half and any(products[p].rounds for p in memory.readers[position])
            loops.activate(given.values, given.bits, biases[position], noise[position],
                           noise_sd[position], memory.heard[position], given.rounded,
                           narrow, memory.noise_first)  # fmt: skip
    return memory.given[-1].single


def backward(
    circuit: Circuit, products: Sequence[Product], memory: Memory, labels: Tensor, visit: Visit
) -> None:
    """Carry the slope of the mean cross-entropy back, and show it at each layer.

    A layer is visited after its weights have been used, so a visit may change them.

    Parameters
    ----------
    circuit, products
        As in `forward`.
    memory
        As the forward pass left it; slopes are filled.
    labels
        int64, (samples,).
    visit
        What to do at each layer, from the last to the first.
    """
    loops = kernels(labels)
    last = memory.slope[-1]
    loops.loss_slope(memory.given[-1].values, loops.native(labels), last.values)
    last.rounded = False
    for position in reversed(range(len(circuit))):
        product, slope = products[position], memory.slope[position]
        if circuit.layers[position].group == "readout":
            loops.sum_samples(slope.values, slope.bits, slope.sums, product.rounds)
        else:
            slope.live = loops.rectify_back(
                slope.values, slope.bits, memory.heard[position], slope.sums, slope.units,
                slope.rounded, product.rounds, product.packs,
            )  # fmt: skip
        sent = memory.sent[position]
        if sent is not None:
            product.back(slope, sent, add=memory.adds[position])
            for part in memory.parts[position]:
                part.rounded = sent.rounded
        visit(position, slope, memory.received[position])


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of points whose largest logit is their label, in percent."""
    return 100.0 * kernels(logits).hits(logits, labels) / len(labels)
