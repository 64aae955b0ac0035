"""The project's own rules: one source for each fact, import rules, words that do not belong."""

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import synaprune

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def test_the_version_is_the_same_everywhere():
    citation = YAML(typ="safe", pure=True).load(ROOT / "CITATION.cff")
    assert citation["version"] == synaprune.__version__
    assert f"## {synaprune.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_the_licence_is_the_same_everywhere():
    citation = YAML(typ="safe", pure=True).load(ROOT / "CITATION.cff")
    assert PROJECT["license"] == citation["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def test_the_lock_pins_every_dependency_and_no_cuda():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert pins["torch"] == "2.13.0"
    wanted = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    for need in wanted:
        name = re.split(r"[<>=\[]", need)[0]
        assert name in pins, name
    assert not [name for name in pins if re.search(r"cuda|nvidia|cublas|triton", name)]


def test_rooms_keep_their_import_rules():
    done = subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command"
                           " as check; check()"], cwd=ROOT, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_importing_the_package_is_light():
    code = (
        "import sys, synaprune; synaprune.InputError, synaprune.Study; "
        "sys.exit(bool({'torch', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_stay_readable(path):
    assert path.stem not in {"utils", "helpers", "common", "misc", "manager"}
    assert len(path.read_text().splitlines()) <= 300


def test_the_readme_names_the_two_commands_and_the_disclaimer():
    readme = (ROOT / "README.md").read_text()
    assert "make reproduce" in readme
    assert "make test" in readme
    assert "Research use only, not for clinical decisions." in readme


def test_the_readme_study_and_mechanism_work(tmp_path, monkeypatch):
    readme = (ROOT / "README.md").read_text()
    (tmp_path / "study.yaml").write_text(re.search(r"```yaml\n(.*?)```", readme, re.S)[1])
    assert synaprune.load_study(tmp_path / "study.yaml").patients == 16
    code = next(c for c in re.findall(r"```python\n(.*?)```", readme, re.S) if "register" in c)
    names: dict[str, object] = {}
    exec(code.replace("run = synaprune.run(study)", ""), names)  # noqa: S102
    assert names["study"].mechanisms["clearance"] == "daily"


def test_every_public_name_resolves():
    for name in synaprune.__all__:
        assert getattr(synaprune, name) is not None
    assert set(synaprune.__all__) <= set(dir(synaprune))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = synaprune.nonsense
