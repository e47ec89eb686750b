"""The sound of tracks, in ranges."""

from flask import Response, current_app, send_file

from ...core.errors import NotFoundError
from ...providers import local, playable
from ...store import tracks
from ...store.database import database
from ..edge.answers import Binary
from ..edge.instance import cache_folder
from ..edge.routes import Routes

__all__ = ["routes"]

ANSWER = Binary(
    tuple(sorted({*local.MIMETYPES.values(), "audio/wav"})),
    "The file of the track; a WAV file where browsers do not play its format (WMA, AIFF).",
    statuses=((206, "The range that was asked for."), (416, "The file has no such range.")),
)
ERRORS = {"not_found": ("no_track", "no_audio", "unreadable_audio")}

routes = Routes("audio")


@routes.get("/audio/<number:track_id>", answer=ANSWER, errors=ERRORS)
def sound(track_id: int) -> Response:
    """The sound of a track, with range requests."""
    track = tracks.by_id(database.session(), track_id)
    file = local.locate(current_app.config["AUDIO_DIR"], track.path)
    mimetype = local.MIMETYPES.get(file.suffix.lower())
    if mimetype is None:
        file, mimetype = playable.as_wav(file, cache_folder() / "audio"), "audio/wav"
    # a long stream must not keep a connection of the database
    database.session.remove()
    try:
        # a name of our own: that of the file may hold what no header can
        return send_file(file, mimetype=mimetype, download_name=f"track-{track_id}{file.suffix}", conditional=True)
    except OSError as error:
        raise NotFoundError(
            "unreadable_audio", f"The audio file of track {track_id} cannot be read: {error.strerror}.", "Check who may read it."
        ) from error
