"""A large map is seen at once: a first sample is drawn while the others are on their way, and stays when they fail."""

from playwright.sync_api import Route

from tests.browser.screen import VIEW, Screen

DRAWN = "!document.querySelector('.legend').hidden"


def shorten(screen: Screen, held: list[Route]) -> None:
    """Let the first points be few, and hold the request for all."""

    def handle(route: Route) -> None:
        url = route.request.url
        if "first=1" in url:
            route.continue_(url=f"{url}&limit=30")
        elif "box=" in url or "tracks/" in url:
            route.continue_()
        else:
            held.append(route)

    screen.page.route("**/api/points/**", handle)


def test_the_first_points_are_seen_while_the_others_are_on_their_way(tones: str, screen: Screen) -> None:
    held: list[Route] = []
    shorten(screen, held)
    screen.page.goto(f"{tones}/?" + "&".join(f"{name}={value}" for name, value in VIEW.items()))
    screen.wait(DRAWN)
    for _ in range(100):
        if held and screen.alpha_sum() > 0:
            break
        screen.page.wait_for_timeout(20)
    first = screen.alpha_sum()
    assert first > 0
    assert screen.page.locator(".stage").get_attribute("aria-busy") == "true"
    assert "30" in screen.text(".legend-count")
    held.pop().continue_()
    screen.rest()
    assert "30" not in screen.text(".legend-count").split()[0]
    assert screen.alpha_sum() > first


def test_first_points_stay_when_the_others_fail_and_these_can_be_asked_for_again(tones: str, screen: Screen) -> None:
    held: list[Route] = []
    shorten(screen, held)
    screen.page.goto(f"{tones}/?" + "&".join(f"{name}={value}" for name, value in VIEW.items()))
    for _ in range(200):
        if held:
            break
        screen.page.wait_for_timeout(20)
    held.pop().abort()
    screen.wait("document.querySelector('.notice').textContent.includes('Only the first points are loaded.')")
    screen.rest()
    assert screen.alpha_sum() > 0
    screen.page.unroute_all()
    screen.page.get_by_role("button", name="Try again").click()
    screen.wait("document.querySelector('.notice').hidden")
    screen.rest()
    assert "30" not in screen.text(".legend-count").split()[0]
