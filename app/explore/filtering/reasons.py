"""Why a filter matches nothing, in words."""

from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...cache.rows import RowTable
from ...filters import parse, write
from ...filters.tree import And, Condition, InAnyText, InTag, InText, Not, Or
from ...store.spaces import StoredNetwork
from .matching import Matching
from .names import vocabulary

__all__ = ["why_none"]

MOST_PARTS = 4


def why_none(session: Session, editions: Editions, network: StoredNetwork, table: RowTable, text: str) -> str:
    """Why a filter that matches nothing does: the condition to blame, or that each matches something but nothing all of them."""
    tree = parse(text, vocabulary(session, network.name))
    return _Reasons(Matching(session, editions, network, table, tree), network).of(tree)


class _Reasons:
    def __init__(self, matching: Matching, network: StoredNetwork) -> None:
        self._matching = matching
        self._network = network

    def of(self, tree: Condition) -> str:
        spelt = write(tree, self._network.name)
        match tree:
            case And(parts) if parts:
                counts = [int(self._matching.rows(part).sum()) for part in parts]
                if 0 in counts:
                    return self.of(parts[counts.index(0)])
                each = ", ".join(
                    f"{write(part, self._network.name)} matches {n:,}".replace(",", " ")
                    for part, n in list(zip(parts, counts, strict=True))[:MOST_PARTS]
                )
                return f"Each condition matches segments ({each}), but none matches all of them."
            case Or(parts):
                return " ".join(dict.fromkeys(self.of(part) for part in parts[:MOST_PARTS]))
            case Not(part):
                return f"Every segment matches {write(part, self._network.name)}."
            case InTag(tag, interval) if interval.low is not None and not interval.low.is_percentile:
                highest = self._matching.highest(tag)
                if not highest > interval.low.at:
                    return f"{tag.label} never exceeds {highest:.2g}."
            case InText(field, texts):
                wanted = " or ".join(f"“{text.text}”" for text in texts)
                return f"No {field} fits {wanted}."
            case InAnyText(words):
                return f"No title, artist, album or file holds “{words}”."
        return f"No segment matches {spelt}."
