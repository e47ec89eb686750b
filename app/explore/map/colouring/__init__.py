"""What colours a map: a tag, each segment's top tag, a field of tracks, the difference of two networks."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy.orm import Session

from ....cache.by_time import Rows, RowsOf
from ....cache.editions import Editions
from ....cache.rows import RowTable
from ....core.errors import InvalidError, NotFoundError
from ....core.spaces import Layer
from ....core.suggest import did_you_mean
from ....store import spaces
from ....store.spaces import StoredNetwork
from . import categories, fields, numbers, top_tag
from .categories import Categories
from .names import ColourName, DifferenceName, FieldName, TagName, TopName, parse
from .numbers import Numbers
from .scales import NO_VALUE, Scale

__all__ = ["NO_VALUE", "Categories", "ColourName", "Colouring", "Numbers", "Scale", "TagName", "opened", "parse"]

Colouring: TypeAlias = Numbers | Categories


def opened(
    session: Session, editions: Editions, name: ColourName, scale: Scale, network: StoredNetwork, table: RowTable
) -> Colouring:
    """Colour the rows of a network.

    Parameters
    ----------
    scale : how numbers become colours
    network, table : of the points

    Raises
    ------
    NotReadyError
        A network that is named has not been run.
    NotFoundError
        It has no such tag, or no track has such a field.
    InvalidError
        A network is compared with itself.
    """
    opening = _Opening(session, editions, scale, RowsOf(table, network.geometry), network)
    match name:
        case TagName():
            return opening.tag(name)
        case TopName():
            return opening.top(name)
        case FieldName():
            return opening.field(name)
        case DifferenceName():
            return opening.difference(name)


class _Opening:
    def __init__(self, session: Session, editions: Editions, scale: Scale, own: RowsOf, network: StoredNetwork) -> None:
        self.session, self.editions, self.scale, self.own, self.network = session, editions, scale, own, network

    def tag(self, name: TagName) -> Numbers:
        network = self._network(name.network)
        columns = self.editions.columns(self.session, network, Layer.ACTIVATIONS)
        dimension = _dimension(network.space(Layer.ACTIVATIONS).labels or (), name)
        return numbers.of_tag(name, self.scale, self._rows(network), columns, dimension)

    def top(self, name: TopName) -> Categories:
        network = self._network(name.network)
        columns = self.editions.columns(self.session, network, Layer.ACTIVATIONS)
        return top_tag.of_network(name, self._rows(network), columns, network.space(Layer.ACTIVATIONS).labels or ())

    def field(self, name: FieldName) -> Colouring:
        found = fields.read(self.session, name.field, self.own.table)
        rows = Rows(self.own, self.own)
        if found.numbers is not None:
            unit: numbers.Unit = "year" if name.field == "year" else "seconds"
            return numbers.of_field(name, unit, self.scale, rows, found.version, found.numbers)
        assert found.which is not None
        return categories.of_field(name, rows, found.version, found.words, found.which)

    def difference(self, name: DifferenceName) -> Numbers:
        if name.network == name.other:
            raise InvalidError("same_network", f"{name.network} is compared with itself.", "Name two networks.")
        one, other = (self.tag(TagName(network, name.label)) for network in (name.network, name.other))
        return numbers.of_difference(name, self.scale, Rows(self.own, self.own), one, other)

    def _network(self, name: str) -> StoredNetwork:
        return self.network if name == self.network.name else spaces.stored(self.session, name)

    def _rows(self, network: StoredNetwork) -> Rows:
        return Rows(self.own, RowsOf(self.editions.rows(self.session, network), network.geometry))


def _dimension(labels: Sequence[str], tag: TagName) -> int:
    if tag.label not in labels:
        raise NotFoundError("unknown_tag", f"{tag.network} has no tag {tag.label!r}.", did_you_mean(tag.label, labels))
    return labels.index(tag.label)
