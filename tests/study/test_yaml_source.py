import os

import pytest

from synaprune.errors import InputError
from synaprune.study.yaml_nodes import DEEPEST
from synaprune.study.yaml_source import LARGEST_FILE, read_file, read_text

BOMB = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 6)
)


def message(text):
    with pytest.raises(InputError) as caught:
        read_text(text, "s.yaml")
    return str(caught.value)


def file_message(path):
    with pytest.raises(InputError) as caught:
        read_file(path)
    return str(caught.value)


def test_values_and_lines():
    source = read_text("# note\na: 1\nb:\n  - x\n  -\n    c: &c {d: 2}\n    e: *c\n", "s.yaml")
    assert source.data == {"a": 1, "b": ["x", {"c": {"d": 2}, "e": {"d": 2}}]}
    assert source.lines == {
        (): 2, ("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1): 6, ("b", 1, "c"): 6,
        ("b", 1, "c", "d"): 6, ("b", 1, "e"): 7, ("b", 1, "e", "d"): 6,
    }  # fmt: skip


def test_line_of_a_missing_key_is_that_of_what_lacks_it():
    source = read_text("a: 1\nb:\n  c: 2\n", "s.yaml")
    assert source.line(("b", "nothing", 3)) == 2
    assert source.line(("nothing",)) == 1


def test_off_is_text():
    assert read_text("mechanisms: {corruption: off}", "s").data == {
        "mechanisms": {"corruption": "off"}
    }


def test_quoted_and_block_scalars_are_text():
    data = read_text("a: '1'\nb: \"true\"\nc: |\n  3\nd: ! 4\ne: !!str 5\n", "s").data
    assert data == {"a": "1", "b": "true", "c": "3\n", "d": "4", "e": "5"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "s.yaml: is empty; it needs keys such as name, profiles and arms"),
        ("# nothing\n", "s.yaml: is empty; it needs keys such as name, profiles and arms"),
        ("- 1\n", "s.yaml:1: must be a mapping of keys (got [1])"),
        ("---\n", "s.yaml:2: must be a mapping of keys (got null)"),
        ("a: 1\nb: 2\na: 3\n", "s.yaml:3: a: duplicate key on lines 1 and 3"),
        ("a:\n  x: [{b: 1,\n    b: 2}]\n", "s.yaml:3: a.x[0].b: duplicate key on lines 2 and 3"),
        ("a: 1\n'a': 2\n", "s.yaml:2: a: duplicate key on lines 1 and 2"),
        ("x: !!python/object:os.system 1",
         "s.yaml:1: x: tag '!!python/object:os.system' is not allowed"),
        ("x: !!python/name:os.system", "s.yaml:1: x: tag '!!python/name:os.system' is not allowed"),
        ("a: 1\nx: !foo [1]\n", "s.yaml:2: x: tag '!foo' is not allowed"),
        ("x: !!set {a}\n", "s.yaml:1: x: tag '!!set' is not allowed"),
        ("x: !!seq {a: 1}\n", "s.yaml:1: x: tag '!!seq' is not allowed"),
        ("!foo a: 1\n", "s.yaml:1: tag '!foo' is not allowed"),
        ("x: !!int abc\n", "s.yaml:1: x: cannot be read as !!int (got 'abc')"),
        ("x: &a [*a]\n", "s.yaml:1: x[0]: alias *a refers to itself"),
        ("&a x: *b\n", "s.yaml:1: x: unknown alias *b"),
        (BOMB, "s.yaml:5: must hold at most 100000 values, aliases replaced"),
        ("a: 1\n---\nb: 2\n", "s.yaml:2: must hold one document (a second one starts here)"),
        ("%YAML 1.1\n---\na: 1\n", "s.yaml:2: must be YAML 1.2 (got another %YAML version)"),
        ("a: 1\n<<: {b: 2}\n", "s.yaml:2: merge keys (<<) are not allowed; repeat the entries"),
        ("a: 1\n7: x\n", "s.yaml:2: keys must be text (got 7)"),
        ("true: x\n", "s.yaml:1: keys must be text (got true)"),
        ("[a]: x\n", "s.yaml:1: keys must be text (got a list or mapping)"),
        ("a: &k [1]\n*k : x\n", "s.yaml:2: keys must be text (got a list or mapping)"),
        ("a: [1\n", "s.yaml:2: is not YAML: expected ',' or ']', but got the end of the file"),
        ("a: 'b\n", "s.yaml:2: is not YAML: found unexpected end of the file"),
        ("a: 1\n\tb: 2\n",
         "s.yaml:2: is not YAML: found character '\\t' that cannot start any token"),
        ("a: 1\nb: \x00\n", "s.yaml:2: is not YAML: character '\\x00'"),
        ("n: " + "9" * 5000, "s.yaml:1: n: cannot be read as a number (got '" + "9" * 56 + "...)"),
    ],
)  # fmt: skip
def test_refused_with_one_line(text, expected):
    assert message(text) == expected


@pytest.mark.parametrize("opening", ["[", "{a: ", "? ? ? ", "- - - "])
def test_deep_nesting_is_refused_without_a_crash(opening):
    assert "\n" not in message("x:\n  " + opening * 5000)


def test_nesting_up_to_the_limit_is_read_and_one_more_is_not():
    read_text("x: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1), "s")
    expected = f"s.yaml:1: must be nested at most {DEEPEST} levels deep"
    assert message("x: " + "[" * DEEPEST + "]" * DEEPEST) == expected


def test_nesting_through_aliases_counts():
    chain = "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 60))
    assert "levels deep" in message(chain)


def test_redefined_anchor_means_the_later_value():
    assert read_text("a: &x 1\nb: &x 2\nc: *x\n", "s").data["c"] == 2


def test_missing_file_names_the_nearest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "study.yaml").write_text("a: 1\n")
    assert file_message("stuyd.yaml") == "stuyd.yaml: no such file; did you mean 'study.yaml'?"
    assert file_message("other.txt") == "other.txt: no such file"
    assert file_message("no/s.yaml") == "no/s.yaml: no such file; the folder 'no' does not exist"


def test_what_is_no_readable_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text("a: 1\n")
    assert file_message(".") == ".: must be a file (it is a folder)"
    assert file_message("") == "'': must be a file (it is a folder)"
    assert file_message("s.yaml/x") == "s.yaml/x: cannot be read (Not a directory)"
    assert file_message("a\0b") == "'a\\x00b': is no path (embedded null byte)"
    assert file_message(3) == "study file: must be a path (got 3)"
    assert file_message(b"s.yaml") == "study file: must be a path in text (got b's.yaml')"


def test_unreadable_file(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "s.yaml").write_text("a: 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("synaprune.study.yaml_source.FilePath.open", refuse)
    assert file_message("s.yaml") == "s.yaml: cannot be read (Permission denied)"


def test_encoding(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    assert file_message(path) == f"{path}:2: must be UTF-8 text"
    path.write_bytes("a: 1\n".encode("utf-16"))
    assert file_message(path) == f"{path}:1: must be UTF-8 text"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa4\r\n")
    assert read_file(path).data == {"a": "ä"}


def test_endless_file_is_refused():
    if not os.path.exists("/dev/zero"):
        pytest.skip("no /dev/zero here")
    assert file_message("/dev/zero") == "/dev/zero: must be a file of at most 4 MB"
    assert LARGEST_FILE == 4_000_000


def test_reading_calls_nothing_that_the_file_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "is not allowed" in message("x: !!python/object/apply:os.mkdir [made]\n")
    assert list(tmp_path.iterdir()) == []
