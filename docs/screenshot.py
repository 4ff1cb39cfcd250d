"""Takes the pictures of the live page in docs/images, from the real demo in a real Chromium.

python docs/screenshot.py
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from edgeinspect.cli.demo.stage import free_port

IMAGES = Path(__file__).resolve().parent / "images"
SCREEN: ViewportSize = {"width": 1440, "height": 900}
PARTS_PER_S = 1
WAIT_MS, PAUSE_MS = 120_000, 500
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")

STRIP_IS_FULL = "document.querySelectorAll('nav button img').length >= 20"
SHOWS_A_DEFECT = """() => {
    const picture = document.querySelector('main section img');
    const findings = document.querySelectorAll('main [data-finding]').length;
    const failed = document.querySelector('main section[data-verdict="fail"]');
    return failed && findings === 1 && picture?.complete && picture.naturalWidth > 0;
}"""


@contextmanager
def demo(port: int) -> Iterator[None]:
    """Run the demo in a folder of its own, and end it afterwards."""
    with TemporaryDirectory() as data:
        options = ["--port", str(port), "--rate", str(PARTS_PER_S), "--data", data]
        process = subprocess.Popen([sys.executable, "-m", "edgeinspect.cli.main", "demo", *options])
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def open_when_served(page: Page, url: str) -> None:
    """Open the page as soon as the demo serves it; it may have to teach first."""
    for _ in range(WAIT_MS // PAUSE_MS):
        try:
            page.goto(url)
        except Error:
            page.wait_for_timeout(PAUSE_MS)
        else:
            return
    sys.exit(f"{url}: the demo does not serve it; look at what it says above.")


def take(browser: Browser, url: str, locale: str, file: Path) -> None:
    """Save the page as it shows a defective part, the strip of last parts full."""
    page = browser.new_page(viewport=SCREEN, locale=locale, bypass_csp=True)
    open_when_served(page, url)
    page.wait_for_function(STRIP_IS_FULL, timeout=WAIT_MS)
    page.wait_for_function(SHOWS_A_DEFECT, timeout=WAIT_MS)
    page.screenshot(path=file)
    page.close()


def main() -> None:
    """Take both pictures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is missing; apt-get install chromium.")
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with demo(port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        take(browser, url, "en-GB", IMAGES / "live.png")
        take(browser, url, "zh-CN", IMAGES / "live.zh-CN.png")
        browser.close()


if __name__ == "__main__":
    main()
