"""Palettes as people see them: distances in CAM02-UCS of the colours that the browser computes."""

import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from colorspacious import cspace_convert

ROOT = Path(__file__).parents[2]
PALETTE = ROOT / "app" / "static" / "js" / "map" / "palette.js"
TOKENS = (ROOT / "app" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
PAGES = dict(zip(("light", "dark"), re.findall(r"--page: (#[0-9a-f]{6});", TOKENS), strict=True))
BLIND = ("deuteranomaly", "protanomaly")
SCRIPT = """
const { ramp, diverging, category, CATEGORIES, OTHERS } = await import(process.argv[1]);
const shares = Array.from({ length: 255 }, (_, level) => level / 254);
const of = (scheme) => ({
  ramp: shares.map((share) => ramp(share, scheme)),
  diverging: shares.map((share) => diverging(share, scheme)),
  others: OTHERS[scheme],
  faint: CATEGORIES.map((_, colour) => category(colour, 0, scheme)),
});
console.log(JSON.stringify({ light: of("light"), dark: of("dark"), categories: CATEGORIES }));
"""


@pytest.fixture(scope="module")
def palettes() -> dict:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js, which computes the palettes as a browser does")
    command = [node, "--input-type=module", "--eval", SCRIPT, PALETTE.as_uri()]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def seen(colours: object, blindness: str | None = None) -> np.ndarray:
    """Places in CAM02-UCS of colours of 0 to 255, [n, 3]."""
    shares = np.atleast_2d(np.array(colours, float)) / 255
    if blindness:
        vision = {"name": "sRGB1+CVD", "cvd_type": blindness, "severity": 100}
        shares = np.clip(cspace_convert(shares, vision, "sRGB1"), 0, 1)
    return cspace_convert(shares, "sRGB1", "CAM02-UCS")


def page(scheme: str) -> np.ndarray:
    return seen([int(PAGES[scheme][at : at + 2], 16) for at in (1, 3, 5)])


def nearest_pair(places: np.ndarray) -> float:
    return min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(places, 2))


@pytest.mark.parametrize("scheme", PAGES)
@pytest.mark.parametrize("blindness", [None, *BLIND])
def test_the_ramp_comes_away_from_the_page_with_every_level(palettes: dict, scheme: str, blindness: str | None) -> None:
    contrast = np.linalg.norm(seen(palettes[scheme]["ramp"], blindness) - page(scheme), axis=1)
    # neighbouring levels are rounded to whole steps of sRGB; some levels on all are farther
    step = 5 if blindness is None else 20
    assert (contrast[step:] > contrast[:-step]).all()
    assert contrast[0] > 12
    assert contrast[-1] > 70


@pytest.mark.parametrize("scheme", PAGES)
def test_a_difference_comes_away_from_the_page_on_both_sides_of_zero(palettes: dict, scheme: str) -> None:
    places = seen(palettes[scheme]["diverging"])
    contrast = np.linalg.norm(places - page(scheme), axis=1)
    assert contrast[127] < 15
    # near zero both sides are nearly the page
    for side in (contrast[110::-1], contrast[144:]):
        assert (side[5:] > side[:-5]).all()
        assert side[-1] > 40
    assert np.linalg.norm(places[0] - places[-1]) > 25, "the sides are told apart"


def test_words_are_told_apart_by_everyone(palettes: dict) -> None:
    assert len({tuple(colour) for colour in palettes["categories"]}) == 12
    assert nearest_pair(seen(palettes["categories"])) >= 25
    for blindness in BLIND:
        assert nearest_pair(seen(palettes["categories"], blindness)) >= 15


@pytest.mark.parametrize("scheme", PAGES)
def test_words_stand_out_from_the_page_and_from_all_others(palettes: dict, scheme: str) -> None:
    for blindness in (None, *BLIND):
        words, others = seen(palettes["categories"], blindness), seen(palettes[scheme]["others"], blindness)
        assert np.linalg.norm(words - page(scheme), axis=1).min() > 15
        assert np.linalg.norm(words - others, axis=1).min() > 8
    assert np.linalg.norm(seen(palettes[scheme]["faint"]) - page(scheme), axis=1).min() > 6
