"""Which spellings are the same name."""

from unicodedata import combining, normalize

__all__ = ["folded", "key_of"]


def key_of(name: str) -> str:
    """What all spellings of a name have in common: `Élan`, `élan` and `ÉLAN`, composed or not, have the key `élan`."""
    # folding may take a composed letter apart
    return normalize("NFC", normalize("NFC", name).casefold())


def folded(text: str) -> str:
    """A text as it is searched: without case and accents, and with one form of every letter. `Élan` is found by `elan`."""
    if text.isascii():
        return text.lower()
    apart = normalize("NFKD", normalize("NFKD", text).casefold())
    return "".join(character for character in apart if not combining(character))
