"""The segments of a selection as a file: CSV or JSON, written track by track, so that any size takes little memory."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.editions import Editions
from ...core.batches import batches
from ...core.spaces import Layer
from ...store import tracks
from ...store.tracks import Shown
from .evaluation import Selected

__all__ = ["COLUMNS", "as_csv", "as_json"]

COLUMNS = ("track", "title", "artist", "album", "year", "segment", "start_s", "end_s", "tag", "activation")
"""`segment` counts from 0 within its track; `tag` is the strongest of the segment."""

TRACKS_AT_ONCE = 500

FORMULA = re.compile(r"[=+\-@\t\r]")
"""What a spreadsheet takes for the beginning of a formula."""


def as_csv(session: Session, editions: Editions, selected: Selected) -> Iterator[str]:
    """Lines of CSV with a header; text that a spreadsheet would run as a formula has an apostrophe before it.

    Raises
    ------
    NotReadyError
        At once, before the first line: the tags are being prepared.
    """
    return _csv_of(_records(session, selected, _Tags(session, editions, selected)))


def _csv_of(found: Iterator[list[dict[str, Any]]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for records in found:
        writer.writerows(map(_harmless, record.values()) for record in records)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def as_json(session: Session, editions: Editions, selected: Selected) -> Iterator[str]:
    """One object: what was selected, and a list of its segments.

    Raises
    ------
    NotReadyError
        As `as_csv`.
    """
    return _json_of(selected, _records(session, selected, _Tags(session, editions, selected)))


def _json_of(selected: Selected, found: Iterator[list[dict[str, Any]]]) -> Iterator[str]:
    facts = {
        "selection": selected.text,
        "network": selected.network.name,
        "n_segments": len(selected.rows),
        "n_tracks": selected.by_track.n_tracks,
    }
    yield json.dumps(facts, ensure_ascii=False)[:-1] + ', "segments": ['
    before = "\n"
    for records in found:
        for record in records:
            yield before + json.dumps(record, ensure_ascii=False)
            before = ",\n"
    yield "\n]}\n"


def _records(session: Session, selected: Selected, tags: "_Tags") -> Iterator[list[dict[str, Any]]]:
    """Segments in the order of their rows, those of some hundred tracks at a time."""
    found, ranges, bounds = selected.by_track, selected.table.ranges, selected.network.geometry.bounds
    for some in batches(np.flatnonzero(found.counts).tolist(), TRACKS_AT_ONCE):
        shown = tracks.shown(session, ranges.track_ids[some].tolist())
        # tracks follow each other, and so do their rows
        rows = found.rows[found.firsts[some[0]] : found.firsts[some[-1]] + found.counts[some[-1]]]
        at = np.repeat(some, found.counts[some])
        indices = rows - ranges.first_rows[at]
        records = []
        for track_id, index, strongest in zip(ranges.track_ids[at].tolist(), indices.tolist(), tags.strongest(rows), strict=True):
            # a track that was forgotten while the file is written is left out
            if track_id in shown:
                records.append(_record(shown[track_id], index, bounds(index), *strongest))
        yield records


def _record(
    track: Shown, index: int, bounds: tuple[float, float], label: str | None, activation: float | None
) -> dict[str, str | int | float | None]:
    start_s, end_s = (round(second, 4) for second in bounds)
    return {
        "track": track.id,
        "title": track.title,
        "artist": track.artist,
        "album": track.album,
        "year": track.year,
        "segment": index,
        "start_s": start_s,
        "end_s": end_s,
        "tag": label,
        "activation": activation,
    }


class _Tags:
    """The tags of the network of a selection, opened at once: an answer that has begun can tell of no error any more."""

    def __init__(self, session: Session, editions: Editions, selected: Selected) -> None:
        space = selected.network.spaces.get(Layer.ACTIVATIONS)
        self._labels = (space.labels if space else None) or ()
        self._columns = editions.columns(session, selected.network, Layer.ACTIVATIONS) if self._labels else None

    def strongest(self, rows: NDArray[np.uint32]) -> list[tuple[str | None, float | None]]:
        """The strongest tag of each row and its activation; None where the network names no tags, or has not got so far."""
        found: list[tuple[str | None, float | None]] = [(None, None)] * len(rows)
        if self._columns is None:
            return found
        values = np.stack([self._columns.of_rows(dimension, rows) for dimension in range(len(self._labels))])
        best = values.argmax(axis=0)
        activations = values[best, np.arange(len(best))].astype(np.float32).tolist()
        found[: len(best)] = [(self._labels[tag], round(value, 4)) for tag, value in zip(best.tolist(), activations, strict=True)]
        return found


def _harmless(value: str | int | float | None) -> str | int | float | None:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value
