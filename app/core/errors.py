"""The errors that Tagscape tells a person about."""

from typing import ClassVar

__all__ = [
    "CorruptError",
    "InvalidError",
    "MachineError",
    "NotFoundError",
    "NotReadyError",
    "TagscapeError",
]


class TagscapeError(Exception):
    """What failed, named with its value, and the next step.

    Parameters
    ----------
    code : str
        Stable snake_case name, for programs: `"no_audio_stream"`.
    message : str
        One sentence for people. Names what failed with its value; never a path of the server outside AUDIO_DIR.
    hint : str
        The next step, as a sentence or a command; empty where there is none.
    """

    kind: ClassVar[str] = "invalid"

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()

    @property
    def is_passing(self) -> bool:
        """Whether trying again may help: something was out of reach, and no content is to blame."""
        return self.kind in ("not_found", "environment")


class NotFoundError(TagscapeError):
    """Something that was asked for by name does not exist."""

    kind = "not_found"


class InvalidError(TagscapeError):
    """A value that a person or a file gave cannot be used."""

    kind = "invalid"


class NotReadyError(TagscapeError):
    """An earlier step has to be done first."""

    kind = "not_ready"


class MachineError(TagscapeError):
    """The machine does not offer what is needed: a folder, space on the disk, a library, a lock."""

    kind = "environment"


class CorruptError(TagscapeError):
    """Stored data or an input file is damaged."""

    kind = "corrupt"
