"""The engine against the plain implementation: two programs, one specification, same numbers."""

from dataclasses import asdict

import numpy as np
import pytest
import torch

import plain_network as plain
from synaprune.engine.block import simulate_block
from synaprune.engine.plan import Block
from synaprune.engine.randomness import Streams
from synaprune.model.cycle import choose_mechanisms
from synaprune.model.quantities import READOUT_NAMES
from synaprune.model.registry import MECHANISMS
from synaprune.results.columns import layer_column
from synaprune.study import Study

ARMS = {
    "untreated": [],
    "ketamine": [{"drug": "ketamine", "from": 3, "every": 3}],
    "riluzole": [{"drug": "riluzole"}],
    "both": [{"drug": "ketamine", "at": [2, 9]}, {"drug": "riluzole", "from": 1, "until": 12}],
    "clearing": [{"drug": "helper", "every": 4}],
}
HELPER = {"helper": {"half_life": 2, "clearance_gain": 3, "regrowth": 0.4}}
LAYER_TABLE = {"aggregate": "aggregate", "noise": "noise", "flare": "flare"}


NOISE = ("pretraining_noise", "pretraining_evaluation", "retraining_noise", "evaluation_noise")


class NamedDraws:
    """The engine's streams, as the plain implementation asks for them."""

    def __init__(self, seed, patient, dtype):
        self.streams = Streams(seed, patient, dtype=dtype)

    def _at(self, cycle):
        return self.streams if cycle is None else self.streams.at(cycle)

    def normal(self, purpose, shape, *, cycle=None, layer=None, step=0):
        draws = self._at(cycle)
        if purpose in NOISE:  # the engine keeps a unit's samples together
            return draws.normal(purpose, tuple(shape)[::-1], layer=layer, step=step).T
        return draws.normal(purpose, tuple(shape), layer=layer or "", step=step)

    def uniform(self, purpose, shape, *, cycle=None, layer=None, step=0):
        return self._at(cycle).uniform(purpose, tuple(shape), layer=layer or "", step=step)

    def integers(self, purpose, shape, high, *, cycle=None, step=0):
        return self._at(cycle).integers(purpose, tuple(shape), high, step=step)


def engine_frame(study, profile, patient):
    resolved = study.resolve()
    block = Block(0, profile, range(patient, patient + 1))
    mechanisms = choose_mechanisms(resolved.mechanisms)
    return resolved, simulate_block(resolved, block, mechanisms).to_pandas()


def plain_courses(resolved, profile, patient):
    dtype = getattr(torch, resolved.precision)
    draws = NamedDraws(resolved.seed, patient, dtype)
    constants = asdict(resolved.constants)
    healthy = plain.pretrain(draws, resolved.circuit, constants, dtype)
    rate, weakness = plain.factors(draws, list(resolved.circuit), constants)
    values = resolved.profiles[profile]
    names = ("half_life", "noise_reduction", "pruning_reduction", "regrowth",
             "learning_rate_gain", "clearance_gain")  # fmt: skip
    drugs = {drug: {name: getattr(effects, name) for name in names}
             for drug, effects in resolved.drugs.items()}  # fmt: skip
    off = frozenset(name for name, form in resolved.mechanisms.items() if form == "off")
    courses = {
        arm: plain.simulate(
            healthy,
            draws,
            constants=constants,
            base_rate={n: v * rate[n] for n, v in values.base_rate.items()},
            vulnerability={n: v * weakness[n] for n, v in values.vulnerability.items()},
            clearance=values.clearance,
            drugs=drugs,
            doses={drug: list(doses) for drug, doses in given.items()},
            cycles=resolved.cycles,
            off=off,
            forms=resolved.mechanisms,
        )
        for arm, given in resolved.arms.items()
    }
    return healthy, courses


def compare(frame, courses, resolved, *, tolerance, cycles=None):
    for arm, course in courses.items():
        mine = frame[frame["arm"] == arm].sort_values("cycle").head(cycles or len(course))
        for name in READOUT_NAMES:
            theirs = np.array([record[name] for record in course])[: len(mine)]
            scale = max(1.0, np.abs(theirs).max())
            worst = np.abs(mine[name].to_numpy() - theirs).max() / scale
            assert worst <= tolerance, f"{arm}: {name} differs by {worst:.2g} of its size"
        for layer in resolved.circuit:
            column = mine[layer_column("sparsity_percent", layer)].to_numpy()
            theirs = 100 * np.array([record["sparsity"][layer] for record in course])[: len(mine)]
            assert column == pytest.approx(theirs, abs=100 * tolerance), (arm, layer)
            for quantity, key in LAYER_TABLE.items():
                column = mine[layer_column(quantity, layer)].to_numpy().astype(float)
                theirs = np.array([record[key][layer] for record in course], float)[: len(mine)]
                assert column == pytest.approx(theirs, rel=tolerance, abs=tolerance), (arm, layer)


@pytest.mark.parametrize("profile", ["als_standard", "mdd"])
@pytest.mark.parametrize("patient", [0, 5])
def test_thirty_cycles_agree_in_double_precision(make_study, profile, patient):
    study = make_study(arms=ARMS, drugs=HELPER, profiles=[profile], patients=6,
                       precision="float64")  # fmt: skip
    resolved, frame = engine_frame(study, profile, patient)
    healthy, courses = plain_courses(resolved, profile, patient)
    assert frame["pretrain_accuracy_percent"].iloc[0] == healthy.accuracy_percent
    compare(frame, courses, resolved, tolerance=1e-4)


@pytest.mark.parametrize("off", MECHANISMS)
def test_they_agree_with_each_mechanism_off(make_study, off):
    study = make_study(arms={"both": ARMS["both"]}, patients=1, precision="float64",
                       profiles=["als_standard"], cycles=15, mechanisms={off: "off"})  # fmt: skip
    resolved, frame = engine_frame(study, "als_standard", 0)
    compare(frame, plain_courses(resolved, "als_standard", 0)[1], resolved, tolerance=1e-4)


@pytest.mark.parametrize("form", ["paper", "adding", "fading"])
def test_they_agree_with_each_form_of_corruption(make_study, form):
    study = make_study(arms={"both": ARMS["both"]}, patients=1, precision="float64",
                       profiles=["als_standard"], cycles=15,
                       # no layer of so few connections has a sparsity of just that, which
                       # the two would round to different sides
                       constants={"flare_threshold": 0.3003, "corruption_strength": 0.2},
                       mechanisms={"corruption": form, "flare_corruption": form})  # fmt: skip
    resolved, frame = engine_frame(study, "als_standard", 0)
    assert frame[layer_column("flare", "upper_motor")].any()
    compare(frame, plain_courses(resolved, "als_standard", 0)[1], resolved, tolerance=1e-4)


@pytest.mark.parametrize(("mechanism", "form"), [
    ("pruning", "sparing_biases"), ("excitotoxicity", "before_rectifier"),
    ("excitotoxicity", "sparing_logits"),
])  # fmt: skip
def test_they_agree_with_each_other_form(make_study, mechanism, form):
    study = make_study(arms={"both": ARMS["both"]}, patients=1, precision="float64", cycles=15,
                       profiles=["als_standard"], mechanisms={mechanism: form})  # fmt: skip
    resolved, frame = engine_frame(study, "als_standard", 0)
    compare(frame, plain_courses(resolved, "als_standard", 0)[1], resolved, tolerance=1e-4)
    usual = engine_frame(study.model_copy(update={"mechanisms": {}}), "als_standard", 0)[1]
    assert not usual["nfl_proxy"].equals(frame["nfl_proxy"])


FULL = {"name": "full", "profiles": ["als_standard"], "patients": 1, "seed": 2}
ONE_DOSE = [{"drug": "ketamine", "at": 1}]


def test_the_full_circuit_agrees_in_double_precision():
    study = Study(**FULL, cycles=3, arms={"untreated": [], "ketamine": ONE_DOSE},
                  precision="float64")  # fmt: skip
    resolved, frame = engine_frame(study, "als_standard", 0)
    healthy, courses = plain_courses(resolved, "als_standard", 0)
    assert frame["pretrain_accuracy_percent"].iloc[0] == healthy.accuracy_percent
    compare(frame, courses, resolved, tolerance=1e-9)


def test_the_full_circuit_agrees_in_the_first_cycles_in_single_precision():
    # Rounding differs in the last bits and training magnifies it: 1 % of each readout (accuracy: 4
    # of 400 points). A dose is left out, because a doubled learning rate overshoots in some
    # patients, and accuracy on the way back is chaotic: 9 points from the last bits alone.
    study = Study(**FULL, cycles=4, arms={"untreated": []})
    resolved, frame = engine_frame(study, "als_standard", 0)
    healthy, courses = plain_courses(resolved, "als_standard", 0)
    mine = frame["pretrain_accuracy_percent"].iloc[0]
    assert mine == pytest.approx(healthy.accuracy_percent, abs=1)
    compare(frame, courses, resolved, tolerance=1e-2)
