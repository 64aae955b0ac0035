import pytest

from synaprune.model.constants import Constants, declared


def test_every_constant_says_unit_bounds_source_and_part():
    for constant in declared():
        assert constant.unit, constant.name
        assert constant.low < constant.high, constant.name
        assert constant.source, constant.name
        assert constant.part, constant.name


def test_what_the_paper_gives_has_a_value_and_what_it_leaves_open_has_none():
    for constant in declared():
        assert (constant.given is None) == constant.source.startswith("silent:"), constant.name
        if constant.given is not None:
            assert constant.low <= constant.given <= constant.high, constant.name


def test_silent_constants_must_be_supplied():
    with pytest.raises(TypeError, match="flare_threshold"):
        Constants()
