"""Why a filter matches nothing, in words."""

from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...cache.recent import Recent
from ...cache.rows import RowTable
from ...filters import write
from ...filters.tree import And, Condition, InAnyText, InTag, InText, Not, Or
from ...store.spaces import StoredNetwork
from .mask import Mask
from .matching import Matching, as_stored

__all__ = ["why_none"]

MOST_PARTS = 4
N_REMEMBERED = 256

_reasons: Recent[str] = Recent(N_REMEMBERED, lambda reason: 1)


def why_none(session: Session, editions: Editions, network: StoredNetwork, table: RowTable, found: Mask) -> str:
    """Why a filter that matches nothing does: the condition to blame, or that each matches something but nothing all of them."""

    def read() -> str:
        return _Reasons(Matching(session, editions, network, table, found.tree), network).of(found.tree)

    return _reasons.get((editions.folder, found.version), read)


class _Reasons:
    def __init__(self, matching: Matching, network: StoredNetwork) -> None:
        self._matching = matching
        self._network = network
        self._counts: dict[Condition, int] = {}

    def of(self, tree: Condition) -> str:
        spelt = write(tree, self._network.name)
        match tree:
            case And(parts) if parts:
                none = next((part for part in parts if not self._count(part)), None)
                if none is not None:
                    return self.of(none)
                each = ", ".join(
                    f"{write(part, self._network.name)} matches {self._count(part):,}".replace(",", " ")
                    for part in parts[:MOST_PARTS]
                )
                return f"Each condition matches segments ({each}), but none matches all of them."
            case Or(parts):
                return " ".join(dict.fromkeys(self.of(part) for part in parts[:MOST_PARTS]))
            case Not(part):
                return f"Every segment matches {write(part, self._network.name)}."
            case InTag(tag, interval) if (low := as_stored(interval).low) is not None and not low.is_percentile:
                highest = self._matching.highest(tag)
                if not highest > low.at:
                    return f"{tag.label} never exceeds {highest:.2g}."
            case InText(field, texts):
                wanted = " or ".join(f"“{text.text}”" for text in texts)
                return f"No {field} fits {wanted}."
            case InAnyText(words):
                return f"No title, artist, album or file holds “{words}”."
        return f"No segment matches {spelt}."

    def _count(self, part: Condition) -> int:
        """How many rows match a part: the same one may stand in several alternatives."""
        if part not in self._counts:
            self._counts[part] = int(self._matching.rows(part).sum())
        return self._counts[part]
