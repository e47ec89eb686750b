"""Labels that people or metadata gave to tracks, in named sets."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ..core.batches import batches
from ..core.names import key_of
from .tables import IDS_PER_STATEMENT, Annotation, AnnotationSet, Tag

__all__ = ["by_track", "labels", "replace", "set_named", "tag"]


def set_named(session: Session, name: str) -> AnnotationSet:
    """The annotation set of that name, added if new."""
    found = session.scalar(select(AnnotationSet).where(AnnotationSet.name == name))
    if found is None:
        found = AnnotationSet(name=name)
        session.add(found)
        session.flush()
    return found


def tag(session: Session, category: str, name: str) -> Tag:
    """The tag of that name, added if new. `Rock` and `rock` are one tag, spelt as it came first."""
    found = session.scalar(select(Tag).where(Tag.category == category, Tag.key == key_of(name)))
    if found is None:
        found = Tag(category=category, name=name)
        session.add(found)
        session.flush()
    return found


def replace(session: Session, annotation_set: AnnotationSet, tag_ids: Mapping[int, Collection[int]]) -> None:
    """Give whole tracks exactly these tags in a set; `tag_ids` by track id."""
    for track_ids in batches(tag_ids, IDS_PER_STATEMENT):
        of_tracks = delete(Annotation).where(Annotation.annotation_set_id == annotation_set.id, Annotation.track_id.in_(track_ids))
        session.execute(of_tracks.where(Annotation.start_s.is_(None)))
    labels = [{"track_id": track_id, "tag_id": tag_id} for track_id, ids in tag_ids.items() for tag_id in sorted(set(ids))]
    if labels:
        session.execute(insert(Annotation), [{**label, "annotation_set_id": annotation_set.id} for label in labels])


def by_track(session: Session, category: str) -> dict[int, list[str]]:
    """Names of a category's tags by track, whoever gave them."""
    query = select(Annotation.track_id, Tag.name).join(Tag, Annotation.tag_id == Tag.id).where(Tag.category == category).distinct()
    found: dict[int, list[str]] = {}
    for track_id, name in session.execute(query.order_by(Annotation.track_id, Tag.name)):
        found.setdefault(track_id, []).append(name)
    return found


def labels(session: Session, annotation_set: str, track_id: int) -> list[str]:
    """Names of a track's tags in a set, in alphabetical order."""
    query = select(Tag.name).join(Annotation, Annotation.tag_id == Tag.id).join(AnnotationSet)
    named = query.where(AnnotationSet.name == annotation_set, Annotation.track_id == track_id)
    return list(session.scalars(named.order_by(Tag.name)))
