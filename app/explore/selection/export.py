"""The segments of a selection as a file: CSV or JSON, written track by track, so that any size takes little memory."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from ...cache.columns import SpaceColumns
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
    """Lines of CSV with a header; text that a spreadsheet would run as a formula has an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for records in _records(session, editions, selected):
        writer.writerows(map(_harmless, record.values()) for record in records)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def as_json(session: Session, editions: Editions, selected: Selected) -> Iterator[str]:
    """One object: what was selected, and a list of its segments."""
    facts = {
        "selection": selected.text,
        "network": selected.network.name,
        "n_segments": len(selected.rows),
        "n_tracks": selected.by_track.n_tracks,
    }
    yield json.dumps(facts, ensure_ascii=False)[:-1] + ', "segments": ['
    before = "\n"
    for records in _records(session, editions, selected):
        for record in records:
            yield before + json.dumps(record, ensure_ascii=False)
            before = ",\n"
    yield "\n]}\n"


def _records(session: Session, editions: Editions, selected: Selected) -> Iterator[list[dict[str, Any]]]:
    """Segments in the order of their rows, those of some hundred tracks at a time."""
    found, ranges, bounds = selected.by_track, selected.table.ranges, selected.network.geometry.bounds
    space = selected.network.spaces.get(Layer.ACTIVATIONS)
    labels = (space.labels if space else None) or ()
    columns = editions.columns(session, selected.network, Layer.ACTIVATIONS) if labels else None
    for some in batches(np.flatnonzero(found.counts).tolist(), TRACKS_AT_ONCE):
        shown = tracks.shown(session, ranges.track_ids[some].tolist())
        # tracks follow each other, and so do their rows
        rows = found.rows[found.firsts[some[0]] : found.firsts[some[-1]] + found.counts[some[-1]]]
        at = np.repeat(some, found.counts[some])
        indices = rows - ranges.first_rows[at]
        records = []
        for track_id, index, strongest in zip(
            ranges.track_ids[at].tolist(), indices.tolist(), _strongest(columns, labels, rows), strict=True
        ):
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


def _strongest(
    columns: SpaceColumns | None, labels: Sequence[str], rows: NDArray[np.uint32]
) -> list[tuple[str | None, float | None]]:
    """The strongest tag of each row and its activation; None where the network names no tags, or has not got so far."""
    found: list[tuple[str | None, float | None]] = [(None, None)] * len(rows)
    if columns is None:
        return found
    values = np.stack([columns.of_rows(dimension, rows) for dimension in range(len(labels))])
    best = values.argmax(axis=0)
    activations = values[best, np.arange(len(best))].astype(np.float32).tolist()
    found[: len(best)] = [(labels[tag], round(value, 4)) for tag, value in zip(best.tolist(), activations, strict=True)]
    return found


def _harmless(value: str | int | float | None) -> str | int | float | None:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value
