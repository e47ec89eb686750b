"""Sound from the folder AUDIO_DIR, and never from outside it."""

from pathlib import Path

from ..core.errors import MachineError, NotFoundError

__all__ = ["MIMETYPES", "locate"]

MIMETYPES = {
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".wav": "audio/wav",
}
"""Types of the formats that browsers play, by suffix."""


def locate(audio_dir: Path, path: str) -> Path:
    """The real file of a track's path, with every link followed.

    AUDIO_DIR may itself be a link. A path that leads out of it, by `..`, from the root or through a link, is as good as missing.

    Raises
    ------
    NotFoundError
        There is no such file inside AUDIO_DIR.
    MachineError
        AUDIO_DIR does not exist.
    """
    missing = NotFoundError("no_audio", f"The audio file {path!r} is missing.", "Run: flask index-all-audio")
    try:
        root = audio_dir.resolve(strict=True)
    except (OSError, RuntimeError):
        raise MachineError(
            "no_audio_dir", "The folder AUDIO_DIR does not exist.", "Set TAGSCAPE_AUDIO_DIR to the folder with your music."
        ) from None
    try:
        file = (root / path).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        # a loop of links is a RuntimeError, a null character a ValueError
        raise missing from None
    if not (file.is_relative_to(root) and file.is_file()):
        raise missing
    return file
