"""Write requirements.lock: exact pins of everything the project and its checks need.

Resolves in a fresh environment with pip, keeps torch at the pinned version, and drops local
version labels (a CPU build calls itself 2.13.0+cpu; other machines know it as 2.13.0).
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
TORCH = "torch==2.13.0"
HEAD = """\
# Exact versions for `make setup`; written by `make lock`, read by pip (Python 3.11 and newer).
# torch is pinned because a range fetches whatever build is newest, gigabytes of CUDA included.
"""


def main() -> None:
    """Resolve and write the lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    wanted = [TORCH, *project["build-system"]["requires"], "editables"]
    wanted += project["project"]["dependencies"] + [need for extra in extras for need in extra]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [str(Path(folder) / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", *wanted], check=True)
        frozen = subprocess.run(
            [*pip, "list", "--format=freeze", "--exclude", "pip", "--exclude", "setuptools"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    pins = [line.partition("+")[0] for line in frozen.splitlines()]
    LOCK.write_text(HEAD + "\n".join(sorted(pins, key=str.lower)) + "\n")


if __name__ == "__main__":
    main()
