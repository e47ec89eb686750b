"""Tracks and segments as JSON."""

from typing import Any

from flask import url_for

from ...explore.segments import Segment, title
from ...store.tables import Track

__all__ = ["segment", "track"]


def track(track: Track) -> dict[str, Any]:
    """A track as the player shows it."""
    return {
        "id": track.id,
        "title": title(track),
        "artist": track.artist.name if track.artist else None,
        "album": track.album.title if track.album else None,
        "year": track.year,
        "duration_s": track.duration_s,
        "state": track.state,
        "audio": url_for("audio.sound", track_id=track.id) if track.state == "present" else None,
    }


def segment(segment: Segment) -> dict[str, Any]:
    """A segment with its track and tags."""
    return {
        "row": segment.row,
        "track": track(segment.track),
        "index": segment.index,
        "first_row": segment.first_row,
        "n_segments": segment.n_segments,
        "start_s": segment.start_s,
        "end_s": segment.end_s,
        "tags": [{"label": tag.label, "value": round(tag.value, 4)} for tag in segment.tags],
    }
