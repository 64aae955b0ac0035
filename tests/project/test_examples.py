"""Every example in a docstring runs."""

import doctest
import pkgutil
from importlib import import_module

import pytest

import synaprune

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(synaprune.__path__, "synaprune.")
    if not module.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS).failed == 0
