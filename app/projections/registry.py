"""Every method of projection, by the name that it has in commands, addresses and the database."""

from dataclasses import dataclass

from ..core.errors import InvalidError
from ..core.suggest import did_you_mean
from .base import Projector
from .pca import PCA, StandardisedPCA
from .tsne import TSNE
from .umap import UMAP

__all__ = ["METHODS", "Method", "by_name"]


@dataclass(frozen=True)
class Method:
    """A method of projection: `name` as typed, `title` as shown."""

    name: str
    title: str
    projector: type[Projector]


METHODS = (
    Method("pca", "PCA", PCA),
    Method("std-pca", "Standardised PCA", StandardisedPCA),
    Method("tsne", "t-SNE", TSNE),
    Method("umap", "UMAP", UMAP),
)


def by_name(name: str) -> Method:
    """The method of that name.

    Raises
    ------
    InvalidError
        There is none.
    """
    names = {method.name: method for method in METHODS}
    if name not in names:
        hint = did_you_mean(name, names, f"Use one of: {', '.join(names)}.")
        raise InvalidError("unknown_projection", f"Unknown projection {name!r}.", hint)
    return names[name]
