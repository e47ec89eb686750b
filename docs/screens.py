"""Makes the pictures of the README from a collection that is served.

    python -m docs.screens [ADDRESS] [--track N] [--segment N] [--filter TEXT]

Those in the repository are of 57 openly licensed tracks. Titles are in them: take a collection whose licences allow it.
"""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import click
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
SIZE = {"width": 1280, "height": 800}
ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader", "--use-angle=swiftshader")
PATIENCE_S = 60
QUALITY = 0.86
"""Of WebP: letters stay sharp, and a picture takes about 60 kB."""

MAP = {"network": "msd-musicnn", "layer": "embeddings", "projection": "tsne"}

IS_RESTING = "document.querySelector('.stage')?.getAttribute('aria-busy') === 'false'"
HAS_WORDS = "document.querySelectorAll('.map-label[data-shown]').length > 0"
HAS_THREAD = "!document.querySelector('.thread').hasAttribute('hidden')"
HAS_TRACKS = "document.querySelectorAll('.selection-panel tbody tr').length > 0"

AS_WEBP = """async ([base64, quality]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const file = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
  return btoa(Array.from(file, (byte) => String.fromCharCode(byte)).join(""));
}"""


@click.command()
@click.argument("address", default="http://localhost:5000")
@click.option("--track", default=1, show_default=True, help="Whose thread is shown.")
@click.option("--segment", default=3, show_default=True, help="Which of it is ringed.")
@click.option("--filter", "kept", default="rock>p80", show_default=True, help="What a filter keeps.")
def main(address: str, track: int, segment: int, kept: str) -> None:
    """Make the pictures of the README from the collection that ADDRESS serves."""
    thread = {"thread": "playing", "track": str(track), "segment": str(segment)}
    with _browser() as new_page:
        for name, view, act in (
            ("map", {}, _wait_for_words),
            ("thread", thread, _wait_for_thread),
            ("filter", {"filter": kept, "colour": "msd-musicnn/rock"}, _wait_for_words),
            ("selection", {}, _select_a_region),
        ):
            page = new_page()
            _open(page, address, MAP | view)
            act(page)
            _write(page, name, page.screenshot())
        page = new_page()
        _open(page, address, MAP | {"projection": "pca", "colour": "msd-musicnn/rock"})
        _wait_for_words(page)
        _write(page, "saved", _saved(page))


@contextmanager
def _browser() -> Iterator[Callable[[], Page]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        yield lambda: browser.new_page(viewport=SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
        browser.close()


def _open(page: Page, address: str, view: dict[str, str]) -> None:
    page.set_default_timeout(PATIENCE_S * 1000)
    page.goto(f"{address}/?{urlencode(view)}")
    _wait(page, IS_RESTING)


def _wait(page: Page, expression: str) -> None:
    # the page itself may not evaluate strings, which `wait_for_function` would have it do
    for _ in range(PATIENCE_S * 10):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"not true within {PATIENCE_S} s: {expression}")


def _wait_for_words(page: Page) -> None:
    _wait(page, HAS_WORDS)
    page.wait_for_timeout(500)  # until they have faded in


def _wait_for_thread(page: Page) -> None:
    _wait_for_words(page)
    _wait(page, HAS_THREAD)


def _select_a_region(page: Page) -> None:
    _wait_for_words(page)
    page.locator(".map-label[data-shown]").first.click()
    page.locator(".why-card").get_by_role("button", name="Select").click()
    _wait(page, HAS_TRACKS)
    _wait(page, IS_RESTING)
    page.mouse.move(640, 790)
    page.wait_for_timeout(500)


def _saved(page: Page) -> bytes:
    page.keyboard.press("e")
    with page.expect_download() as download:
        page.locator(".save-picture li button").first.click()
    return Path(download.value.path()).read_bytes()


def _write(page: Page, name: str, png: bytes) -> None:
    webp = base64.b64decode(page.evaluate(AS_WEBP, [base64.b64encode(png).decode(), QUALITY]))
    path = IMAGES / f"{name}.webp"
    path.write_bytes(webp)
    click.echo(f"{path.relative_to(Path.cwd())}  {len(webp) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
