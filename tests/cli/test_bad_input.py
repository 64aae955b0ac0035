"""Every mistake: one clear line, exit code 2, no traceback, nothing written."""

import re

import pytest

from synaprune.cli.main import main

GOOD = """\
name: mistake
profiles: [als_standard]
arms:
  untreated: []
patients: 1
seed: 1
cycles: 3
"""

MISTAKES = {
    "unknown key": (GOOD + "patient: 3\n", r":8: patient: unknown key.*did you mean 'patients'"),
    "unknown profile": (GOOD.replace("als_standard", "als_standart"),
                        r":2: profiles\[0\]: .*'als_standart'.*did you mean 'als_standard'"),
    "wrong type": (GOOD.replace("patients: 1", "patients: many"),
                   r":5: patients: must be a whole number.*\(got 'many'\)"),
    "a truth is no number": (GOOD.replace("patients: 1", "patients: true"),
                             r":5: patients: must be a whole number.*\(got true\)"),
    "a fraction is no count": (GOOD.replace("patients: 1", "patients: 2.9"),
                               r":5: patients: must be a whole number.*\(got 2\.9\)"),
    "negative patients": (GOOD.replace("patients: 1", "patients: -3"),
                          r":5: patients: must be .*1 to 10000000 \(got -3\)"),
    "too large a seed": (GOOD.replace("seed: 1", "seed: 9223372036854775808"),
                         r":6: seed: .*got 9223372036854775808"),
    "cycle out of range": (GOOD.replace("untreated: []", "late: [{drug: ketamine, at: 3}]"),
                           r":4: arms\.late\[0\]\.at.*0 to 2 \(got 3\)"),
    "treatment past the end": (GOOD.replace("untreated: []", "early: ketamine_early"),
                               r":4: arms\.early"),
    "unknown drug": (GOOD.replace("untreated: []", "k: [{drug: ketamin}]"),
                     r":4: arms\.k\[0\]\.drug.*did you mean 'ketamine'"),
    "at excludes every": (GOOD.replace("untreated: []", "k: [{drug: ketamine, at: 1, every: 2}]"),
                          r":4: arms\.k\[0\]"),
    "duplicate key": (GOOD + "seed: 2\n", r":8: .*seed.*6"),
    "unknown constant": (GOOD + "constants: {flare_treshold: 0.3}\n",
                         r":8: constants\.flare_treshold.*did you mean 'flare_threshold'"),
    "constant out of bounds": (GOOD + "constants: {flare_threshold: 1.3}\n",
                               r":8: constants\.flare_threshold.*got 1\.3"),
    "unknown form": (GOOD + "mechanisms: {corruption: of}\n",
                     r":8: mechanisms\.corruption.*did you mean 'off'"),
    "output is fixed": (GOOD + "circuit: {output: 5}\n", r":8: circuit\.output.*4"),
    "empty": ("", r"empty"),
    "not YAML": ("name: [1, 2\nseed: }\n", r"YAML"),
    "a list": ("- 1\n", r"mapping|keys"),
    "refers to itself": ("name: &a [*a]\n", r"itself"),
    "Python tag": ("name: !!python/object/apply:os.system [ls]\n", r":1: .*tag"),
    "own tag": ("name: !thing x\n", r":1: .*tag"),
}  # fmt: skip


def said(capsys, *arguments):
    """Run the command line; give its exit code, output and errors."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err


@pytest.mark.parametrize("verb", ["validate", "run"])
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_study(tmp_path, capsys, verb, name):
    text, expected = MISTAKES[name]
    study = tmp_path / "study.yaml"
    study.write_text(text)
    out = tmp_path / "out"
    options = ["--out", out] if verb == "run" else []
    code, printed, error = said(capsys, verb, study, *options)
    assert code == 2
    assert printed == ""
    assert error.startswith(f"synaprune: {study}:")
    assert error.count("\n") == 1, "one line"
    assert re.search(expected, error), error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study.yaml"]


def test_a_study_that_is_a_folder_or_missing(tmp_path, capsys):
    code, _, error = said(capsys, "run", tmp_path, "--out", tmp_path / "out")
    assert code == 2
    assert "folder" in error
    (tmp_path / "study.yaml").write_text(GOOD)
    code, _, error = said(capsys, "validate", tmp_path / "studi.yaml")
    assert code == 2
    assert "study.yaml" in error
    assert error.count("\n") == 1


def test_not_text(tmp_path, capsys):
    (tmp_path / "study.yaml").write_bytes(b"\xff\xfe\x00name: x")
    code, _, error = said(capsys, "validate", tmp_path / "study.yaml")
    assert code == 2
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [["run", "STUDY"], ["demo"], ["reproduce", "--patients", 1]])
def test_an_output_that_cannot_be_written(tmp_path, capsys, arguments):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "study.yaml").write_text(GOOD)
    filled = [tmp_path / "study.yaml" if word == "STUDY" else word for word in arguments]
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        code, printed, error = said(capsys, *filled, "--out", out)
        assert (code, printed) == (2, "")
        assert re.fullmatch(r"synaprune: .*is a file.*\n", error)
    assert (tmp_path / "file").read_text() == "mine"


def test_an_output_whose_name_is_too_long(tmp_path, capsys):
    (tmp_path / "study.yaml").write_text(GOOD)
    out = tmp_path / ("x" * 300)
    code, printed, error = said(capsys, "run", tmp_path / "study.yaml", "--out", out)
    assert (code, printed) == (2, "")
    assert error == f"synaprune: {out}: cannot be used (File name too long)\n"


def test_a_full_output_folder(tmp_path, capsys):
    (tmp_path / "study.yaml").write_text(GOOD)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").write_text("mine")
    code, _, error = said(capsys, "run", tmp_path / "study.yaml", "--out", tmp_path / "full",
                          "--overwrite")  # fmt: skip
    assert code == 2
    assert "is not empty and not a run" in error
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["reproduse"], "reproduse"),
        (["reproduce", "--patients", "0"], "--patients"),
        (["reproduce", "--patients", "-4"], "--patients"),
        (["reproduce", "--seed", "x"], "--seed"),
        (["run"], "STUDY"),
        (["export", "nowhere"], "nowhere: not a run folder"),
        (["constants", "--preset", "publishd"], "did you mean 'published'"),
        (["constants", "--preset", "start"], "'start' is now 'from_text'"),
    ],
)
def test_a_mistake_on_the_command_line(capsys, arguments, expected):
    code, printed, error = said(capsys, *arguments)
    assert (code, printed) == (2, "")
    assert expected in error
    assert "Traceback" not in error
