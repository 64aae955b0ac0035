"""Made-up runs, read once."""

from __future__ import annotations

import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from made_up_run import made_up_paper_run, made_up_run, own_study
from synaprune.figures import Material
from synaprune.results.run import Run

OWN_ARMS = {
    "nothing": [],
    "mine": [{"drug": "ketamine", "at": [4, 9]}],
    "both": [{"drug": "ketamine", "from": 3, "every": 3}, {"drug": "riluzole"}],
    "riluzole": "riluzole_continuous",
}
OWN = {"arms": OWN_ARMS}


@pytest.fixture(scope="session")
def paper_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_up_paper_run(tmp_path_factory.mktemp("paper") / "run")


@pytest.fixture(scope="session")
def own_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_up_run(tmp_path_factory.mktemp("own") / "run", own_study(**OWN))


@pytest.fixture(scope="session")
def material(paper_run: Run) -> Material:
    return Material.of_run(paper_run)


@pytest.fixture(scope="session")
def own(own_run: Run) -> Material:
    return Material.of_run(own_run)


@pytest.fixture
def make_run(tmp_path):
    """Write a run of the own study with some keys replaced."""
    return lambda **changes: made_up_run(tmp_path / "run", own_study(**(OWN | changes)))


@pytest.fixture
def artist():
    """Find the one artist of a name."""

    def find(figure: Figure, name: str) -> Artist:
        (found,) = figure.findobj(lambda artist: artist.get_gid() == name)
        return found

    return find


@pytest.fixture
def artists():
    """Find all artists whose name starts with a text."""

    def find(figure: Figure, start: str) -> list[Artist]:
        return figure.findobj(lambda artist: str(artist.get_gid() or "").startswith(start))

    return find


@pytest.fixture
def words():
    """All text of a figure, in one string."""

    def read(figure: Figure) -> str:
        return "\n".join(
            text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))
        )

    return read
