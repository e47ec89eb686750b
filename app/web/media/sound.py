"""The sound of tracks, in ranges."""

from flask import Response, current_app, request, send_file

from ...core.errors import NotFoundError
from ...providers import playable, registry
from ...store import sources
from ...store.database import database
from ..edge.answers import Binary
from ..edge.instance import cache_folder
from ..edge.routes import Routes

__all__ = ["address", "routes"]

ANSWER = Binary(
    tuple(sorted({*playable.MIMETYPES.values(), "audio/wav"})),
    "The file of the track; a WAV file where browsers do not play its format (WMA, AIFF).",
    statuses=((206, "The range that was asked for."), (416, "The file has no such range.")),
)
ERRORS = {"invalid": ("no_provider",), "not_found": ("no_track", "no_audio", "unreadable_audio")}

FOLDER = "/audio"

routes = Routes("audio")


def address(track_id: int) -> str:
    """Where the sound of a track is: what `url_for` says, without its cost for each of a hundred tracks."""
    return f"{request.script_root}{FOLDER}/{track_id}"


@routes.get(f"{FOLDER}/<number:track_id>", answer=ANSWER, errors=ERRORS)
def sound(track_id: int) -> Response:
    """The sound of a track, with range requests."""
    source = sources.to_play(database.session(), track_id)
    file = registry.by_kind(source.kind, current_app.config).locate(source.place)
    file, mimetype = playable.for_browsers(file, cache_folder() / "audio")
    # a long stream must not keep a connection of the database
    database.session.remove()
    try:
        # a name of our own: that of the file may hold what no header can
        return send_file(file, mimetype=mimetype, download_name=f"track-{track_id}{file.suffix}", conditional=True)
    except OSError as error:
        raise NotFoundError(
            "unreadable_audio", f"The audio file of track {track_id} cannot be read: {error.strerror}.", "Check who may read it."
        ) from error
