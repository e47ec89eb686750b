"""Which spellings are the same name."""

from unicodedata import normalize

__all__ = ["key_of"]


def key_of(name: str) -> str:
    """What all spellings of a name have in common: `Élan`, `élan` and `ÉLAN`, composed or not, have the key `élan`."""
    # folding may take a composed letter apart
    return normalize("NFC", normalize("NFC", name).casefold())
