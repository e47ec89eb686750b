"""The tables, a file per group of nouns. Everything that took work to compute is here, so one file is the backup."""

from .base import IDS_PER_STATEMENT, Base, in_utc, now
from .features import Features, Network, RowRange, Space
from .labels import Annotation, AnnotationSet, Tag
from .projections import Coordinates, Projection
from .regions import RegionMap
from .runs import Failure, Run
from .tracks import Album, Artist, Source, Track
from .views import SavedView, Selection

__all__ = [
    "IDS_PER_STATEMENT",
    "Album",
    "Annotation",
    "AnnotationSet",
    "Artist",
    "Base",
    "Coordinates",
    "Failure",
    "Features",
    "Network",
    "Projection",
    "RegionMap",
    "RowRange",
    "Run",
    "SavedView",
    "Selection",
    "Source",
    "Space",
    "Tag",
    "Track",
    "in_utc",
    "now",
]
