"""Labels that people or metadata gave to tracks, in named sets."""

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from .tables import Annotation, AnnotationSet, Tag

__all__ = ["labels", "replace", "set_named", "tag"]


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
    same = select(Tag).where(Tag.category == category, func.lower(Tag.name) == func.lower(name))
    found = session.scalar(same.order_by(Tag.name != name, Tag.id).limit(1))
    if found is None:
        found = Tag(category=category, name=name)
        session.add(found)
        session.flush()
    return found


def replace(session: Session, annotation_set: AnnotationSet, track_id: int, tags: Iterable[Tag]) -> None:
    """Give a whole track exactly these labels in a set."""
    session.execute(delete(Annotation).where(Annotation.annotation_set_id == annotation_set.id, Annotation.track_id == track_id))
    for tag_id in {tag.id for tag in tags}:
        session.add(Annotation(track_id=track_id, tag_id=tag_id, annotation_set_id=annotation_set.id))
    session.flush()


def labels(session: Session, annotation_set: str, track_id: int) -> list[str]:
    """Names of a track's tags in a set, in alphabetical order."""
    query = select(Tag.name).join(Annotation, Annotation.tag_id == Tag.id).join(AnnotationSet)
    named = query.where(AnnotationSet.name == annotation_set, Annotation.track_id == track_id)
    return list(session.scalars(named.order_by(Tag.name)))
