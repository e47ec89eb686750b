"""Views of the map that somebody named."""

from typing import Annotated

from msgspec import Meta

from ...store import views
from ...store.database import database
from ...store.tables import SavedView
from ..edge.answers import Answer
from ..edge.changing import same_origin
from ..edge.routes import Routes

__all__ = ["routes"]

MOST_NAME = 100
MOST_QUERY = 8000

NAME = Annotated[str, Meta(min_length=1, max_length=MOST_NAME, pattern=r"\S", description="What it is called.")]

routes = Routes("api_views")


class NamedView(Answer):
    """A view under a name."""

    id: int
    name: str
    query: Annotated[str, Meta(description="The query of its address, without the question mark.")]


class NamedViews(Answer):
    """Every view that has a name."""

    views: Annotated[tuple[NamedView, ...], Meta(description="By name.")]


class ViewToSave(Answer):
    """A view, and what to call it."""

    name: NAME
    query: Annotated[str, Meta(max_length=MOST_QUERY, description="The query of its address, without the question mark.")]


class ViewName(Answer):
    """What to call a view."""

    name: NAME


EXAMPLE = NamedView(id=3, name="Calm corner", query="network=msd-musicnn&layer=embeddings&projection=umap")


@routes.get("/api/views", example=NamedViews(views=(EXAMPLE,)))
def every() -> NamedViews:
    """Every view that was saved, by name."""
    return NamedViews(views=tuple(map(_answered, views.every(database.session()))))


@routes.change("POST", "/api/views", example=EXAMPLE)
@same_origin
def save(body: ViewToSave) -> NamedView:
    """Save a view under a name. One that is called so already is replaced."""
    session = database.session()
    found = _answered(views.save(session, body.name.strip(), body.query))
    session.commit()
    return found


@routes.change(
    "PATCH", "/api/views/<number:view_id>", errors={"not_found": ("no_view",), "invalid": ("name_taken",)}, example=EXAMPLE
)
@same_origin
def rename(view_id: int, body: ViewName) -> NamedView:
    """Call a view by another name."""
    session = database.session()
    found = _answered(views.rename(session, view_id, body.name.strip()))
    session.commit()
    return found


@routes.change("DELETE", "/api/views/<number:view_id>", errors={"not_found": ("no_view",)})
@same_origin
def delete(view_id: int) -> NamedViews:
    """Delete a view; answers those that are left."""
    session = database.session()
    views.delete(session, view_id)
    session.commit()
    return every()


def _answered(found: SavedView) -> NamedView:
    return NamedView(id=found.id, name=found.name, query=found.query)
