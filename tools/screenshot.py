"""Write docs/explorer.png: the explorer with a small study, for the README.

Computes a study of four patients (half a minute), opens it in the explorer, and points at one
value of the figure. The same version on the same machine gives the same picture.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import synaprune

PICTURE = Path(__file__).parent.parent / "docs" / "explorer.png"
SIZE = {"width": 1280, "height": 1180}
STUDY = synaprune.Study(
    name="first-look",
    profiles=["als_standard"],
    arms={name: name for name in ("untreated", "riluzole_continuous", "ketamine_maintenance")},
    patients=4,
    seed=1,
)
#: Row (arm) and column (cycle) of the value that is pointed at.
POINTED = "#course .mark[data-row='2'][data-column='10']"
SHOWN = ("#files a", "#c0-bulbar-mark", "#tables .mark")


@contextmanager
def explorer(folder: Path) -> Iterator[str]:
    """Serve the explorer in the folder; give its address."""
    study = folder / "study.yaml"
    study.write_text(STUDY.to_yaml())
    command = [sys.executable, "-m", "synaprune", "app", "--no-browser", "--port", "0"]
    served = subprocess.Popen(
        [*command, "--study", study, "--runs", "runs"], cwd=folder, text=True,
        stdout=subprocess.PIPE, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        yield re.search(r"http://127\.0\.0\.1:\d+/", served.stdout.readline())[0]
    finally:
        served.terminate()
        served.wait(30)


def point(page: Page) -> None:
    """Move the pointer to a value."""
    place = page.locator(POINTED).bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.wait_for_selector("#course .read-out strong")


def main() -> int:
    """Compute, open, point, and write the picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("screenshot: needs chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        synaprune.run(STUDY, folder / "runs" / STUDY.name)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with explorer(folder) as address:
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.goto(f"{address}?run={STUDY.name}")
            for part in SHOWN:
                page.wait_for_selector(part, state="attached")
            point(page)
            page.screenshot(path=folder / "page.png")
        browser.close()
        with Image.open(folder / "page.png") as picture:
            colours = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
            colours.save(PICTURE, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
