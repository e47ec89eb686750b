"""Names that run from right to left, or try to turn round what stands beside them, garble neither times nor other names."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route
from sqlalchemy import select

from app import create_app
from app.store.database import database
from app.store.tables import Artist, Track
from tests import collection
from tests.browser.conftest import Serve
from tests.browser.screen import PATH, VIEW, Screen, around, read_points, written

HEBREW = "שיר 12 (הופעה חיה) – Live!"
ARABIC = "أغنية الصباح ٣"
TURNED = "safe \u202egpj.exe"
UNFINISHED = "\u2067open\u2066 ended\x07"
TITLES = (HEBREW, ARABIC, TURNED, UNFINISHED)
SHOWN = (HEBREW, ARABIC, "safe gpj.exe", "open ended")
ARTIST = "فرقة 7 نجوم"
HARMFUL = r"/[\u202a-\u202e\u0007]/"

TIMES_IN_ORDER = """(host) => {
  const left = (node, text, from = 0) => {
    const range = document.createRange();
    const at = node.data.indexOf(text, from);
    range.setStart(node, at);
    range.setEnd(node, at + text.length);
    return range.getBoundingClientRect().left;
  };
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.checkVisibility()) continue;
    for (const [time] of data.matchAll(/\\d+:\\d\\d\\.\\d/g)) found.push([walker.currentNode, time]);
  }
  if (!found.length) return "no times";
  const places = found.slice(0, 2).map(([node, time]) => left(node, time));
  return places.length < 2 || places[0] < places[1] ? "" : `turned round: ${places}`;
}"""
CLEAN = f"""() => {{
  const texts = [document.documentElement.innerText, document.title];
  for (const each of document.querySelectorAll("[title], [aria-label], [aria-valuetext]"))
    texts.push(each.title, each.getAttribute("aria-label"), each.getAttribute("aria-valuetext"));
  return texts.every((text) => !{HARMFUL}.test(text ?? ""));
}}"""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, serve: Serve) -> str:
    """The address of a collection whose names run from right to left, or try to turn others round."""
    instance = tmp_path_factory.mktemp("foreign")
    shutil.copy(empty_database, instance / "tagscape.db")
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).app_context():
        session = database.session()
        collection.synthesise(session, len(TITLES), ("msd-musicnn",), mean_segments=6)
        collection.write_tones(session, instance / "audio")
        artist = Artist(name=ARTIST)
        for track, title in zip(session.scalars(select(Track).order_by(Track.id)), TITLES, strict=True):
            track.title, track.artist = title, artist
        session.commit()
        database.session.remove()
        database.engine.dispose()
    return serve(instance, instance / "audio")


@pytest.mark.parametrize(("track", "shown"), list(enumerate(SHOWN, 1)))
def test_the_player_shows_names_as_they_run_and_times_in_order(
    foreign: str, new_screen: Callable[..., Screen], track: int, shown: str
) -> None:
    screen = new_screen(390, 844).open(foreign, **VIEW, track=track, segment=1)
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    title = screen.page.locator(".track-title")
    assert title.inner_text() == shown
    assert title.evaluate("(each) => getComputedStyle(each).direction") == ("rtl" if shown in (HEBREW, ARABIC) else "ltr")
    assert screen.page.locator(".track-detail").evaluate(TIMES_IN_ORDER) == ""
    assert screen.page.evaluate(CLEAN)


def test_table_and_card_keep_every_name_to_itself(foreign: str, screen: Screen) -> None:
    points = read_points(foreign, PATH)
    box = around(points)
    screen.open(foreign, **VIEW, box=written(box))
    places = screen.places(points, box)
    found = next(i for i in points.loneliest() if screen.is_over_the_map(places[i]))
    screen.page.mouse.move(*screen.in_window(places[found]))
    screen.wait("!document.querySelector('.hover-card').hidden")
    assert screen.page.locator(".hover-card").evaluate(TIMES_IN_ORDER) == ""
    screen.page.keyboard.press("t")
    screen.wait("document.querySelectorAll('.table-panel tbody tr').length > 4")
    for line in screen.page.locator(".table-panel tbody tr").all()[:8]:
        assert line.locator("th bdi").inner_text() in SHOWN
        assert line.evaluate(TIMES_IN_ORDER) == ""
    assert screen.page.evaluate(CLEAN)


def test_a_message_keeps_a_name_to_itself(foreign: str, screen: Screen) -> None:
    screen.page.route("**/audio/**", lambda route: route.fulfill(status=404))
    screen.open(foreign, **VIEW, track=1, segment=0)
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    screen.page.keyboard.press(" ")
    screen.wait("!document.querySelector('.toast').hidden")
    assert f"“\u2068{HEBREW}\u2069”" in screen.text(".toast")


def test_paths_of_failures_are_shown_without_what_turns_them_round(foreign: str, screen: Screen) -> None:
    failure = {
        "track_id": 1,
        "path": f"{TURNED}/{HEBREW}.mp3",
        "step": "extract",
        "severity": "error",
        "code": "not_audio",
        "message": f"{TURNED}: not audio.",
        "hint": "Copy it again.",
        "happened_at": "2026-01-02T03:04:05Z",
    }
    counts = [{"step": "extract", "severity": "error", "code": "not_audio", "n_tracks": 1}]

    def answer(route: Route) -> None:
        body = route.fetch().json()
        route.fulfill(json={**body, "failures": [failure], "failure_counts": counts})

    screen.page.route("**/api/status", answer)
    screen.page.goto(f"{foreign}/collection")
    screen.wait("document.querySelector('main').getAttribute('aria-busy') === 'false'")
    assert screen.page.locator(".failures th bdi").inner_text() == f"safe gpj.exe/{HEBREW}.mp3"
    assert "safe gpj.exe: not audio." in screen.text(".failures")
    assert screen.page.evaluate(CLEAN)
