"""Whatever is given, the answer is a study or one line that says what is wrong."""

from hypothesis import given, settings
from hypothesis import strategies as st

from synaprune.errors import InputError
from synaprune.study import Study
from synaprune.study.library import template
from synaprune.study.yaml_source import read_text

PIECES = [
    "", " ", "\n", "\t", ":", "- ", "? ", "[", "]", "{", "}", "'", '"', "&a ", "*a", "!", "!!int ",
    "!<x> ", "%YAML 1.2", "---\n", "...\n", "|\n", ">", "#", "<<: ", "null", "true", "-1", "1e999",
    ".nan", "\x00", "\ud7ff", "\u2028", "\x85", "\ufeff", "😀", "@", "`", "\\", "\r",
]  # fmt: skip

edits = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 3), st.sampled_from(PIECES)), max_size=4
)
plain = st.none() | st.booleans() | st.integers(-2, 40) | st.floats() | st.text(max_size=3)
keys = st.sampled_from(["name", "drug", "at", "every", "like", "bulbar", "noise_base", "u", "ü", 3])
anything = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def lines_of_the_answer(attempt):
    # Any other exception is a defect and fails the test.
    try:
        attempt()
    except InputError as error:
        return len(str(error).splitlines())
    return 1


@settings(max_examples=80, deadline=None)
@given(edits)
def test_damaged_files(changes):
    text = "\n".join(line for line in template().splitlines() if not line.startswith("# "))
    for at, removed, piece in changes:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + removed :]
    assert lines_of_the_answer(lambda: read_text(text, "s.yaml").build(Study)) == 1


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(Study.model_fields)), anything)
def test_any_value_of_any_key(key, value):
    good = {"name": "a", "profiles": ["control"], "arms": {"u": []}, "patients": 2, "seed": 1}
    keys = {**good, key: value}
    assert lines_of_the_answer(lambda: Study(**keys).resolve().sha256()) == 1
