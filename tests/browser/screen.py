"""The map as a test sees it: places of points, pixels, what plays."""

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import ConsoleMessage, Page

__all__ = ["PATH", "PATIENCE_S", "VIEW", "Box", "Points", "Screen", "around", "box_of", "read_json", "read_points", "written"]

PATH = "msd-musicnn/embeddings/pca?x=0&y=1"
VIEW = {"network": "msd-musicnn", "layer": "embeddings", "projection": "pca", "x": 0, "y": 1}
"""A map with axes, as the API and as the page's address name it."""

PATIENCE_S = 20.0
BETWEEN_LOOKS_MS = 20
EXPECTED = (
    "Failed to load resource",  # any status of 400 or more
    "GPU stall",
    "The ScriptProcessorNode is deprecated",  # that of the tests
)
"""Parts of Chromium's lines on the console that tell nothing of the page."""

READ_ALPHA = """(places) => {
  const points = document.querySelector(".points");
  const copy = new OffscreenCanvas(points.width, points.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(points, 0, 0);
  const pixel = (px) => Math.round(px * devicePixelRatio);
  return places.map(([x, y]) => context.getImageData(pixel(x), pixel(y), 1, 1).data[3]);
}"""

SUM_ALPHA_UNDER = """(element) => {
  const points = document.querySelector(".points");
  const context = new OffscreenCanvas(points.width, points.height).getContext("2d");
  context.drawImage(points, 0, 0);
  const [frame, over] = [points, element].map((each) => each.getBoundingClientRect());
  const box = [over.left - frame.left, over.top - frame.top, over.width, over.height];
  return context.getImageData(...box.map((px) => Math.round(px * devicePixelRatio))).data.reduce((sum, value) => sum + value, 0);
}"""

SUM_ALPHA = """() => {
  const points = document.querySelector(".points");
  const context = new OffscreenCanvas(points.width, points.height).getContext("2d");
  context.drawImage(points, 0, 0);
  return context.getImageData(0, 0, points.width, points.height).data.reduce((sum, value) => sum + value, 0);
}"""

IS_OVER_THE_MAP = "([x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('.figure'))"

RECORD_SOUND = """() => {
  window.heard = [];
  const listen = () => {
    for (const media of document.querySelectorAll("audio"))
      if (!media.paused) window.heard.push([new URL(media.src).pathname, media.currentTime]);
    setTimeout(listen, 2);
  };
  listen();
}"""

PASS_DELAY_OF_ADDRESS = """async () => {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setTimeout(resolve, 300));
}"""
"""The address is written 250 ms after the last move, by a timer of the same page, which moves once per frame."""

Box = tuple[float, float, float, float]


@dataclass
class Points:
    """An answer of /api/points, decoded on its own."""

    header: dict[str, Any]
    rows: NDArray[np.uint32]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    levels: NDArray[np.uint8] | None = None

    def loneliest(self) -> list[int]:
        """Indices of the points, those farthest from their nearest neighbour first, for they cannot be mistaken."""
        x, y = ((v - v.min()) / np.ptp(v) for v in (self.x, self.y))
        distances = np.hypot(x[:, None] - x, y[:, None] - y) + 9 * np.eye(len(x))
        return np.argsort(-distances.min(0)).tolist()


@dataclass
class Screen:
    """One page of the application."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.problems.append(f"{error}"))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        # an error that the server tells is shown to the person and tested as such
        if message.type in ("error", "warning") and not any(part in message.text for part in EXPECTED):
            self.problems.append(message.text)

    def open(self, address: str, **view: object) -> "Screen":
        """Load the map and wait until it rests. Its words take clicks from points below them: they are there where asked for."""
        self.page.goto(f"{address}/?{urlencode({'labels': 'off', **view})}")
        return self.rest()

    def rest(self) -> "Screen":
        self.wait("document.querySelector('.stage')?.getAttribute('aria-busy') === 'false'")
        return self

    def settle(self) -> "Screen":
        """Wait until the map rests and the address holds what is seen."""
        self.rest().page.evaluate(PASS_DELAY_OF_ADDRESS)
        return self

    def wait(self, expression: str) -> Any:
        """Look until an expression is true; the page itself may not evaluate strings."""
        deadline = time.monotonic() + PATIENCE_S
        while not (value := self.page.evaluate(expression)):
            assert time.monotonic() < deadline, f"still not true: {expression}; the page's problems: {self.problems}"
            self.page.wait_for_timeout(BETWEEN_LOOKS_MS)
        return value

    @property
    def view(self) -> dict[str, str]:
        """The view in the address."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def frame(self) -> dict[str, float]:
        """Where the points lie in the window, in CSS pixels."""
        box = self.page.locator(".points").bounding_box()
        assert box is not None
        return dict(box)

    def places(self, points: Points, box: Box) -> NDArray[np.float64]:
        """CSS pixels inside the frame of every point, when the figure shows `box` [shape=(n, 2)]."""
        frame = self.frame()
        across = (points.x - box[0]) / (box[1] - box[0]) * frame["width"]
        up = (points.y - box[2]) / (box[3] - box[2]) * frame["height"]
        return np.column_stack([across, frame["height"] - up])

    def alpha(self, places: NDArray[np.float64]) -> NDArray[np.int64]:
        """Opacity, 0-255, of the drawn points' canvas."""
        return np.array(self.page.evaluate(READ_ALPHA, places.tolist()))

    def alpha_sum(self) -> int:
        """All that is drawn, as one number."""
        return int(self.page.evaluate(SUM_ALPHA))

    def alpha_under(self, selector: str) -> int:
        """What is drawn behind an element that lies over the map."""
        return int(self.page.locator(selector).evaluate(SUM_ALPHA_UNDER))

    def in_window(self, place: NDArray[np.float64]) -> tuple[float, float]:
        frame = self.frame()
        return frame["x"] + float(place[0]), frame["y"] + float(place[1])

    def is_over_the_map(self, place: NDArray[np.float64]) -> bool:
        """Whether nothing else lies over the points at a place inside the frame."""
        return bool(self.page.evaluate(IS_OVER_THE_MAP, list(self.in_window(place))))

    def record_sound(self) -> None:
        """From now on note what sounds and when in its track."""
        self.page.evaluate(RECORD_SOUND)

    def heard(self) -> list[tuple[str, float]]:
        return [(path, time_s) for path, time_s in self.page.evaluate("window.heard")]

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()


def read_json(address: str) -> Any:
    with urllib.request.urlopen(address) as answer:
        return json.load(answer)


def read_points(address: str, path: str) -> Points:
    with urllib.request.urlopen(f"{address}/api/points/{path}") as answer:
        data = answer.read()
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length])
    columns = {
        column["name"]: np.frombuffer(data, np.dtype(column["type"]).newbyteorder("<"), header["n"], 8 + length + column["offset"])
        for column in header["columns"]
    }
    x0, x1, y0, y1 = header["box"]
    x, y = x0 + columns["x"] / 65535 * (x1 - x0), y0 + columns["y"] / 65535 * (y1 - y0)
    return Points(header, columns["row"], x, y, columns.get("colour"))


def around(points: Points, share: float = 0.1) -> Box:
    """A box with air around all points."""
    return aired(points.header["extent"], share)


def aired(box: Box, share: float = 0.1) -> Box:
    x0, x1, y0, y1 = box
    dx, dy = (x1 - x0) * share, (y1 - y0) * share
    return (x0 - dx, x1 + dx, y0 - dy, y1 + dy)


def box_of(screen: Screen) -> Box:
    """The box in the address."""
    x0, x1, y0, y1 = (float(edge) for edge in screen.view["box"].split(","))
    return x0, x1, y0, y1


def written(box: Box) -> str:
    return ",".join(str(edge) for edge in box)
