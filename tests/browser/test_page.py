"""The sentence, the address, and what a person sees when there is nothing, or when something fails."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import HOSTILE
from tests.browser.screen import PATH, VIEW, Screen, around, read_json, read_points, written

FAILURE = {"error": {"code": "database_locked", "message": "The database is locked.", "hint": "Wait, then run: flask status"}}


def test_a_pasted_address_shows_the_same_view(tones: str, new_screen: Callable[..., Screen]) -> None:
    first = new_screen().open(tones, **{**VIEW, "y": 3}, colour="mtt-vgg/techno", sound="off", box="-1,2,-1.5,1.25")
    again = new_screen()
    again.page.goto(first.page.url)
    again.rest()
    assert again.view == first.view
    assert again.view["box"] == "-1,2,-1.5,1.25"
    assert again.view["colour"] == "mtt-vgg/techno"
    assert again.text(".sentence") == first.text(".sentence")
    assert "techno" in again.text(".sentence")
    assert again.page.locator("input[value=off]").is_checked()
    assert "PCA 4" in again.text(".axis-y")
    assert (again.alpha_sum(), again.view) == (first.alpha_sum(), first.view)


def test_the_first_view_is_coloured_by_top_tags_in_words(tones: str, screen: Screen) -> None:
    network = read_json(f"{tones}/api/collection")["networks"][0]["name"]
    screen.open(tones)
    assert screen.view["colour"] == f"top/{network}"
    assert "coloured by top tag." in screen.text(".sentence")
    words = [each["word"] for each in read_points(tones, f"{PATH}&colour=top/{network}").header["colour"]["categories"]]
    assert len(words) == 13
    shown = screen.page.locator(".legend-word bdi").all_inner_texts()
    assert shown == [*words[:12], "all others"]


def test_back_and_forward_return_to_earlier_views(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    choose(screen, "Layer", "activations")
    screen.wait("location.search.includes('layer=activations')")
    choose(screen, "Projection", "original")
    screen.wait("location.search.includes('projection=original')")
    screen.page.go_back()
    screen.wait("location.search.includes('projection=pca')")
    screen.page.go_back()
    screen.wait("location.search.includes('layer=embeddings')")
    screen.rest()
    assert "embeddings" in screen.text(".sentence")
    screen.page.go_forward()
    screen.wait("document.querySelector('.sentence').textContent.includes('activations')")


def test_a_picker_is_worked_by_keys_alone(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    button = screen.page.get_by_role("button", name="Colour")
    button.focus()
    screen.page.keyboard.press("Enter")
    search = screen.page.get_by_role("combobox", name="Colour")
    assert search.evaluate("(input) => input === document.activeElement")
    screen.page.keyboard.type("jaz")
    active = screen.page.locator(f"[id='{search.get_attribute('aria-activedescendant')}']")
    assert active.inner_text() == "jazz"
    screen.page.keyboard.press("Enter")
    screen.wait("location.search.includes('jazz')")
    assert button.evaluate("(button) => button === document.activeElement")
    assert button.get_attribute("aria-expanded") == "false"
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Escape")
    assert button.evaluate("(button) => button === document.activeElement")
    assert "jazz" in screen.page.url
    screen.wait("document.querySelector('.legend').textContent.includes('jazz')")


@pytest.mark.parametrize("width", [1280, 390])
def test_whose_tag_colours_the_map_is_said_where_it_is_anothers(tones: str, new_screen: Callable[..., Screen], width: int) -> None:
    screen = new_screen(width, 844).open(tones, **VIEW, colour="mtt-musicnn/rock")
    said = "rock of MTT MusiCNN"
    assert f"coloured by {said}." in screen.text(".sentence")
    assert screen.page.title() == f"PCA of MSD MusiCNN embeddings, coloured by {said} · Tagscape"
    assert screen.page.locator(".stage").get_attribute("aria-label").endswith(f"coloured by {said}")
    assert said in screen.text(".legend")
    assert screen.page.get_by_role("button", name=f"Colour: {said}").is_visible()
    choose(screen, "Network", "MTT MusiCNN")
    screen.wait("location.search.includes('network=mtt-musicnn')")
    screen.rest()
    assert "coloured by rock." in screen.text(".sentence")
    assert screen.page.title() == "PCA of MTT MusiCNN embeddings, coloured by rock · Tagscape"
    assert "of MTT" not in screen.text(".legend")


def test_axes_are_chosen_by_name_and_swapped(tones: str, screen: Screen) -> None:
    screen.open(tones, network="msd-musicnn", layer="activations", projection="original")
    choose(screen, "Vertical axis", "metal")
    screen.wait("new URLSearchParams(location.search).get('y') === '11'")
    screen.rest()
    screen.page.get_by_role("button", name="Swap the axes").click()
    screen.wait("new URLSearchParams(location.search).get('x') === '11'")
    assert screen.text(".axis-x") == "metal"
    assert screen.text(".axis-y") == "rock"


def choose(screen: Screen, picker: str, option: str) -> None:
    screen.page.get_by_role("button", name=f"{picker}:").click()
    screen.page.keyboard.type(option)
    screen.page.keyboard.press("Enter")


def test_an_empty_collection_says_what_to_run(empty: str, screen: Screen) -> None:
    screen.page.goto(empty)
    screen.wait("document.querySelector('.notice').textContent.includes('flask ')")
    assert "No audio is indexed yet" in screen.text(".notice")
    assert screen.page.locator(".map-area .progress").is_hidden()


def test_a_failure_is_told_in_the_servers_words_and_can_be_tried_again(tones: str, screen: Screen) -> None:
    screen.page.route("**/api/points/**", refuse(503))
    screen.page.goto(tones)
    screen.wait("!document.querySelector('.notice').hidden && document.querySelector('.notice').getAttribute('role') === 'alert'")
    assert "The database is locked." in screen.text(".notice")
    assert screen.text(".notice code") == "flask status"
    screen.page.unroute("**/api/points/**")
    screen.page.get_by_role("button", name="Try again").click()
    screen.rest()
    assert screen.page.locator(".notice").is_hidden()


def test_a_failing_collection_is_told(tones: str, screen: Screen) -> None:
    screen.page.route("**/api/collection", refuse(503))
    screen.page.goto(tones)
    screen.wait("document.querySelector('.notice').textContent.includes('The database is locked.')")


def test_a_changed_collection_is_read_again_while_view_and_sound_stay(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW, box=written(around(read_points(tones, PATH), -0.2)), track=3, segment=0)
    before = [float(edge) for edge in screen.view["box"].split(",")]
    screen.wait("!document.querySelector('.strip').hasAttribute('data-empty')")
    screen.record_sound()
    screen.page.locator(".strip").click(position={"x": 4, "y": 4})
    screen.wait("document.querySelector('.player').dataset.state === 'playing'")
    stale = {"error": {"code": "stale_revision", "message": "The collection has changed.", "hint": "Load the map again."}}
    answer = {"status": 409, "content_type": "application/json", "body": json.dumps(stale)}
    screen.page.route("**/segments?**", lambda route: route.fulfill(**answer), times=1)
    with screen.page.expect_response("**/api/collection"), screen.page.expect_response("**/api/points/**"):
        screen.page.locator(".tool-table").click()
    screen.wait("document.querySelector('.toast').textContent.includes('has changed')")
    screen.rest()
    after = [float(edge) for edge in screen.view["box"].split(",")]
    # the table takes width from the map, not its middle and its scale
    assert [sum(after[:2]), *after[2:]] == pytest.approx([sum(before[:2]), *before[2:]], abs=1e-3)
    assert screen.view["track"] == "3"
    assert screen.page.locator(".player").get_attribute("data-state") == "playing"
    assert {path for path, _ in screen.heard()} == {"/audio/3"}


def refuse(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, content_type="application/json", body=json.dumps(FAILURE))


def test_markup_in_a_title_stays_text(tones: str, screen: Screen) -> None:
    screen.page.goto(f"{tones}/?track=1&segment=0")
    screen.rest().wait("!document.querySelector('.player').hasAttribute('data-idle')")
    assert screen.text(".track-title") == HOSTILE
    screen.page.keyboard.press("t")
    screen.wait("document.querySelectorAll('.table-panel tbody tr').length > 0")
    assert screen.page.evaluate("window.harmed") is None
    assert screen.page.locator(".player img, .table-panel tbody img").count() == 0


def test_the_keys_are_listed_on_request(tones: str, screen: Screen) -> None:
    screen.open(tones, **VIEW)
    screen.page.keyboard.press("?")
    assert screen.page.locator(".help").is_visible()
    assert "play or pause" in screen.text(".help")
    screen.page.keyboard.press("?")
    assert screen.page.locator(".help").is_hidden()


def test_an_unknown_name_in_the_address_is_said_and_replaced(tones: str, screen: Screen) -> None:
    screen.open(tones, network="msd-musicn", projection="umapp")
    assert "msd-musicn, umapp" in screen.text(".toast")
    assert screen.view["network"] == "msd-musicnn"
