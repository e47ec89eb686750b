"""The views of the application, in the order of the header, and how their pages are rendered."""

from dataclasses import dataclass
from typing import Annotated

from flask import render_template
from msgspec import Meta, Struct, structs

from .assets import BOKEH_URL

__all__ = ["VIEWS", "Received", "View", "render"]


@dataclass(frozen=True)
class View:
    """A page of its own: `name` is that of its template and of the folder of its script in `static/js/pages`."""

    name: str
    path: str
    title: str


VIEWS = (View("map", "/", "Map"), View("collection", "/collection", "Collection"))


class Received(Struct):
    """What the template of every page receives; a page that needs more has a struct of its own that extends this one."""

    view: Annotated[View, Meta(description="The page itself: its `name`, `path` and `title`.")]
    views: Annotated[tuple[View, ...], Meta(description="All of them, for the header.")]
    bokeh_url: Annotated[str, Meta(description="Where BokehJS is, for pages that draw a figure.")]


def render(name: str) -> str:
    """The page of a view."""
    (view,) = (view for view in VIEWS if view.name == name)
    return render_template(f"{name}.html", **structs.asdict(Received(view=view, views=VIEWS, bokeh_url=BOKEH_URL)))
