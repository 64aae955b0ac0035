"""What of the model a study can set: constants, forms of mechanisms, and sizes of the circuit."""

from __future__ import annotations

from synaprune.model.circuit import CLASSES, LAYERS
from synaprune.model.constants import declared
from synaprune.model.registry import MECHANISMS, PUBLISHED, TEXT, forms
from synaprune.study.rules import Number, OneOf, Rule, Whole
from synaprune.study.tables import Table

#: The largest layer that a study can ask for, in units.
MOST_UNITS = 65_536


def _constant_rules() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for constant in declared():
        whole = constant.kind is int
        rules[constant.name] = (
            Whole(int(constant.low), int(constant.high))
            if whole
            else Number(constant.low, constant.high)
        )
    return rules


def _form_rule(mechanism: str) -> Rule:
    renamed = {"paper": TEXT if TEXT in forms(mechanism) else PUBLISHED}
    return OneOf(f"form of {mechanism}", lambda: forms(mechanism), renamed)


def _layer_rules() -> dict[str, Rule]:
    sizes: dict[str, Rule] = dict.fromkeys(LAYERS, Whole(1, MOST_UNITS))
    return sizes | {"output": Whole(len(CLASSES), len(CLASSES))}


#: Constant -> number, within the bounds that the model declares.
CONSTANTS = Table("constant", _constant_rules)

#: Mechanism -> name of a form.
FORMS = Table("mechanism", lambda: {name: _form_rule(name) for name in MECHANISMS})

#: Layer -> units; the output has one unit a class.
UNITS = Table("layer", _layer_rules)
