"""A picture of what is seen, as PNG and as SVG: the files themselves are opened and counted."""

import base64
import json
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Route

from tests.browser.conftest import HOSTILE
from tests.browser.screen import PATH, VIEW, Screen, around, read_points, written
from tests.browser.test_labels import boxes, shown
from tests.browser.test_map import LOSE

SVG = "{http://www.w3.org/2000/svg}"
PNG, FINE_PNG, SVG_FILE = range(3)
DAY = r"\d{4}-\d\d-\d\d"
IS_OPEN = "document.querySelector('.save-picture').open"
PROBLEM = "document.querySelector('.save-picture .problem').textContent"

COUNT_ADDRESSES = """
window.addresses = new Set();
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (file) => {
  const address = createObjectURL.call(URL, file);
  window.addresses.add(address);
  return address;
};
URL.revokeObjectURL = (address) => {
  window.addresses.delete(address);
  revokeObjectURL.call(URL, address);
};
"""

COLOURFUL = """async ([base64, box]) => {
  const bytes = base64 && Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const image = bytes ? await createImageBitmap(new Blob([bytes], { type: "image/png" })) : document.querySelector(".points");
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, image.width, image.height);
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(...(box ?? [0, 0, image.width, image.height]));
  let n = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 2] - data[i] > 12) n++;
  return { width: image.width, height: image.height, n };
}"""
"""How many pixels have the colour of points, which are blue where nothing colours them, over white."""


def save(screen: Screen, which: int) -> tuple[str, bytes]:
    """The name and the content of a file."""
    with screen.page.expect_download() as download:
        screen.page.locator(".save-picture li button").nth(which).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def colourful(screen: Screen, png: bytes | None = None, box: list[float] | None = None) -> dict[str, int]:
    """Size and blue pixels of a file, or of the screen."""
    found: dict[str, int] = screen.page.evaluate(COLOURFUL, [base64.b64encode(png).decode() if png else None, box])
    return found


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def of_class(root: ElementTree.Element, name: str) -> ElementTree.Element:
    return next(group for group in root.iter(f"{SVG}g") if group.get("class") == name)


def place_of_map(root: ElementTree.Element) -> tuple[float, float]:
    found = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", of_class(root, "map").get("transform", ""))
    assert found is not None
    return float(found[1]), float(found[2])


def test_the_files_hold_what_the_screen_shows(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    x0, x1, y0, y1 = around(points)
    box = (x0, x0 + 0.7 * (x1 - x0), y0, y1)
    screen.page.add_init_script(COUNT_ADDRESSES)
    screen.open(tones, **VIEW, colour="none", box=written(box))
    seen = colourful(screen)
    assert seen["n"] > 1000
    screen.page.keyboard.press("e")
    assert screen.page.evaluate("document.activeElement.textContent") == "PNG"

    name, svg = save(screen, SVG_FILE)
    assert re.fullmatch(rf"msd-musicnn-embeddings-pca-{DAY}\.svg", name)
    root = ElementTree.fromstring(svg)
    circles = of_class(root, "points").findall(f".//{SVG}circle")
    places = screen.places(points, box)
    frame = screen.frame()
    is_in = ((places >= 0) & (places <= (frame["width"], frame["height"]))).all(1)
    assert 10 < is_in.sum() < len(places)
    assert len(circles) == is_in.sum()
    drawn = np.array([[float(circle.get("cx", "")), float(circle.get("cy", ""))] for circle in circles])
    distances = np.hypot(*(drawn[:, None] - places[is_in][None]).transpose(2, 0, 1))
    assert distances.min(1).max() < 0.6
    said = texts(root)
    assert "MSD MusiCNN embeddings as PCA" in said
    assert f"{len(places)} segments, {is_in.sum()} in view." in said
    assert any(text.startswith("PCA 1") for text in said)
    assert said[-1].startswith("Tagscape, ")

    left, top = place_of_map(root)
    for which, density in ((PNG, 1), (FINE_PNG, 2)):
        name, png = save(screen, which)
        assert re.fullmatch(rf"msd-musicnn-embeddings-pca-{DAY}(-2x)?\.png", name)
        part = [density * px for px in (left, top, frame["width"], frame["height"])]
        found = colourful(screen, png, part)
        assert (found["width"], found["height"]) == (density * int(root.get("width", "")), density * int(root.get("height", "")))
        assert found["n"] == pytest.approx(seen["n"] * density**2, rel=0.02 if density == 1 else 0.08)
    assert screen.page.evaluate("window.addresses.size") == 0


def test_the_words_of_the_map_and_of_its_legend_are_in_the_picture(music: str, screen: Screen) -> None:
    shown(screen.open(music, **VIEW, colour="top/msd-musicnn", labels="on"))
    words = {box["text"] for box in boxes(screen)}
    screen.page.keyboard.press("e")
    root = ElementTree.fromstring(save(screen, SVG_FILE)[1])
    assert words <= set(texts(of_class(root, "labels")))
    legend = texts(of_class(root, "legend"))
    assert legend[0] == "top tag of MSD MusiCNN"
    listed = screen.page.locator(".legend-word").evaluate_all(
        "(all) => all.flatMap(({ children: [, word, n] }) => [word, n].map((each) => each.textContent))"
    )
    assert len(listed) == 26
    assert set(listed) <= set(legend)


def test_titles_and_filters_stay_texts_and_a_dark_page_makes_a_dark_picture(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(color_scheme="dark", device_scale_factor=2)
    screen.open(tones, **VIEW, colour="msd-musicnn/rock", track=1, segment=0, filter="rock<p95")
    screen.wait("!document.querySelector('.ring-playing').hidden")
    screen.page.locator(".tool-picture").click()
    _, svg = save(screen, SVG_FILE)
    root = ElementTree.fromstring(svg)
    said = texts(root)
    assert any(text.startswith(f"The ring: {HOSTILE} by Nobody") for text in said)
    assert "Filter: rock<p95 (what does not match is pale)" in said
    assert {"p50", "p90", "p99", "max"} <= set(said), "the ramp has its raw values"
    assert not list(root.iter(f"{SVG}img"))
    background = root.find(f"{SVG}rect")
    assert background is not None
    assert background.get("fill") == "#12151c"
    ground, points = (of_class(root, name).findall(f".//{SVG}circle") for name in ("ground", "points"))
    assert 0 < len(points) < len(ground)
    # a preview stands in the dialog
    assert screen.page.locator(".save-picture canvas").evaluate("(canvas) => canvas.width > 500 && canvas.height > 200")


def test_more_points_than_shapes_are_a_picture_inside_the_file(tones: str, screen: Screen) -> None:
    """The answer of a large map: 30 000 points at random places."""
    many = 30_000
    random = np.random.default_rng(0)

    def enlarge(route: Route) -> None:
        body = route.fetch().body()
        (length,) = struct.unpack_from("<I", body, 4)
        header: dict[str, Any] = json.loads(body[8 : 8 + length])
        columns = [
            np.arange(many, dtype="<u4"),
            *(random.integers(0, 65536, many).astype("<u2") for _ in range(2)),
        ]
        offsets = np.cumsum([0, *(column.nbytes for column in columns[:-1])]).tolist()
        types = ("uint32", "uint16", "uint16")
        header |= {"n": many, "n_inside": many, "n_matching": many, "n_total": many}
        header["columns"] = [
            {"name": name, "type": type_, "offset": offset}
            for name, type_, offset in zip(("row", "x", "y"), types, offsets, strict=True)
        ]
        text = json.dumps(header).encode()
        text += b" " * (-(len(text) + 8) % 8)
        start = b"TSP1" + struct.pack("<I", len(text)) + text
        route.fulfill(body=start + b"".join(column.tobytes() for column in columns))

    screen.page.route("**/api/points/msd-musicnn/embeddings/pca?**", enlarge)
    screen.open(tones, **VIEW, colour="none")
    screen.page.keyboard.press("e")
    assert "the points as a picture" in screen.text(".save-picture li:last-child span")
    _, svg = save(screen, SVG_FILE)
    root = ElementTree.fromstring(svg)
    assert not list(root.iter(f"{SVG}circle"))
    (image,) = root.iter(f"{SVG}image")
    kind, _, data = image.get("href", "").partition(",")
    assert kind == "data:image/png;base64"
    found, frame = colourful(screen, base64.b64decode(data)), screen.frame()
    assert (found["width"], found["height"]) == (2 * round(frame["width"]), 2 * round(frame["height"]))
    assert found["n"] > many


def test_without_points_there_is_nothing_to_save_and_a_lost_context_says_what_to_do(tones: str, screen: Screen) -> None:
    button = screen.page.locator(".tool-picture")
    screen.open(tones, **VIEW, filter="rock>2")
    assert button.is_disabled()
    screen.page.keyboard.press("e")
    assert not screen.page.evaluate(IS_OPEN)
    screen.open(tones, **VIEW)
    assert button.is_enabled()
    screen.page.evaluate(LOSE)
    screen.wait("document.querySelector('.points').getContext('webgl2').isContextLost()")
    button.click()
    screen.page.locator(".save-picture li button").nth(PNG).click()
    screen.wait(f"{PROBLEM}.includes('load the page again')")
    screen.page.evaluate("window.lost.restoreContext()")
    screen.rest()
    save(screen, PNG)
    assert screen.page.evaluate(PROBLEM) == ""
    screen.page.locator(".picture-close").click()
    assert not screen.page.evaluate(IS_OPEN)
