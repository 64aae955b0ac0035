"""Made-up runs and their pages, written once."""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser

import pytest

from made_up_run import made_up_paper_run, made_up_run, own_study
from synaprune.report import build_report
from synaprune.results.run import Run

OWN = {
    "arms": {"untreated": [], "mine": [{"drug": "ketamine", "from": 2, "every": 4}]},
    "constants": {"flare_threshold": 0.61, "retraining_steps": 5},
}


@pytest.fixture(scope="session")
def paper_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_up_paper_run(tmp_path_factory.mktemp("paper") / "run")


@pytest.fixture(scope="session")
def own_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_up_run(tmp_path_factory.mktemp("own") / "run", own_study(**OWN))


@pytest.fixture(scope="session")
def paper_page(paper_run: Run) -> str:
    return build_report(paper_run)


@pytest.fixture(scope="session")
def own_page(own_run: Run) -> str:
    return build_report(own_run)


@pytest.fixture
def make_run(tmp_path):
    """Write a run of the own study with some keys replaced."""
    return lambda **changes: made_up_run(tmp_path / "run", own_study(**(OWN | changes)))


class Page(HTMLParser):
    """Everything that the tests ask of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.captions: list[str] = []
        self._text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th", "caption"):
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._text).replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
        if tag in ("td", "th"):
            self.rows[-1].append(text)
        if tag == "caption":
            self.captions.append(text)

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="session")
def parsed():
    """Parse a page, each once."""
    return lru_cache(maxsize=8)(Page)
