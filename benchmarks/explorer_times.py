"""How long the explorer keeps people waiting, as somebody at the browser would measure it.

Three waits: from the start of the program to the first page, from the click on Run to the result
of the page's first study (three arms, eight patients, the full circuit, nothing in the cache), and
from a click to its answer while that is computed. The last is measured inside the page, so that
the time that it takes to steer the browser from outside is not counted.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

#: What is promised, in seconds.
FIRST_PAGE, RESULT, ANSWER = 2.0, 60.0, 0.3

#: A click, and what appears when it is answered: by the page alone, and by the program.
CLICKS: Final = {
    "build an arm": ("#own-arm", ".arm[open]"),
    "ask what cannot be run": ("#run", "#problem_with_what_was_asked .problem"),
}

_CLICK = """([press, appears]) => new Promise((answered) => {
  const start = performance.now();
  const look = new MutationObserver(() => {
    if (!document.querySelector(appears)) return;
    look.disconnect();
    requestAnimationFrame(() => answered((performance.now() - start) / 1000));
  });
  look.observe(document.body, { subtree: true, childList: true, attributes: true });
  setTimeout(() => answered(99), 10000);
  document.querySelector(press).click();
})"""


def answer_seconds(page: Page, press: str, appears: str) -> float:
    """Click, and measure until something that is not there yet appears.

    Parameters
    ----------
    page
        An open page of the explorer.
    press, appears
        Selectors.

    Returns
    -------
    float
        Seconds; 99 where nothing appears.
    """
    return float(page.evaluate(_CLICK, [press, appears]))


@contextmanager
def started(folder: Path) -> Iterator[tuple[str, float]]:
    """Start the explorer with nothing in its cache; give its address and when it was started."""
    command = [sys.executable, "-m", "synaprune", "app", "--no-browser", "--port", "0"]
    begin = time.perf_counter()
    served = subprocess.Popen(  # noqa: S603 - this program itself
        [*command, "--runs", str(folder / "runs")], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "SYNAPRUNE_CACHE": str(folder / "cache")},
    )  # fmt: skip
    assert served.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+/", served.stdout.readline())
        assert found is not None, "the explorer did not start"
        yield found[0], begin
    finally:
        served.terminate()
        served.wait(30)
        served.stdout.close()


def clicks_while_computing(page: Page) -> dict[str, float]:
    """Measure clicks while a run is computed; the page is left as it was."""
    page.wait_for_selector("progress")
    patients = page.input_value("#patients")
    page.fill("#patients", "none")
    found = {name: answer_seconds(page, *click) for name, click in CLICKS.items()}
    page.fill("#patients", patients)
    page.locator(".arm .remove").last.click()
    return found


def times(browser: Browser, folder: Path) -> dict[str, float]:
    """Measure all waits once, in seconds."""
    page = browser.new_page()
    page.set_default_timeout(300_000)
    with started(folder) as (address, begin):
        page.goto(address)
        page.wait_for_selector(".empty")
        first = time.perf_counter() - begin
        begin = time.perf_counter()
        page.click("#run")
        clicks = clicks_while_computing(page)
        for shown in ("#values", "#c0-bulbar-mark", "#tables .mark", "#files a"):
            page.wait_for_selector(shown, state="attached")
        return {"first page": first, "3 arms x 8 patients": time.perf_counter() - begin} | clicks


def main() -> int:
    """Measure, print, and fail where a promise is not kept."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("explorer_times: needs chromium", file=sys.stderr)
        return 2
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        found = times(browser, Path(folder))
        browser.close()
    kept = True
    for name, seconds in found.items():
        promised = {"first page": FIRST_PAGE, "3 arms x 8 patients": RESULT}.get(name, ANSWER)
        kept &= seconds < promised
        print(f"{name:24} {seconds:7.3f} s   (promised: under {promised:g} s)")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
