"""Sound from the folder AUDIO_DIR, and never from outside it."""

from pathlib import Path

from ..core.errors import MachineError, NotFoundError

__all__ = ["LocalFiles"]


class LocalFiles:
    """Files below a folder; the place of a source is its path from there.

    Parameters
    ----------
    audio_dir : Path
        The folder; it may itself be a link.
    """

    def __init__(self, audio_dir: Path) -> None:
        self.audio_dir = audio_dir

    def locate(self, place: str) -> Path:
        """The real file of a path, with every link followed.

        A path that leads out of the folder, by `..`, from the root or through a link, counts as missing.

        Raises
        ------
        NotFoundError
            There is no such file inside the folder.
        MachineError
            The folder does not exist.
        """
        missing = NotFoundError("no_audio", f"The audio file {place!r} is missing.", "Run: flask index-all-audio")
        try:
            root = self.audio_dir.resolve(strict=True)
        except (OSError, RuntimeError):
            raise MachineError(
                "no_audio_dir", "The folder AUDIO_DIR does not exist.", "Set TAGSCAPE_AUDIO_DIR to the folder with your music."
            ) from None
        try:
            file = (root / place).resolve(strict=True)
        except (OSError, ValueError, RuntimeError):
            # a loop of links is a RuntimeError, a null character a ValueError
            raise missing from None
        if not (file.is_relative_to(root) and file.is_file()):
            raise missing
        return file
