"""What every provider of sound does."""

from pathlib import Path
from typing import Protocol

__all__ = ["Provider"]


class Provider(Protocol):
    """Gives the sound of the sources of one kind.

    A provider is made of the settings, keeps nothing open, and may be asked by several threads at once. It knows neither the
    database nor the browser.
    """

    def locate(self, place: str) -> Path:
        """A file of this machine with the sound of a source, ready to be read.

        The same place gives the same file until the sound changes. It belongs to the provider: whoever asks only reads it.

        Parameters
        ----------
        place : str
            As the source stores it: the path of a file, the id of anything else. It may be hostile: nothing but what the provider
            offers is ever reached by it.

        Raises
        ------
        NotFoundError
            The provider has no sound there (any more). The message names the place and no path of the server.
        MachineError
            The provider itself is out of reach: its folder is not mounted, its service does not answer.
        """
        ...
