"""A click plays on through the track, or exactly a segment; pointing plays while the pointer rests."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from tests.browser.screen import PATH, VIEW, Points, Screen, around, read_json, read_points, written

RUN_IN_S = 0.045
"""How long the player's element runs before it is heard; what is heard of it is tested with the samples."""
OVERRUN_S = 0.12
CORRECTED_S = 0.1
"""Less than a start again would go back: an element that begins corrects its clock."""
NETWORK = "msd-musicnn"


def open_map(screen: Screen, address: str, **view: object) -> tuple[Points, np.ndarray]:
    points = read_points(address, PATH)
    box = around(points)
    screen.open(address, **VIEW, box=written(box), **view)
    return points, screen.places(points, box)


def segment_of(address: str, points: Points, row: int) -> dict:
    return read_json(f"{address}/api/segments/{NETWORK}/{row}?revision={points.header['revision']}")


def audible(address: str, points: Points, fits: Callable[[int], bool] = lambda _: True) -> int:
    """Index of a lonely point whose track has its file."""
    lonely = filter(fits, points.loneliest())
    return next(i for i in lonely if segment_of(address, points, int(points.rows[i]))["track"]["audio"])


def assert_played_exactly(screen: Screen, segment: dict) -> None:
    screen.wait("document.querySelector('.player').dataset.state === 'ended'")
    heard = screen.heard()
    assert {path for path, _ in heard} == {segment["track"]["audio"]}
    times_s = [time_s for _, time_s in heard]
    assert min(times_s) >= segment["start_s"] - RUN_IN_S - 0.001
    assert min(times_s) <= segment["start_s"] + 0.2
    assert segment["end_s"] - 0.05 <= max(times_s) <= segment["end_s"] + OVERRUN_S
    stopped_s = screen.page.evaluate(
        f"[...document.querySelectorAll('audio')].find((media) => media.src.endsWith({segment['track']['audio']!r})).currentTime"
    )
    assert stopped_s <= segment["end_s"] + OVERRUN_S


@pytest.mark.parametrize("collection", ["tones", "music"])
def test_in_the_mode_segment_a_click_plays_exactly_that(collection: str, screen: Screen, request: pytest.FixtureRequest) -> None:
    address = request.getfixturevalue(collection)
    points, places = open_map(screen, address, sound="segment")
    index = audible(address, points)
    segment = segment_of(address, points, int(points.rows[index]))
    screen.record_sound()
    screen.page.mouse.click(*screen.in_window(places[index]))
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    assert screen.text(".track-title") == segment["track"]["title"]
    assert [tag.split("\n")[0] for tag in screen.page.locator(".track-tags li").all_inner_texts()] == [
        tag["label"] for tag in segment["tags"]
    ]
    assert_played_exactly(screen, segment)


def test_a_click_plays_on_through_the_track_and_row_strip_ring_and_address_follow(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones)
    index = audible(tones, points, lambda i: segment_of(tones, points, int(points.rows[i]))["index"] == 1)
    segment = segment_of(tones, points, int(points.rows[index]))
    screen.record_sound()
    screen.page.mouse.click(*screen.in_window(places[index]))
    screen.wait(f"location.search.includes('track={segment['track']['id']}&segment=1')")
    screen.wait("location.search.includes('segment=2') && document.querySelector('.strip').getAttribute('aria-valuenow') === '3'")
    ring = screen.page.locator(".ring-playing").bounding_box()
    assert ring is not None
    x, y = screen.in_window(places[points.rows.tolist().index(segment["row"] + 1)])
    assert (ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2) == pytest.approx((x, y), abs=1.5)
    times_s = [time_s for path, time_s in screen.heard() if path == segment["track"]["audio"]]
    assert max(times_s) > segment["end_s"]
    assert np.diff(times_s).min() > -CORRECTED_S, "one playback, which nothing begins again"


def test_an_address_that_names_clicking_plays_on_and_what_is_chosen_by_hand_is_remembered(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, sound="click")
    assert screen.page.locator("input[name=sound][value=on]").is_checked()
    screen.page.locator("label:has(input[value=segment])").click()
    screen.wait("location.search.includes('sound=segment')")
    screen.open(tones, **VIEW)
    assert screen.page.locator("input[name=sound][value=segment]").is_checked()
    screen.open(tones, **VIEW, sound="off")
    screen.open(tones, **VIEW)
    assert screen.page.locator("input[name=sound][value=segment]").is_checked(), "an address is not a choice"


def test_a_mode_that_is_chosen_while_it_plays_begins_nothing_again(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, sound="segment", track=3, segment=1)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    screen.record_sound()
    screen.page.keyboard.press(" ")
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    screen.page.locator("label:has(input[value=on])").click()
    screen.wait("location.search.includes('segment=2')")
    screen.page.locator("label:has(input[value=segment])").click()
    screen.wait("document.querySelector('.player').dataset.state === 'ended'")
    times_s = [time_s for _, time_s in screen.heard()]
    assert np.diff(times_s).min() > -CORRECTED_S
    assert 3 * 2.992 - 0.05 <= max(times_s) <= 3 * 2.992 + OVERRUN_S, "it ends with the segment that it had come to"


def test_pointing_plays_while_the_pointer_rests(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones, sound="point")
    index = audible(tones, points)
    segment = segment_of(tones, points, int(points.rows[index]))
    screen.record_sound()
    place = screen.in_window(places[index])
    screen.page.mouse.move(*place)
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    assert {path for path, _ in screen.heard()} == {segment["track"]["audio"]}
    screen.page.mouse.move(*screen.in_window(np.array([3.0, 3.0])))
    screen.wait("document.querySelector('.player').dataset.state === 'paused'")
    screen.page.mouse.move(*place)
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    screen.page.mouse.click(*place)
    screen.page.mouse.move(*screen.in_window(np.array([3.0, 3.0])))
    screen.page.wait_for_timeout(400)  # twice as long as a pointer is waited for
    assert screen.page.locator(".player").get_attribute("data-state") == "playing", "what is clicked plays on"


def test_pointing_shows_a_segment_and_is_silent_while_clicking_plays(tones: str, screen: Screen) -> None:
    points, places = open_map(screen, tones, sound="on")
    index = audible(tones, points)
    screen.record_sound()
    screen.page.mouse.move(*screen.in_window(places[index]))
    screen.wait("!document.querySelector('.hover-card').hidden && !document.querySelector('.ring-hovered').hidden")
    ring = screen.page.locator(".ring-hovered").bounding_box()
    assert ring is not None
    x, y = screen.in_window(places[index])
    assert (ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2) == pytest.approx((x, y), abs=1.5)
    assert screen.heard() == []


def test_a_refused_start_of_sound_is_explained(tones: str, screen: Screen) -> None:
    screen.page.add_init_script(
        "HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('no gesture', 'NotAllowedError'));"
    )
    points, places = open_map(screen, tones, sound="point")
    index = audible(tones, points)
    screen.page.mouse.move(*screen.in_window(places[index]))
    screen.wait("!document.querySelector('.sound-gate').hidden")
    assert "Click once to switch sound on" in screen.text(".sound-gate")


def test_a_touch_plays_as_a_click_does(tones: str, new_screen: Callable[..., Screen]) -> None:
    screen = new_screen(390, 844, has_touch=True, is_mobile=True, device_scale_factor=2)
    points, places = open_map(screen, tones)
    index = audible(tones, points, lambda i: screen.is_over_the_map(places[i]))
    screen.page.touchscreen.tap(*screen.in_window(places[index]))
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    assert screen.text(".track-title") == segment_of(tones, points, int(points.rows[index]))["track"]["title"]


def test_sound_that_cannot_be_read_is_said(tones: str, screen: Screen) -> None:
    screen.page.route(re.compile(r"/audio/\d+$"), lambda route: route.fulfill(status=404))
    points, places = open_map(screen, tones)
    screen.page.mouse.click(*screen.in_window(places[audible(tones, points)]))
    screen.wait("document.querySelector('.toast').textContent.includes('cannot be played')")
    screen.wait("document.querySelector('.player').dataset.state === 'idle'")


def test_a_missing_file_is_said_where_it_should_play(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    index = next(i for i in points.loneliest() if not segment_of(tones, points, int(points.rows[i]))["track"]["audio"])
    x, y = float(points.x[index]), float(points.y[index])
    x0, x1, y0, y1 = points.header["extent"]
    width, height = (x1 - x0) / 8, (y1 - y0) / 8
    # in the middle, where nothing lies over the map
    box = (x - width, x + width, y - height, y + height)
    screen.open(tones, **VIEW, box=written(box))
    screen.record_sound()
    screen.page.mouse.click(*screen.in_window(screen.places(points, box)[index]))
    screen.wait("document.querySelector('.track-detail').textContent.includes('file is missing')")
    assert screen.heard() == []


def test_a_track_without_sound_leaves_nothing_of_another_to_play(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, track=3, segment=0)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    screen.page.keyboard.press(" ")
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    assert screen.page.locator(".play").is_enabled()
    screen.page.keyboard.press("j")
    screen.wait("document.querySelector('.track-detail').textContent.includes('file is missing')")
    assert screen.page.locator(".play").is_disabled()
    screen.page.keyboard.press(" ")
    assert screen.page.locator(".player").get_attribute("data-state") == "idle"


def test_keys_step_through_segments_and_tracks_and_pause(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, track=3, segment=1)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    screen.page.keyboard.press("ArrowRight")
    screen.wait("location.search.includes('segment=2')")
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    screen.page.keyboard.press(" ")
    screen.wait("document.querySelector('.player').dataset.state === 'paused'")
    screen.page.keyboard.press(" ")
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    screen.page.keyboard.press("ArrowLeft")
    screen.wait("location.search.includes('segment=1')")
    screen.page.keyboard.press("k")
    screen.wait("location.search.includes('track=4') && location.search.includes('segment=0')")
    screen.page.keyboard.press("j")
    screen.wait("location.search.includes('track=3') && location.search.includes('segment=0')")


def test_the_first_press_of_play_plays_what_is_in_the_middle(tones: str, screen: Screen) -> None:
    points = read_points(tones, PATH)
    index = audible(tones, points)
    x, y = points.x[index], points.y[index]
    screen.open(tones, **VIEW, box=written((x - 0.5, x + 0.5, y - 0.5, y + 0.5)))
    assert "Choose a point" in screen.text(".track-detail")
    assert screen.page.locator(".strip-hint").is_visible()
    screen.page.locator(".play").click()
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    assert screen.text(".track-title") == segment_of(tones, points, int(points.rows[index]))["track"]["title"]
    assert screen.page.locator(".strip-hint").is_hidden()


def test_a_pasted_address_holds_its_segment_ready(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, sound="segment", track=6, segment=2)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    screen.record_sound()
    screen.page.keyboard.press(" ")
    revision = read_points(tones, PATH).header["revision"]
    first_row = read_json(f"{tones}/api/tracks/6/taggram/{NETWORK}")["first_row"]
    assert_played_exactly(screen, read_json(f"{tones}/api/segments/{NETWORK}/{first_row + 2}?revision={revision}"))
    assert screen.page.locator(".ring-playing").is_visible()


def test_tracks_have_steps_and_keys_of_their_own(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, track=3, segment=1)
    screen.wait("!document.querySelector('.player').hasAttribute('data-idle')")
    for press, track in ((".next-track", 4), (".next-track", 5), (".previous-track", 4)):
        screen.page.locator(press).click()
        screen.wait(f"location.search.includes('track={track}&segment=0')")
    screen.page.locator(".next").click()
    screen.wait("location.search.includes('track=4&segment=1')")
    screen.page.keyboard.press("n")
    screen.wait("location.search.includes('track=5&segment=0')")
    screen.page.keyboard.press("p")
    screen.wait("location.search.includes('track=4&segment=0')")
    screen.page.keyboard.press("m")
    assert screen.page.locator(".mute").get_attribute("aria-pressed") == "true"
    screen.wait("navigator.mediaSession.metadata?.title === 'Tone 4' && navigator.mediaSession.playbackState === 'playing'")
    screen.page.keyboard.press("?")
    keys = screen.page.locator("dialog.help kbd").all_inner_texts()
    assert {"←", "→", "J or P", "K or N", "M", "space"} <= set(keys)


def test_the_strip_plays_on_from_where_it_is_clicked(tones: str, screen: Screen) -> None:
    screen.page.goto(f"{tones}/?track=5&segment=0")
    screen.rest().wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    n_segments = int(screen.page.locator(".strip").get_attribute("aria-valuemax") or 0)
    strip = screen.page.locator(".strip").bounding_box()
    assert strip is not None
    screen.record_sound()
    screen.page.mouse.click(strip["x"] + strip["width"] * 1.5 / n_segments, strip["y"] + strip["height"] / 2)
    screen.wait("location.search.includes('segment=1')")
    screen.wait("location.search.includes('segment=2')")
    assert min(time_s for _, time_s in screen.heard()) >= 2.991 - RUN_IN_S
    assert screen.text(".track-title") == "Tone 5"
