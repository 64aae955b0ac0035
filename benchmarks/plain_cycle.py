"""One cycle of the disease in one plain network: its steps, in the paper's order.

Each step is one method, so that a reader can hold it beside the paper, and a test can look at the
network in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from math import floor, prod, sqrt
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from plain_draws import Draws, smallest
from plain_pretraining import Layer, Network, Pretrained, accuracy
from plain_readouts import readouts

#: What can be switched off.
MECHANISMS = (
    "flares",
    "pruning",
    "corruption",
    "flare_corruption",
    "clearance",
    "regrowth",
    "excitotoxicity",
    "retraining",
    "stress",
)


#: What corruption by m does to a weight, by form: the share it keeps, the spread of what is added.
DAMAGE: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "paper": lambda m, sd: (1 - m, sqrt(1 - (1 - m) ** 2) * sd),
    "adding": lambda m, sd: (1.0, m * sd),
    "fading": lambda m, _sd: (1 - m, 0.0),
}


def level(cycle: int, doses: Iterable[int], half_life: float, least: float) -> float:
    """Level of a drug: 1 at a dose, halved every half-life, 0 once it is down to `least`.

    Examples
    --------
    >>> [round(level(t, [2], 3, 0.05), 3) for t in (1, 2, 5, 14, 15)]
    [0.0, 1.0, 0.5, 0.062, 0.0]
    """
    past = [dose for dose in doses if dose <= cycle]
    if not past:
        return 0.0
    left = 0.5 ** ((cycle - max(past)) / half_life)
    return float(left) if left > least else 0.0


@dataclass(frozen=True)
class Effects:
    """What the drugs do in one cycle: factors, the clearance in force, regrowth strength."""

    noise: float
    pruning: float
    learning_rate: float
    clearance: float
    regrowth: float


class Course:
    """One run: a copy of a pretrained network, and the steps of a cycle in the paper's order.

    Parameters are those of `plain_network.simulate`; `network` is the network as it is now.
    """

    def __init__(
        self,
        pretrained: Pretrained,
        draws: Draws,
        *,
        constants: Mapping[str, float],
        base_rate: Mapping[str, float],
        vulnerability: Mapping[str, float],
        clearance: float,
        drugs: Mapping[str, Mapping[str, float]],
        doses: Mapping[str, Sequence[int]],
        off: frozenset[str] = frozenset(),
        forms: Mapping[str, str] | None = None,
        exact: bool = True,
    ) -> None:
        if unknown := sorted(off - set(MECHANISMS)):
            raise ValueError(f"off: unknown {unknown[0]!r}; allowed: {', '.join(MECHANISMS)}")
        if unknown := sorted(doses.keys() - drugs.keys()):
            raise ValueError(f"doses: unknown {unknown[0]!r}; allowed: {', '.join(drugs)}")
        self.network: Network = deepcopy(pretrained.network)
        self.task = pretrained.task
        self.draws = draws
        self.constants = constants
        self.base_rate = base_rate
        self.vulnerability = vulnerability
        self.clearance = clearance
        self.drugs = drugs
        self.doses = doses
        self.off = off
        self.forms = forms or {}
        self.exact = exact

    def cycle(self, t: int) -> dict[str, Any]:
        """Live through cycle `t` and read the network at its end."""
        effects = self.effects(t)
        self.flare(t)
        pruned = self.prune(t, effects)
        self.corrupt(t, pruned)
        self.corrupt_flaring(t)
        self.clear(effects)
        self.regrow(t, effects)
        self.set_noise(t, effects)
        self.update_stress(self.retrain(t, effects))
        noise = partial(self.draws.normal, "evaluation_noise", cycle=t)
        correct = accuracy(self.network, self.task, noise)
        month = t * self.constants["months_per_cycle"]
        return {"cycle": t, "month": month, **readouts(self.network, correct, self.constants)}

    def effects(self, t: int) -> Effects:
        """Combine the drugs at their levels of cycle `t` (Treatment Implementation)."""
        least = self.constants["drug_level_floor"]
        given = [
            (self.drugs[name], level(t, cycles, self.drugs[name]["half_life"], least))
            for name, cycles in self.doses.items()
        ]
        gain = prod(1 + drug["clearance_gain"] * d for drug, d in given)
        return Effects(
            noise=prod(1 - drug["noise_reduction"] * d for drug, d in given),
            pruning=prod(1 - drug["pruning_reduction"] * d for drug, d in given),
            learning_rate=prod(1 + drug["learning_rate_gain"] * d for drug, d in given),
            clearance=min(1.0, self.clearance * gain),
            regrowth=sum(drug["regrowth"] * d for drug, d in given),
        )

    def flare(self, t: int) -> None:
        """Let every layer above the threshold flare, all by one chance a cycle."""
        chance = float(self.draws.uniform("flare", (1,), cycle=t))
        happens = "flares" not in self.off and chance < self.constants["flare_probability"]
        for _, layer in self.network.named():
            layer.flare = happens and layer.sparsity > self.constants["flare_threshold"]

    @torch.no_grad()
    def prune(self, t: int, effects: Effects) -> dict[str, Tensor]:
        """Prune weights and biases, and let aggregates grow; the weights pruned, by layer."""
        if "pruning" in self.off:
            return {}
        wall, gain = self.constants["sparsity_wall"], self.constants["aggregate_gain"]
        pruned = {}
        for name, layer in self.network.named():
            rate = self._rate(name, layer, t, effects)
            bias_sparsity = int((layer.bias_mask == 0).sum()) / layer.bias.numel()
            if layer.sparsity < wall:
                keys = self.draws.uniform("pruning", layer.weight.shape, cycle=t, layer=name)
                gone = self._take(layer.weight, layer.weight_mask, keys, rate)
                layer.aggregate += gain * len(gone) / layer.connections
                pruned[name] = gone
            if bias_sparsity < wall and self.forms.get("pruning") != "sparing_biases":
                keys = self.draws.uniform("bias_pruning", layer.bias.shape, cycle=t, layer=name)
                self._take(layer.bias, layer.bias_mask, keys, rate)
        return pruned

    def _rate(self, name: str, layer: Layer, t: int, effects: Effects) -> float:
        c = self.constants
        load = layer.aggregate
        rate = self.base_rate[name] * (1 + c["pruning_slope"] * t)
        rate *= 1 + c["toxicity_amplification"] * load / (1 + load)
        rate *= c["flare_pruning"] if layer.flare else 1
        return min(rate * effects.pruning, c["rate_cap"])

    def _take(self, values: Tensor, mask: Tensor, keys: Tensor, rate: float) -> Tensor:
        """Prune floor(rate x alive) values, first the weakest share, then random others."""
        flat = values.view(-1)
        alive = mask.view(-1).nonzero().squeeze(1)
        count = floor(rate * len(alive))
        weak = floor(self.constants["weak_share"] * count)
        weakest = smallest(flat[alive].abs(), weak, exact=self.exact)
        left = torch.ones(len(alive), dtype=torch.bool)
        left[weakest] = False
        rest = alive[left]
        others = rest[smallest(keys.view(-1)[rest], count - weak, exact=self.exact)]
        gone = torch.cat([alive[weakest], others])
        mask.view(-1)[gone] = 0
        flat[gone] = 0
        return gone

    @torch.no_grad()
    def corrupt(self, t: int, pruned: Mapping[str, Tensor]) -> None:
        """Corrupt what survives in the neighbourhood of a newly pruned weight."""
        c = self.constants
        if "corruption" in self.off:
            return
        reach = torch.arange(-int(c["corruption_radius"]), int(c["corruption_radius"]) + 1)
        for name, gone in pruned.items():
            layer = self.network[name]
            load = layer.aggregate
            m = c["corruption_strength"] * load / (load + c["corruption_half_load"])
            if m == 0 or len(gone) == 0:
                continue
            near = torch.zeros(layer.connections, dtype=torch.bool)
            # clamping keeps a place beyond an end within reach: the end is nearer still
            near[(gone[:, None] + reach).clamp_(0, layer.connections - 1).view(-1)] = True
            hit = torch.where(near.view_as(layer.weight), layer.weight_mask, 0)
            self._forget("corruption", t, name, hit, m)

    @torch.no_grad()
    def corrupt_flaring(self, t: int) -> None:
        """Corrupt every surviving weight of the layers that flare."""
        m = self.constants["flare_corruption"]
        for name, layer in self.network.named():
            if layer.flare and "flare_corruption" not in self.off:
                self._forget("flare_corruption", t, name, layer.weight_mask, m)

    def _forget(self, mechanism: str, t: int, name: str, hit: Tensor, m: float) -> None:
        """Move the weights hit (1, else 0) away from what they learned, by `m`."""
        weight = self.network[name].weight
        form = self.forms.get(mechanism, "paper")
        kept, added = DAMAGE[form](m, self.constants["corruption_sd"])
        weight.mul_(1 - (1 - kept) * hit)
        if added:
            normal = self.draws.normal(mechanism, weight.shape, cycle=t, layer=name)
            weight.addcmul_(hit, normal, value=added)

    def clear(self, effects: Effects) -> None:
        """Let autophagy remove its share of the aggregates."""
        if "clearance" not in self.off:
            for _, layer in self.network.named():
                layer.aggregate *= 1 - effects.clearance

    @torch.no_grad()
    def regrow(self, t: int, effects: Effects) -> None:
        """Bring connections back, those of the most stressed neurons first."""
        c = self.constants
        if "regrowth" in self.off or effects.regrowth <= 0:
            return
        impaired = effects.clearance < c["impaired_clearance"]
        for name, layer in self.network.named():
            penalty = c["regrowth_penalty"] * layer.aggregate if impaired else 0.0
            share = c["regrowth_share"] * max(0.0, effects.regrowth - penalty)
            most = layer.stress.max()
            stress = layer.stress / most if most > 0 else torch.zeros_like(layer.stress)
            shape = layer.weight.shape
            jitter = self.draws.uniform("regrowth_order", shape, cycle=t, layer=name)
            rank = stress[:, None] + c["regrowth_jitter"] * jitter
            back = self._revive(layer.weight_mask, rank, share)
            normal = self.draws.normal("regrowth_weight", shape, cycle=t, layer=name)
            layer.weight.view(-1)[back] = c["regrowth_sd"] * normal.view(-1)[back]
            units = layer.bias.shape
            jitter = self.draws.uniform("bias_regrowth_order", units, cycle=t, layer=name)
            # a pruned bias is zero already, which is what it comes back with
            self._revive(layer.bias_mask, stress + c["regrowth_jitter"] * jitter, share)

    def _revive(self, mask: Tensor, rank: Tensor, share: float) -> Tensor:
        """Make floor(share x dead) connections of the highest rank alive; their positions."""
        dead = (mask.view(-1) == 0).nonzero().squeeze(1)
        count = min(len(dead), floor(share * len(dead)))
        back = dead[smallest(-rank.view(-1)[dead], count, exact=self.exact)]
        mask.view(-1)[back] = 1
        return back

    def set_noise(self, t: int, effects: Effects) -> None:
        """Set each layer's excitotoxic noise from the cycle and the layer's sparsity."""
        c = self.constants
        for name, layer in self.network.named():
            sd = (c["noise_base"] + c["noise_slope"] * t) * self.vulnerability[name]
            sd *= 1 + c["noise_sparsity_gain"] * layer.sparsity
            spared = name == "output" and self.forms.get("excitotoxicity") == "sparing_logits"
            layer.noise = 0.0 if spared or "excitotoxicity" in self.off else sd * effects.noise
        self.network.noise_first = self.forms.get("excitotoxicity") == "before_rectifier"

    def retrain(self, t: int, effects: Effects) -> dict[str, Tensor]:
        """Take gradient steps on what is alive; the last step's weight gradients, by layer."""
        c = self.constants
        gradients: dict[str, Tensor] = {}
        if "retraining" in self.off:
            return gradients
        rate = c["retraining_learning_rate"] * effects.learning_rate
        points, classes = self.task.train_points, self.task.train_classes
        layers = dict(self.network.named())
        values = [value for layer in layers.values() for value in (layer.weight, layer.bias)]
        masks = [m for layer in layers.values() for m in (layer.weight_mask, layer.bias_mask)]
        shape = (int(c["retraining_batch"]),)
        for step in range(int(c["retraining_steps"])):
            batch = self.draws.integers("batch", shape, len(points), cycle=t, step=step)
            noise = partial(self.draws.normal, "retraining_noise", cycle=t, step=step)
            loss = F.cross_entropy(self.network(points[batch], noise), classes[batch])
            slopes = torch.autograd.grad(loss, values)
            with torch.no_grad():
                for value, slope, mask in zip(values, slopes, masks, strict=True):
                    value.addcmul_(slope, mask, value=-rate)
            gradients = dict(zip(layers, slopes[::2], strict=True))
        return gradients

    def update_stress(self, gradients: Mapping[str, Tensor]) -> None:
        """Let stress follow the gradients; without a retraining step it stays."""
        smoothing = self.constants["stress_smoothing"]
        if "stress" in self.off:
            return
        for name, gradient in gradients.items():
            layer = self.network[name]
            size = (gradient.abs() * layer.weight_mask).sum(dim=1)
            now = size / layer.weight_mask.sum(dim=1).clamp(min=1)
            layer.stress.mul_(1 - smoothing).add_(now, alpha=smoothing)
