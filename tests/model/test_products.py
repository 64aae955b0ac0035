"""Products in every form: what each leaves out, and how near it comes to the exact one."""

from math import ceil

import numpy as np
import pytest
import torch

from synaprune.engine.randomness import Streams
from synaprune.model.circuit import Circuit
from synaprune.model.kernels import cpu
from synaprune.model.pretraining import initial_parameters
from synaprune.model.products import Dense, HalfDense, Sparse, half, product, products
from synaprune.model.products.together import Member
from synaprune.model.propagation import backward, draw_noise, forward
from synaprune.model.signals import Memory, Signal, Slope


def signal(tensor, kind=Signal):
    """A signal that holds numbers in both precisions."""
    made = kind(tensor.clone(), tensor.bfloat16())
    made.rounded = False
    return made


@pytest.mark.parametrize("form", [Dense, HalfDense, Sparse])
def test_dead_weights_have_a_gradient_and_do_not_move(form):
    weight, alive = torch.ones(12, 10), torch.ones(12, 10, dtype=torch.bool)
    alive[3] = False
    alive[5, 2] = False
    slope, received = signal(torch.ones(12, 4), Slope), signal(torch.ones(10, 4))
    count = (int(alive.sum()),) if form is Sparse else ()
    gradient = np.full((12, 10), np.nan, np.float32)
    form(weight, alive, *count).descend_measured(slope, received, 0.125, gradient)
    assert np.all(gradient == 4.0)
    assert torch.equal(weight, torch.where(alive, 0.5, 1.0))


@pytest.mark.parametrize("density", [0.0, 0.03, 0.29])
@pytest.mark.parametrize("samples", [1, 7, 256])
def test_sparse_products_stay_within_a_hundred_thousandth_of_dense_ones(density, samples):
    draws = Streams(3, 0)
    alive = draws.uniform("alive", (64, 48)) < density
    weight = draws.normal("weight", (64, 48)) * alive
    other = weight.clone()
    received = signal(draws.normal("x", (48, samples)))
    slope = signal(draws.normal("s", (64, samples)), Slope)
    found = []
    for form, mine in (
        (Sparse(other, alive, int(alive.sum())), other),
        (Dense(weight, alive), weight),
    ):
        ahead, sent = signal(torch.zeros(64, samples)), signal(torch.zeros(48, samples))
        gradient, more = np.zeros((64, 48), np.float32), signal(torch.ones(48, samples))
        form.forward(received, ahead)
        form.back(slope, sent, add=False)
        form.back(slope, more, add=True)
        form.descend_measured(slope, received, 1e-2, gradient)
        form.descend(slope, received, 1e-2)
        found.append([ahead.single, sent.single, more.single, torch.from_numpy(gradient), mine])
    for mine, theirs in zip(*found, strict=True):
        scale = max(1.0, float(theirs.abs().max()))
        assert float((mine - theirs).abs().max()) <= 1e-5 * scale
    assert torch.count_nonzero(other[~alive]) == 0


def test_products_in_bfloat16_are_those_of_rounded_numbers():
    draws = Streams(3, 0)
    alive = draws.uniform("alive", (64, 48)) < 0.6
    weight = draws.normal("weight", (64, 48)) * alive
    rounded = weight.bfloat16().double()
    form = HalfDense(weight, alive)
    received = signal(draws.normal("x", (48, 32)))
    slope = signal(draws.normal("s", (64, 32)), Slope)
    ahead, sent = signal(torch.zeros(64, 32)), signal(torch.zeros(48, 32))
    form.forward(received, ahead)
    form.back(slope, sent, add=False)
    assert ahead.rounded
    assert sent.rounded
    ahead.fill()
    assert torch.allclose(
        ahead.single.double(), rounded @ received.half.double(), rtol=0.01, atol=0.1
    )
    expected = rounded.T @ slope.half.double()
    assert torch.allclose(sent.half.double(), expected, rtol=0.01, atol=0.1)
    form.back(slope, sent, add=True)
    assert not sent.rounded
    assert torch.allclose(sent.single.double(), 2 * expected, rtol=0.02, atol=0.2)


@pytest.mark.parametrize("native", [False, True])
def test_bfloat16_is_multiplied_the_same_where_the_processor_cannot(native, monkeypatch):
    monkeypatch.setattr(half, "half_is_native", lambda: native)
    draws = Streams(3, 0)
    one, other = (draws.normal(name, (64, 64)).bfloat16() for name in ("one", "other"))
    out = torch.empty((64, 64), dtype=torch.bfloat16)
    half.multiply_half(one, other.T, out)
    exact = one.double() @ other.double().T
    # a bfloat16 has eight bits: its rounding error is at most 2^-8 of the number
    assert torch.all((out.double() - exact).abs() <= exact.abs() / 256 + 1e-4)


@pytest.mark.parametrize("form", [Dense, HalfDense, Sparse])
def test_a_step_is_the_same_measured_or_not(form):
    """To the last bit: which runs are measured depends on the arms of a study."""
    draws = Streams(3, 0)
    alive = draws.uniform("alive", (64, 48)) < 0.6
    count = (int(alive.sum()),) if form is Sparse else ()
    weight = draws.normal("weight", (64, 48)) * alive
    plain, measured = weight.clone(), weight.clone()
    received = signal(draws.normal("x", (48, 32)))
    slope = signal(draws.normal("s", (64, 32)), Slope)
    form(plain, alive, *count).descend(slope, received, 1e-2)
    form(weight, alive, *count).descend_measured(slope, received, 1e-2, None)
    gradient = np.zeros((64, 48), np.float32)
    form(measured, alive, *count).descend_measured(slope, received, 1e-2, gradient)
    assert torch.equal(weight, measured)
    assert torch.allclose(weight, plain, atol=1e-6)
    assert torch.count_nonzero(measured[~alive]) == torch.count_nonzero(plain[~alive]) == 0


def test_the_form_follows_density_and_size_alone():
    def form(share, *, half=False, shape=(256, 128)):
        alive = torch.zeros(shape, dtype=torch.bool)
        alive.view(-1)[: ceil(share * alive.numel())] = True
        return type(product(torch.zeros(shape), alive, half=half))

    assert form(0.29) is Sparse
    assert form(0.3) is Dense
    assert form(0.11, half=True) is Sparse
    assert form(0.12, half=True) is HalfDense
    assert form(0.29, half=True, shape=(64, 128)) is Sparse
    assert form(0.3, half=True, shape=(64, 128)) is Dense


@pytest.mark.parametrize(
    ("form", "dtype", "error"), [(Dense, torch.float64, 1e-12), (HalfDense, torch.float32, 0.02)]
)
def test_leaving_silent_units_out_changes_nothing_but_rounding(form, dtype, error):
    draws = Streams(3, 0, dtype=dtype)
    alive = draws.uniform("alive", (64, 48)) < 0.6
    weight = draws.normal("weight", (64, 48)) * alive
    received = signal(draws.normal("x", (48, 32)))
    heard = (draws.uniform("heard", (64, 32)) < 0.5) & (torch.arange(64) % 3 > 0)[:, None]
    found = []
    for packs, live in ((0, 64), (1, 42), (16, 48)):
        mine = weight.clone()
        dense = form(mine, alive, packs=packs)
        slope = signal(draws.normal("s", (64, 32)), Slope)
        slope.live = cpu.rectify_back(
            slope.values, slope.bits, heard.numpy(), slope.sums, slope.units, False,
            dense.rounds, packs,
        )  # fmt: skip
        assert slope.live == live
        sent, more = (signal(start(48, 32, dtype=dtype)) for start in (torch.zeros, torch.ones))
        dense.back(slope, sent, add=False)
        dense.back(slope, more, add=True)
        dense.descend(slope, received, 1e-2)
        gradient = np.full((64, 48), np.nan, slope.values.dtype)
        dense.descend_measured(slope, received, 1e-2, gradient)
        sent.fill()
        found.append([sent.single, more.single - 1, mine, torch.from_numpy(gradient)])
    for one, *others in zip(*found, strict=True):
        for other in others:
            assert torch.allclose(one, other, rtol=error, atol=error)
    assert torch.allclose(found[0][0], found[0][1], rtol=error, atol=error)


class Streams64:
    """The last layers of the paper's circuit behind small ones, in bfloat16."""

    def __init__(self, *, together, share=1.0):
        sizes = {"prefrontal_limbic": 8, "upper_motor": 8}
        self.circuit = Circuit.of_sizes(sizes)
        draws = Streams(5, 0)
        parameters = initial_parameters(self.circuit, draws)
        self.weights, self.biases = parameters[::2], [bias.numpy() for bias in parameters[1::2]]
        self.alive = [draws.uniform("alive", layer.shape, layer=layer.name) < share
                      for layer in self.circuit]  # fmt: skip
        for weight, alive in zip(self.weights, self.alive, strict=True):
            weight.mul_(alive)
        self.products = products(self.weights, self.alive, self.circuit.together, half=True)
        if not together:
            self.products[4:7] = map(HalfDense, self.weights[4:7], self.alive[4:7])
        self.points = draws.normal("points", (2, 96))
        self.labels = draws.integers("labels", (96,), 4)
        self.noise = draw_noise(self.circuit, draws, "noise", 96)
        self.memory = Memory(self.circuit, 96, self.points, half=True)
        self.gradients = [np.full(weight.shape, np.nan, np.float32) for weight in self.weights]

    def step(self, *, measured=False):
        """Take a step of descent; give the logits before it."""
        logits = forward(self.circuit, self.products, self.biases, self.points, self.noise,
                         [0.01] * 8, self.memory).clone()  # fmt: skip

        def visit(position, slope, received):
            if measured:
                self.products[position].descend_measured(slope, received, 0.5,
                                                         self.gradients[position])  # fmt: skip
            else:
                self.products[position].descend(slope, received, 0.5)

        backward(self.circuit, self.products, self.memory, self.labels, visit)
        return logits


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_streams_multiplied_together_are_those_multiplied_apart(share):
    # each product rounds to eight bits, 0.4 percent; a few of them stand in a row
    one, other = Streams64(together=True, share=share), Streams64(together=False, share=share)
    assert [type(product) for product in one.products[3:]] == [HalfDense, *[Member] * 3, Dense]
    start = [weight.clone() for weight in other.weights]
    for measured in (False, True):
        mine, theirs = one.step(measured=measured), other.step(measured=measured)
        assert torch.allclose(mine, theirs, atol=0.01 * float(theirs.abs().max()))
    for position, before in enumerate(start):
        moved, expected = one.weights[position] - before, other.weights[position] - before
        assert 0 < float((moved - expected).norm()) < 0.03 * float(expected.norm())
        assert torch.count_nonzero(one.weights[position][~one.alive[position]]) == 0
        measured, expected = (torch.from_numpy(s.gradients[position]) for s in (one, other))
        assert 0 < float((measured - expected).norm()) < 0.03 * float(expected.norm())


def test_streams_are_multiplied_together_while_all_of_them_are_dense():
    whole = Streams64(together=True)
    whole.alive[5][8:] = False
    kept = products(whole.weights, whole.alive, whole.circuit.together, half=True)
    assert [type(product) for product in kept[4:7]] == [Dense, Sparse, Dense]
    single = products(whole.weights, whole.alive, whole.circuit.together)
    assert type(single[4]) is Dense
    small = Circuit.of_sizes({"bulbar": 8, "respiratory": 8, "fine_motor": 8})
    weights = [torch.zeros(layer.shape) for layer in small]
    alive = [torch.ones(layer.shape, dtype=torch.bool) for layer in small]
    assert type(products(weights, alive, small.together, half=True)[4]) is Dense
