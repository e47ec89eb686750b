"""What addresses answer: JSON from structs whose fields are described, or bytes of another kind."""

from dataclasses import dataclass
from typing import Any

from flask import Response
from msgspec import Struct, json

__all__ = ["Answer", "Binary", "as_json"]

_encoder = json.Encoder()


class Answer(Struct):
    """An answer, or a part of one. Fields have no defaults: what is declared is always sent."""


@dataclass(frozen=True)
class Binary:
    """An answer that is not JSON.

    Parameters
    ----------
    mimetypes : tuple of str
    meaning : str
        What the bytes are; Markdown.
    header : type or None
        The struct of a JSON header among the bytes.
    statuses : dict
        What is answered beside 200, by status.
    """

    mimetypes: tuple[str, ...]
    meaning: str
    header: type[Answer] | None = None
    statuses: tuple[tuple[int, str], ...] = ()


def as_json(value: Any, status: int = 200) -> Response:
    """A value as JSON. Text is not escaped to ASCII, and keys keep their order."""
    return Response(_encoder.encode(value), status=status, mimetype="application/json")
