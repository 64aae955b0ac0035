import math

import pytest

from synaprune.study.yaml_scalars import PREFIX, plain, tagged


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"), ("yes", "yes"), ("no", "no"), ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"), ("0b11", "0b11"), ("1:30", "1:30"), ("=", "="), ("nan", "nan"),
        ("tRue", "tRue"), ("0x", "0x"), ("1e", "1e"), (".", "."), ("-0x1", "-0x1"),
        ("017", 17), ("0o17", 15), ("0x1F", 31), ("+5", 5), ("-3", -3),
        ("1e-3", 0.001), ("1e5", 1e5), ("1.", 1.0), (".5", 0.5), ("-1.5E+3", -1500.0),
        (".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf),
        ("true", True), ("FALSE", False), ("", None), ("~", None), ("Null", None),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text, value):
    read = plain(text)
    assert read == value
    assert type(read) is type(value)


def test_nan_is_a_number():
    assert math.isnan(plain(".NaN"))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [("5", "str", "5"), ("5", "int", 5), ("5", "float", 5.0), ("true", "bool", True),
     ("", "null", None)],
)  # fmt: skip
def test_tagged_scalars(text, kind, value):
    read = tagged(text, PREFIX + kind)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("x", "int"), ("true", "int"), ("true", "float"), ("1", "bool"), ("5", "null"), ("5", "set")],
)
def test_tag_that_does_not_fit(text, kind):
    with pytest.raises(ValueError, match="is no"):
        tagged(text, PREFIX + kind)
