"""Selecting on the map: what is drawn is what is selected, how it joins, the panel beside the map, files, addresses, fingers."""

import csv
import io
from collections.abc import Callable
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Route

from tests.browser.screen import PATH, VIEW, Points, Screen, around, box_of, read_json, read_points, written

IS_OPEN = "!document.querySelector('.selection-panel').hidden"
IS_CLOSED = "document.querySelector('.selection-panel').hidden"
CAPTION = "#selection-caption"
SUM_SELECTED = """() => {
  const points = document.querySelector(".selected-points");
  const context = new OffscreenCanvas(points.width, points.height).getContext("2d");
  context.drawImage(points, 0, 0);
  return context.getImageData(0, 0, points.width, points.height).data.reduce((sum, value) => sum + value, 0);
}"""
READ_SELECTED = """(places) => {
  const points = document.querySelector(".selected-points");
  const context = new OffscreenCanvas(points.width, points.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(points, 0, 0);
  const pixel = (px) => Math.round(px * devicePixelRatio);
  return places.map(([x, y]) => context.getImageData(pixel(x), pixel(y), 1, 1).data[3]);
}"""


def open_map(screen: Screen, address: str, **view: object) -> tuple[Points, NDArray[np.float64]]:
    points = read_points(address, PATH)
    screen.open(address, **VIEW, box=written(around(points, 0.3)), **view).settle()
    return points, screen.places(points, box_of(screen))


def middle_of(screen: Screen, share: float = 0.25) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    frame = screen.frame()
    size = np.array([frame["width"], frame["height"]])
    return size / 2, size * share


def ring(centre: NDArray[np.float64], radius: NDArray[np.float64], n: int = 48) -> NDArray[np.float64]:
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1) * (1 + 0.25 * np.sin(3 * angle))[:, None]


def draw(screen: Screen, line: NDArray[np.float64], *held: str) -> None:
    """With the mouse, keys held down."""
    for key in held:
        screen.page.keyboard.down(key)
    screen.page.mouse.move(*screen.in_window(line[0]))
    screen.page.mouse.down()
    for place in line[1:]:
        screen.page.mouse.move(*screen.in_window(place))
    screen.page.mouse.up()
    for key in held:
        screen.page.keyboard.up(key)


def selected(screen: Screen, address: str) -> set[int]:
    """Rows that the server says are selected by what is in the address."""
    text = screen.view["selection"]
    tracks = read_json(f"{address}/api/selections/msd-musicnn/file?kind=json&selection={quote(text)}")
    first = {
        i: read_json(f"{address}/api/tracks/{i}/rows/msd-musicnn")["first_row"] for i in {s["track"] for s in tracks["segments"]}
    }
    return {first[segment["track"]] + segment["segment"] for segment in tracks["segments"]}


def count(screen: Screen) -> int:
    return int("".join(c for c in screen.text(CAPTION).split(" segment")[0] if c.isdigit()))


def inside(line: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.bool_]:
    found = np.zeros(len(places), np.bool_)
    for (x0, y0), (x1, y1) in zip(line, np.roll(line, -1, axis=0), strict=True):
        spans = (y0 <= places[:, 1]) != (y1 <= places[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            found ^= spans & (places[:, 0] < x0 + (places[:, 1] - y0) / (y1 - y0) * (x1 - x0))
    return found


def near(line: NDArray[np.float64], places: NDArray[np.float64], px: float = 4) -> NDArray[np.bool_]:
    """Points that a simplified line may or may not enclose."""
    along = np.roll(line, -1, axis=0) - line
    share = ((places[:, None] - line) * along).sum(-1) / (along**2).sum(-1)
    return np.linalg.norm(places[:, None] - (line + np.clip(share, 0, 1)[..., None] * along), axis=-1).min(1) < px


def test_a_lasso_selects_exactly_what_was_drawn_around_and_shows_it(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones)
    line = ring(*middle_of(screen))
    wanted, unclear = inside(line, places), near(line, places)
    assert 5 < wanted.sum() < len(places) - 5
    screen.page.keyboard.press("l")
    assert screen.page.locator(".tool-lasso").get_attribute("aria-pressed") == "true"
    draw(screen, line)
    screen.wait(IS_OPEN)
    screen.settle()
    found = selected(screen, tones)
    clear = {int(row) for row in points.rows[~unclear]}
    assert found & clear == {int(row) for row in points.rows[wanted]} & clear
    assert count(screen) == len(found)
    assert f"{len(found)} segments" in screen.text(CAPTION)
    # after the panel has pushed the map, selected points are bright where they are now, and only those
    now = screen.places(points, box_of(screen))
    frame = screen.frame()
    lonely = [i for i in points.loneliest()[:40] if 0 < now[i][0] < frame["width"] and 0 < now[i][1] < frame["height"]]
    drawn = np.array(screen.page.evaluate(READ_SELECTED, now[lonely].tolist())) > 0
    assert drawn.tolist() == [int(points.rows[i]) in found for i in lonely]
    screen.wait("getComputedStyle(document.querySelector('.points')).opacity === '0.2'")


def test_keys_add_subtract_and_intersect_and_i_inverts(tones: str, screen: Screen) -> None:
    points, _ = open_map(screen, tones, selection="track:3")
    screen.wait(IS_OPEN)
    track = selected(screen, tones)
    screen.page.locator(".tool-pick").click()
    centre, half = middle_of(screen, 0.3)
    # from the lower right, where nothing lies over the map
    box = np.array([centre + half, centre - half])
    draw(screen, box, "Shift")
    screen.wait(f"document.querySelector('{CAPTION}').textContent.startsWith('{len(track)} ') === false")
    screen.settle()
    added = selected(screen, tones)
    assert track < added
    assert screen.view["selection"].startswith("track:3 plus box:msd-musicnn/embeddings/pca/0/1/")
    drawn = added - track | (track & selected_by(tones, screen.view["selection"].split(" plus ")[1]))
    screen.page.keyboard.press("i")
    screen.wait(f"document.querySelector('{CAPTION}').textContent.includes('{len(points.rows) - len(added)} segment')")
    screen.settle()
    assert selected(screen, tones) == {int(row) for row in points.rows} - added
    for keys, expected in ((["Alt"], track - drawn), (["Shift", "Alt"], track & drawn)):
        screen.open(tones, **VIEW, box=written(around(points, 0.3)), selection="track:3").settle()
        screen.wait(IS_OPEN)
        screen.page.locator(".tool-pick").click()
        before = screen.view["selection"]
        draw(screen, box, *keys)
        screen.wait("location.search.includes('box%3A')")
        assert screen.settle().view["selection"] != before
        assert selected(screen, tones) == expected


def selected_by(address: str, text: str) -> set[int]:
    told = read_json(f"{address}/api/selections/msd-musicnn/file?kind=json&selection={quote(text)}")
    first = {
        i: read_json(f"{address}/api/tracks/{i}/rows/msd-musicnn")["first_row"] for i in {s["track"] for s in told["segments"]}
    }
    return {first[segment["track"]] + segment["segment"] for segment in told["segments"]}


def test_the_panel_pushes_the_map_and_gives_its_place_to_the_table(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="not track:3")
    screen.wait(IS_OPEN)
    panel, area = (screen.page.locator(each).bounding_box() for each in (".selection-panel", ".map-area"))
    assert area["x"] + area["width"] <= panel["x"] + 0.5
    assert panel["x"] + panel["width"] <= 1280.5
    screen.page.locator(".selection-panel .selection-table").click()
    screen.wait(f"{IS_CLOSED} && !document.querySelector('.table-panel').hidden")
    screen.page.keyboard.press("Escape")
    screen.wait(f"{IS_OPEN} && document.querySelector('.table-panel').hidden")
    assert "selection" in screen.view


def test_escape_ends_the_tool_and_then_clears(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3")
    screen.wait(IS_OPEN)
    assert screen.page.evaluate(SUM_SELECTED) > 0
    screen.page.keyboard.press("x")
    screen.page.keyboard.press("Escape")
    assert screen.page.locator(".tool-pick").get_attribute("aria-pressed") == "false"
    assert screen.page.evaluate(IS_OPEN)
    screen.page.keyboard.press("Escape")
    screen.wait(IS_CLOSED)
    assert "selection" not in screen.settle().view
    assert screen.page.locator(".selected-points").is_hidden()
    screen.wait("getComputedStyle(document.querySelector('.points')).opacity === '1'")


def test_a_click_with_shift_adds_a_segment_and_plays_nothing(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones)
    lonely = [i for i in points.loneliest() if screen.is_over_the_map(places[i])][:1]
    screen.record_sound()
    screen.page.keyboard.down("Shift")
    screen.page.mouse.click(*screen.in_window(places[lonely[0]]))
    screen.page.keyboard.up("Shift")
    screen.wait(IS_OPEN)
    assert selected(screen.settle(), tones) == {int(points.rows[lonely[0]])}
    assert screen.text(CAPTION) == "1 segment of 1 track"
    assert screen.heard() == []


def test_the_list_is_sorted_plays_and_marks_what_plays(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3 plus track:4 plus track:5")
    screen.wait("document.querySelectorAll('.selection-panel tbody tr').length === 3")
    counts = [int(text.split("/")[0]) for text in screen.page.locator(".selection-panel td:last-child").all_inner_texts()]
    assert counts == sorted(counts, reverse=True)
    screen.page.locator(".selection-panel [data-sort=title] button").click()
    screen.wait("document.querySelector('.selection-panel [data-sort=title]').getAttribute('aria-sort') === 'ascending'")
    titles = screen.page.locator(".selection-panel tbody th").all_inner_texts()
    assert titles == ["Tone 3", "Tone 4", "Tone 5"]
    screen.page.locator(".selection-panel tbody button").nth(1).click()
    screen.wait("document.querySelector('.selection-panel [data-playing] th')?.textContent === 'Tone 4'")
    assert screen.settle().view["track"] == "4"


def test_the_file_holds_what_is_selected(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3 plus track:1")
    screen.wait(IS_OPEN)
    with screen.page.expect_download() as download:
        screen.page.locator(".selection-csv").click()
    assert download.value.suggested_filename == "tagscape-selection.csv"
    lines = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert len(lines) == count(screen)
    assert {line["track"] for line in lines} == {"1", "3"}


def test_an_address_brings_its_selection_back_and_a_wrong_one_leaves_the_map(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="(track:3) plus track:4")
    screen.wait(IS_OPEN)
    caption = screen.text(CAPTION)
    assert screen.settle().view["selection"] == "track:3 plus track:4"
    screen.page.reload()
    screen.rest().wait(IS_OPEN)
    assert screen.text(CAPTION) == caption
    screen.open(tones, **VIEW, selection="track:3 plus trak:4")
    screen.wait("document.querySelector('.toast').textContent.includes('Did you mean track:?')")
    assert "column 14" in screen.text(".toast")
    screen.settle()
    assert "selection" not in screen.view
    assert screen.page.evaluate(IS_CLOSED)
    assert screen.alpha_sum() > 0


def test_a_finger_draws_a_lasso_while_the_tool_is_on(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844, has_touch=True, is_mobile=True)
    points, places = open_map(screen, tones)
    screen.page.locator(".tool-lasso").click()
    line = ring(*middle_of(screen, 0.2), n=24)
    wanted = inside(line, places)
    client = screen.page.context.new_cdp_session(screen.page)
    for kind, at in [("touchStart", line[0]), *(("touchMove", place) for place in line[1:]), ("touchEnd", None)]:
        spots = [] if at is None else [dict(zip("xy", screen.in_window(at), strict=True))]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})
    screen.wait(IS_OPEN)
    screen.settle()
    clear = {int(row) for row in points.rows[~near(line, places)]}
    assert selected(screen, tones) & clear == {int(row) for row in points.rows[wanted]} & clear
    assert wanted.any()
    panel, area = (screen.page.locator(each).bounding_box() for each in (".selection-panel", ".map-area"))
    assert area["y"] + area["height"] <= panel["y"] + 0.5
    assert panel["width"] == 390


def test_a_view_is_saved_opened_renamed_and_deleted(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3")
    screen.wait(IS_OPEN)
    screen.page.keyboard.press("v")
    screen.page.locator(".saved-views input").fill("Calm corner")
    screen.page.keyboard.press("Enter")
    screen.wait("document.querySelector('.saved-views li a')?.textContent === 'Calm corner'")
    (saved,) = read_json(f"{tones}/api/views")["views"]
    assert "selection=track%3A3" in saved["query"]
    assert "sound" not in saved["query"]
    screen.page.keyboard.press("Escape")
    screen.wait("!document.querySelector('.saved-views').contains(document.activeElement)")
    assert screen.page.evaluate(IS_OPEN), "the key closes the dialog and leaves the selection"
    screen.page.keyboard.press("Escape")
    screen.wait(IS_CLOSED)
    screen.page.locator(".tool-views").click()
    screen.page.locator(".saved-views li a").click()
    screen.wait("location.search.includes('selection=track%3A3')")
    screen.rest().wait(IS_OPEN)
    screen.page.locator(".tool-views").click()
    screen.page.locator(".saved-views li button").first.click()
    screen.page.locator(".saved-views li input").fill("Quiet corner")
    screen.page.keyboard.press("Enter")
    screen.wait("document.querySelector('.saved-views li a')?.textContent === 'Quiet corner'")
    screen.page.locator(".saved-views li button").last.click()
    screen.wait("!document.querySelector('.saved-views .views-none').hidden")
    assert read_json(f"{tones}/api/views")["views"] == []


def test_a_named_region_selects_every_segment_in_it(music: str, screen: Screen) -> None:
    screen.open(music, **VIEW, colour="none", labels="on")
    screen.wait("document.querySelector('.map-label[data-shown]')")
    screen.page.locator(".map-label[data-shown]").first.click()
    screen.page.locator(".why-card [data-action=select]").click()
    screen.wait(IS_OPEN)
    told = read_json(f"{music}/api/regions/msd-musicnn/embeddings/pca")
    _, _, text = screen.settle().view["selection"].partition("region:msd-musicnn/embeddings/pca/0/1/")
    region = next(region for region in told["regions"] if f"{region['id']}/{told['made']}" == text)
    assert count(screen) == region["n_segments"]


def test_clearing_a_selection_tells_no_error(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3")
    screen.wait(f"{IS_OPEN} && document.querySelector('.selection-panel tbody tr')")
    failed: list[str] = []
    screen.page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    screen.page.locator(".selection-clear").first.click()
    screen.wait(IS_CLOSED)
    screen.settle()
    assert failed == []


def test_what_is_selected_is_drawn_and_played_on_no_other_network(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3")
    screen.wait("document.querySelector('.selection-panel tbody tr')")
    screen.wait(f"({SUM_SELECTED})() > 0")
    screen.page.route("**/api/selections/**", lambda route: None)
    screen.page.get_by_role("button", name="Network:").click()
    screen.page.keyboard.type("MTT VGG")
    screen.page.keyboard.press("Enter")
    screen.wait("location.search.includes('network=mtt-vgg')")
    screen.wait(f"({SUM_SELECTED})() === 0")
    screen.settle()
    screen.page.locator(".selection-panel tbody tr button").first.click()
    screen.settle()
    assert "segment" not in screen.view


def test_escape_ends_the_tool_also_where_the_table_is_open_and_then_closes_that(tones: str, screen: Screen) -> None:
    open_map(screen, tones)
    screen.page.keyboard.press("t")
    screen.wait("!document.querySelector('.table-panel').hidden")
    screen.page.keyboard.press("l")
    screen.page.keyboard.press("Escape")
    assert screen.page.locator(".tool-lasso").get_attribute("aria-pressed") == "false"
    assert screen.page.locator(".table-panel").is_visible()
    screen.page.keyboard.press("Escape")
    screen.wait("document.querySelector('.table-panel').hidden")


def test_escape_in_the_queue_closes_nothing_else(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3", track=3, segment=0)
    screen.wait(IS_OPEN)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    screen.page.click(".queue-button")
    screen.page.locator(".queue-panel input[name=then]:checked").focus()
    screen.page.keyboard.press("Escape")
    assert screen.page.locator(".queue-panel").is_hidden()
    assert "selection" in screen.settle().view
    assert screen.page.evaluate(IS_OPEN)
    screen.page.click(".queue-button")
    screen.page.locator(".queue-add").focus()
    screen.page.keyboard.press("Enter")
    screen.page.keyboard.press("Enter")
    screen.page.keyboard.press("Escape")
    assert screen.page.locator(".queue-panel").is_visible(), "waiting for a point ends first"
    screen.page.keyboard.press("Escape")
    assert screen.page.locator(".queue-panel").is_hidden()
    assert screen.page.evaluate(IS_OPEN)


def test_two_long_lines_join_one_after_the_other_however_late_the_server_answers(tones: str, screen: Screen) -> None:
    _, places = open_map(screen, tones)
    centre, half = middle_of(screen, 0.2)
    middles = [centre + np.array([side, 0]) * half[0] * 0.8 for side in (-1, 1)]
    # jagged, so that none of its many vertices goes
    jags = np.where(np.arange(160) % 2, 0.94, 1.06)[:, None]
    lines = [middle + (ring(middle, half * 0.7, 160) - middle) * jags for middle in middles]
    kept: list[Route] = []
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    screen.page.route("**/api/selections", lambda route: route.continue_() if kept else kept.append(route))
    screen.page.keyboard.press("l")
    for line in lines:
        draw(screen, line, "Shift")
    screen.settle()
    assert len(asked) == 1, "the second waits for what it joins"
    kept[0].continue_()
    screen.wait("location.search.includes('selection=')")
    apart = [inside(line, places) & ~near(line, places) for line in lines]
    assert min(each.sum() for each in apart) > 0
    n = int((apart[0] | apart[1]).sum())
    screen.wait(f"{IS_OPEN} && Number.parseInt(document.querySelector('{CAPTION}').textContent) >= {n}")


def test_closing_the_panel_gives_the_focus_back(tones: str, screen: Screen) -> None:
    open_map(screen, tones, selection="track:3")
    screen.wait(IS_OPEN)
    screen.page.locator(".selection-panel .selection-clear").focus()
    screen.page.keyboard.press("Enter")
    screen.wait(IS_CLOSED)
    assert screen.page.evaluate("document.activeElement.matches('.stage')")


def test_what_a_filter_keeps_is_selected_and_joined(tones: str, screen: Screen) -> None:
    open_map(screen, tones, filter='rock>p90 or title:"tone 3"')
    screen.page.keyboard.press("s")
    screen.page.get_by_role("button", name="What matches", exact=True).click()
    screen.wait("location.search.includes('selection=')")
    assert screen.settle().view["selection"] == 'filter:"rock>p90 or title:\\"tone 3\\""'
    kept = read_json(f"{tones}/api/filters/msd-musicnn?filter={quote(screen.view['filter'])}")["n_segments"]
    screen.wait(f"document.querySelector('{CAPTION}').textContent.startsWith('{kept} segments')")
    screen.page.click(".search-clear")
    screen.wait("document.querySelector('.selection-filter').hidden")
    assert count(screen) == kept, "what is selected stays"
