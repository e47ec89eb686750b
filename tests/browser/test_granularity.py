"""What a point is: a segment, with its track's segments joined by choice, or the average of a track."""

import re

import numpy as np

from tests.browser.screen import PATH, VIEW, Box, Points, Screen, aired, around, box_of, read_json, read_points, written

LINES = "document.querySelector('.trajectories-note').hidden"


def choose(screen: Screen, name: str) -> None:
    screen.page.locator(".sentence .picker").first.click()
    screen.page.get_by_role("option", name=re.compile(f"^{name}")).click()
    screen.settle()


def around_track(points: Points, rows: dict[str, int]) -> Box:
    """A box with air around the segments of one track: from so near lines are long beside the points."""
    own = (points.rows >= rows["first_row"]) & (points.rows < rows["first_row"] + rows["n_segments"])
    x, y = points.x[own], points.y[own]
    return aired((float(x.min()), float(x.max()), float(y.min()), float(y.max())))


def test_averages_are_a_dot_for_every_track_that_plays_its_most_typical_segment(tones: str, screen: Screen) -> None:
    averages = read_points(tones, f"{PATH}&granularity=averages")
    n_tracks = read_json(f"{tones}/api/collection")["n_tracks"]
    assert averages.header["n"] == n_tracks
    screen.open(tones, **VIEW, box=written(around(averages)), sound="off", granularity="averages").settle()
    places = screen.places(averages, box_of(screen))
    assert (screen.alpha(places) > 0).all()
    assert screen.page.locator(".stage").get_attribute("aria-label").startswith(f"Map of {n_tracks} tracks")
    index = next(i for i in averages.loneliest() if screen.is_over_the_map(places[i]))
    screen.page.mouse.click(*screen.in_window(places[index]))
    screen.wait("!document.querySelector('.ring-playing').hidden")
    row = int(averages.rows[index])
    segment = read_json(f"{tones}/api/segments/msd-musicnn/{row}?revision={averages.header['revision']}")
    screen.settle()
    assert (int(screen.view["track"]), int(screen.view["segment"])) == (segment["track"]["id"], segment["index"])
    ring = screen.page.locator(".ring-playing").bounding_box()
    at = screen.in_window(places[index])
    assert np.hypot(ring["x"] + ring["width"] / 2 - at[0], ring["y"] + ring["height"] / 2 - at[1]) < 1


def test_the_playing_segment_is_ringed_at_the_average_of_its_track(tones: str, screen: Screen) -> None:
    averages = read_points(tones, f"{PATH}&granularity=averages")
    view = {**VIEW, "box": written(around(averages)), "sound": "off", "granularity": "averages"}
    screen.open(tones, **view, track=3, segment=1).settle()
    places = screen.places(averages, box_of(screen))
    segment = read_json(f"{tones}/api/tracks/3/rows/msd-musicnn")
    rows = averages.rows.astype(int)
    (index,) = np.flatnonzero((rows >= segment["first_row"]) & (rows < segment["first_row"] + segment["n_segments"]))
    screen.wait("!document.querySelector('.ring-playing').hidden")
    ring = screen.page.locator(".ring-playing").bounding_box()
    at = screen.in_window(places[index])
    assert np.hypot(ring["x"] + ring["width"] / 2 - at[0], ring["y"] + ring["height"] / 2 - at[1]) < 1


def test_trajectories_draw_lines_between_points_and_take_them_away_again(tones: str, screen: Screen) -> None:
    box = around_track(read_points(tones, PATH), read_json(f"{tones}/api/tracks/3/rows/msd-musicnn"))
    screen.open(tones, **VIEW, box=written(box)).settle()
    before = screen.alpha_sum()
    choose(screen, "trajectories")
    screen.wait("document.querySelector('.stage').getAttribute('aria-busy') === 'false'")
    drawn = screen.alpha_sum()
    for _ in range(100):
        if drawn > before * 1.1:
            break
        screen.page.wait_for_timeout(20)
        drawn = screen.alpha_sum()
    assert drawn > before * 1.1
    assert screen.view["granularity"] == "trajectories"
    assert screen.page.evaluate(LINES), "few segments: every trajectory is there"
    choose(screen, "segments")
    assert abs(screen.alpha_sum() - before) < before * 0.001


def test_too_many_trajectories_are_told_and_those_of_what_is_pointed_at_shown(tones: str, screen: Screen) -> None:
    screen.page.route("**/api/points/**", lambda route: route.continue_(url=f"{route.request.url}&limit=60"
        if "tracks/" not in route.request.url and "limit" not in route.request.url else route.request.url))  # fmt: skip
    points = read_points(tones, f"{PATH}&limit=60")
    screen.open(tones, **VIEW, box=written(around(points)), granularity="trajectories").settle()
    assert "too many" in screen.text(".trajectories-note")
    places = screen.places(points, box_of(screen))
    index = next(i for i in points.loneliest() if screen.is_over_the_map(places[i]))
    screen.page.mouse.move(*screen.in_window(places[index]))
    screen.wait("document.querySelector('path.thread-whole:not(.thread-halo)').getAttribute('d')?.length > 0")
