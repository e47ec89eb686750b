"""The views of the application, in the order of the header, and how their pages are rendered."""

from dataclasses import dataclass

from flask import render_template

from .assets import BOKEH_URL

__all__ = ["VIEWS", "View", "render"]


@dataclass(frozen=True)
class View:
    """A page of its own: `name` is that of its template and of the folder of its script in `static/js/pages`."""

    name: str
    path: str
    title: str


VIEWS = (View("map", "/", "Map"), View("collection", "/collection", "Collection"))


def render(name: str) -> str:
    """The page of a view.

    Its template receives

    view : View
        itself
    views : tuple of View
        all of them, for the header
    bokeh_url : str
        where BokehJS is, for pages that draw a figure
    """
    (view,) = (view for view in VIEWS if view.name == name)
    return render_template(f"{name}.html", view=view, views=VIEWS, bokeh_url=BOKEH_URL)
