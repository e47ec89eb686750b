"""The sound of tracks, in ranges."""

from typing import Annotated

from flask import Response, current_app, request, send_file
from msgspec import Meta

from ...core.errors import NotFoundError
from ...providers import playable, registry
from ...store import sources
from ...store.database import database
from ..edge.answers import Binary
from ..edge.instance import cache_folder
from ..edge.parameters import Parameters
from ..edge.routes import Routes

__all__ = ["address", "routes"]

ANSWER = Binary(
    tuple(sorted(set(playable.MIMETYPES.values()))),
    "The file of the track; a WAV file where browsers do not play its format (WMA, AIFF, ALAC), or where it is asked for.",
    statuses=((206, "The range that was asked for."), (416, "The file has no such range.")),
)
ERRORS = {"invalid": ("no_provider",), "not_found": ("no_track", "no_audio", "unreadable_audio")}

FOLDER = "/audio"

routes = Routes("audio")


class Asked(Parameters):
    """In what form."""

    decoded: Annotated[
        bool,
        Meta(description="1: a decoded copy (WAV), whatever the format: for files in which a player does not find its place."),
    ] = False


def address(track_id: int) -> str:
    """Where the sound of a track is: what `url_for` says, without its cost for each of a hundred tracks."""
    return f"{request.script_root}{FOLDER}/{track_id}"


@routes.get(f"{FOLDER}/<number:track_id>", answer=ANSWER, errors=ERRORS)
def sound(asked: Asked, track_id: int) -> Response:
    """The sound of a track, with range requests."""
    source = sources.to_play(database.session(), track_id)
    file = registry.by_kind(source.kind, current_app.config).locate(source.place)
    copies = cache_folder() / "audio"
    if asked.decoded:
        file, mimetype = playable.as_wav(file, copies), playable.WAV
    else:
        file, mimetype = playable.for_browsers(file, source.codec, copies)
    # a long stream must not keep a connection of the database
    database.session.remove()
    try:
        # a name of our own: that of the file may hold what no header can
        return send_file(file, mimetype=mimetype, download_name=f"track-{track_id}{file.suffix}", conditional=True)
    except OSError as error:
        raise NotFoundError(
            "unreadable_audio", f"The audio file of track {track_id} cannot be read: {error.strerror}.", "Check who may read it."
        ) from error
