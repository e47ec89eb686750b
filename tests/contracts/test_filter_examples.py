"""Every example of docs/filters.md is a filter."""

import re
from pathlib import Path

import pytest

from app.core.spaces import Layer
from app.filters import Vocabulary, grammar, parse
from app.networks import catalogue

PAGE = (Path(__file__).parents[2] / "docs/filters.md").read_text(encoding="utf-8")
EXAMPLES = [text.replace("\\|", "|") for text in re.findall(r"^\| `(.+?)` \|", PAGE, re.MULTILINE)]
TAGS = {name: catalogue.by_name(name).labels[Layer.ACTIVATIONS] for name in ("msd-musicnn", "mtt-musicnn")}


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_a_filter(text: str) -> None:
    parse(text, Vocabulary("msd-musicnn", TAGS, {}))


def test_the_page_tells_the_limits() -> None:
    for limit in (grammar.MAX_CHARACTERS, grammar.MAX_CONDITIONS, grammar.MAX_NESTED):
        assert f" {limit} " in PAGE
