"""The hash of a mechanism of the user's own: of what it does, not of where or how it is written."""

import subprocess
import sys
import textwrap
from functools import partial

from synaprune.engine.fingerprint import fingerprint, fingerprints

PLAIN = """
    RATE = 0.5
    STEPS = (1, frozenset({"early", "late", "never"}))

    def share(load):
        return load * RATE

    def fading(networks, context, constants, draws):
        if draws in {"many", "few", "none"}:
            networks.aggregate -= share(networks.aggregate)
        return [STEPS for _ in draws]
"""


def hashed(text: str) -> str:
    module: dict[str, object] = {"__name__": "mine"}
    exec(textwrap.dedent(text), module)  # noqa: S102 - a module of this test
    return fingerprint(module["fading"])  # type: ignore[arg-type]


def test_words_and_places_do_not_count():
    moved = "\n\n" + PLAIN.replace("        if draws", '        """Explained."""\n        if draws')
    assert moved.count("Explained") == 1
    assert hashed(moved) == hashed(PLAIN)


def test_what_it_does_counts():
    changes = {
        "a number it reads": ("RATE = 0.5", "RATE = 0.25"),
        "a function it calls": ("load * RATE", "load / RATE"),
        "itself": ("-=", "+="),
        "a constant": ('"few"', '"some"'),
        "what is read in a comprehension": ('"early"', '"soon"'),
    }
    found = {name: hashed(PLAIN.replace(*change)) for name, change in changes.items()}
    assert len({hashed(PLAIN), *found.values()}) == 1 + len(found)


def test_it_is_the_same_in_another_process():
    """Sets of words have another order there."""
    program = textwrap.dedent(PLAIN) + textwrap.dedent("""
        from synaprune.engine.fingerprint import fingerprint
        print(fingerprint(fading))
    """)
    said = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, text=True, check=True,
            stdout=subprocess.PIPE,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert said == {hashed(PLAIN)}


def test_objects_that_can_be_called_and_filled_in_functions():
    class Fading:
        def __call__(self, networks, context, constants, draws):
            networks.aggregate *= 0.5

    class Other:
        def __call__(self, networks, context, constants, draws):
            networks.aggregate *= 0.25

    assert fingerprint(Fading()) != fingerprint(Other())

    def scaled(factor, networks, context, constants, draws, helper=hashed):
        networks.aggregate *= factor

    half, quarter = partial(scaled, 0.5), partial(scaled, 0.25)
    assert fingerprint(half) != fingerprint(quarter)
    assert fingerprint(half) == fingerprint(partial(scaled, 0.5))


def test_only_the_users_own_are_hashed():
    assert fingerprints({"clearance": "off", "corruption": "fading", "stress": "text"}) == {}
