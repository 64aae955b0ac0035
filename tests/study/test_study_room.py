"""What holds for the room as a whole: light to import, and examples that run."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import synaprune.study

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(synaprune.study.__path__, prefix="synaprune.study.")
)


def test_import_is_light():
    code = (
        "import sys\nimport synaprune.study as study\n"
        "study.schema(); study.paper_study(1, 1).resolve().sha256()\n"
        "print(sorted({'torch', 'numpy', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_importing_reads_no_data_files():
    code = (
        "from synaprune.study import library\n"
        "print([f.cache_info().currsize for f in "
        "(library.profiles, library.treatments, library.drugs, library.presets)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[0, 0, 0, 0]\n"


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_public_names_exist():
    for name in synaprune.study.__all__:
        assert getattr(synaprune.study, name) is not None
