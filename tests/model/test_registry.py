import re
import subprocess
import sys

import pytest

from synaprune.errors import InputError
from synaprune.model.registry import DEFAULTS, MECHANISMS, forms, is_built_in, register, resolve


def test_every_mechanism_has_its_default_form_and_can_be_off():
    for mechanism in MECHANISMS:
        first = ("off",) if mechanism == "flare_corruption" else ("published", "off")
        assert forms(mechanism)[: len(first)] == first
        assert DEFAULTS[mechanism] == first[0]
        assert resolve(mechanism, "off") is None


def test_every_built_in_form_can_be_found():
    for mechanism in MECHANISMS:
        for form in forms(mechanism):
            if form != "off" and is_built_in(mechanism, form):
                assert callable(resolve(mechanism, form)), (mechanism, form)


def test_a_registered_form_is_found():
    @register("clearance", "test_registered")
    def mine(networks, context, constants, draws):
        return None

    assert resolve("clearance", "test_registered") is mine
    assert "test_registered" in forms("clearance")


@pytest.mark.parametrize("taken", ["published", "off"])
def test_built_in_names_are_taken(taken):
    with pytest.raises(InputError, match=f"clearance: the name '{taken}' is taken"):
        register("clearance", taken)(lambda *_: None)


def test_unknown_names_say_the_nearest():
    message = "unknown mechanism 'clearence'; did you mean 'clearance'? allowed: flares, "
    with pytest.raises(InputError, match=re.escape(message)):
        forms("clearence")
    with pytest.raises(InputError, match=r"mechanisms\.pruning: unknown form 'of'; did you mean"):
        resolve("pruning", "of")


def test_names_are_known_without_torch():
    code = (
        "import sys; from synaprune.model.registry import forms; "
        "forms('pruning'); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
