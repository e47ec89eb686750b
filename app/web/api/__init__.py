"""The addresses that answer data: parameters, one call into `explore`, an answer."""

from flask import Flask

from . import (
    collection,
    filters,
    health,
    histograms,
    inside,
    listening,
    neighbours,
    openapi,
    points,
    regions,
    rows,
    segments,
    selected,
    selections,
    status,
    taggram,
    threads,
    views,
)

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Serve every address."""
    for part in (
        collection,
        status,
        filters,
        histograms,
        neighbours,
        listening,
        points,
        threads,
        inside,
        regions,
        segments,
        rows,
        taggram,
        selections,
        selected,
        views,
        openapi,
        health,
    ):
        part.routes.init_app(app)
