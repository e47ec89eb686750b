"""The sound of tracks, in ranges."""

from flask import Blueprint, Response, current_app, send_file

from ...core.errors import NotFoundError
from ...providers import local, playable
from ...store import tracks
from ...store.database import database
from ..edge.instance import cache

__all__ = ["blueprint"]

blueprint = Blueprint("audio", __name__)


@blueprint.get("/audio/<number:track_id>")
def sound(track_id: int) -> Response:
    """The file of a track, or a WAV file where browsers do not play its format."""
    track = tracks.by_id(database.session(), track_id)
    file = local.locate(current_app.config["AUDIO_DIR"], track.path)
    mimetype = local.MIMETYPES.get(file.suffix.lower())
    if mimetype is None:
        file, mimetype = playable.as_wav(file, cache() / "audio"), "audio/wav"
    # a long stream must not keep a connection of the database
    database.session.remove()
    try:
        # a name of our own: that of the file may hold what no header can
        return send_file(file, mimetype=mimetype, download_name=f"track-{track_id}{file.suffix}", conditional=True)
    except OSError as error:
        raise NotFoundError(
            "unreadable_audio", f"The audio file of track {track_id} cannot be read: {error.strerror}.", "Check who may read it."
        ) from error
