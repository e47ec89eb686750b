"""One name per thing, as CONTRIBUTING lists them."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "app").rglob("*.py"))

LEFT_BEHIND = {
    "shelf": "a folder of the cache",
    "extraction": "to extract",
    "fitted map": "a projection",
    "promises?": "what is declared",
}
"""Words that had a second name for something, and what it is called."""


def test_no_two_classes_share_a_name() -> None:
    """But for structs of the API, which are named after what they tell of."""
    places = defaultdict(list)
    for module in MODULES:
        if "api" not in module.parts:
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    places[node.name.lstrip("_")].append(module.relative_to(ROOT).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize("word", LEFT_BEHIND)
def test_a_word_that_was_left_behind_stays_away(word: str) -> None:
    pattern = re.compile(rf"(?<![a-z]){word}(?![a-z])", re.IGNORECASE)
    assert [module.name for module in MODULES if pattern.search(module.read_text(encoding="utf-8"))] == [], LEFT_BEHIND[word]
