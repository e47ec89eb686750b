"""What the code says about the documentation."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_page_that_the_code_names_is_there() -> None:
    named = {
        (str(path.relative_to(ROOT)), page)
        for path in (ROOT / "app").rglob("*.py")
        for page in re.findall(r"\bdocs/[\w./-]+?\.md\b", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 3
    # some are written by `make docs`
    assert [each for each in sorted(named) if not (ROOT / each[1]).exists()] == []
