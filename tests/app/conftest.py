"""A made-up run, an explorer that shows it, and a browser that reports what leaves loopback."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from explorer import explorer, quick_study

from made_up_run import made_up_paper_run

CHROMIUM = "/usr/bin/chromium"

#: Milliseconds until the page must show what a test waits for, on a slow and busy machine, too.
PATIENCE = 60_000


@pytest.fixture(scope="session")
def runs(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("explorer") / "runs"
    made_up_paper_run(folder / "paper", patients=3)
    made_up_paper_run(folder / "damaged", patients=1)
    block = next((folder / "damaged" / "blocks").iterdir())
    block.write_bytes(block.read_bytes()[:-1] + b"!")
    return folder


@pytest.fixture(scope="session")
def address(runs, tmp_path_factory, _own_cache):
    study = tmp_path_factory.mktemp("asked") / "study.yaml"
    study.write_text(quick_study().to_yaml())
    with explorer(runs, study) as found:
        yield found


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).is_file() and not shutil.which("chromium"):
        if os.environ.get("SYNAPRUNE_NEED_BROWSER"):
            pytest.fail("SYNAPRUNE_NEED_BROWSER is set, but there is no /usr/bin/chromium")
        pytest.skip("no /usr/bin/chromium; the page is not tested in a browser")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        sync_api.expect.set_options(timeout=PATIENCE)
        yield opened
        opened.close()


@pytest.fixture
def tab(browser, address):
    """Open tabs; at the end nothing has left loopback and no page has complained."""
    wrong: list[str] = []
    contexts = []

    def opened(query: str = "", **options):
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: wrong.append(request.url)
                if not request.url.startswith((address, "data:")) else None)  # fmt: skip
        page.on("websocket", lambda socket: wrong.append(socket.url)
                if not socket.url.startswith(address.replace("http", "ws")) else None)  # fmt: skip
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text)
                if message.type == "error" else None)  # fmt: skip
        page.goto(address + query)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []
