"""One error shape for every address: `{"error": {"code", "message", "hint"}}`. No path of the server and no traceback leaves it."""

import re
from typing import Annotated

from flask import Flask, Response
from msgspec import Meta
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import HTTPException

from ...core.errors import TagscapeError
from ...store.database import translated
from .answers import Answer, as_json

__all__ = ["STATUS", "ErrorAnswer", "ErrorDetails", "ForbiddenError", "UnsupportedError", "init_app"]

STATUS = {
    "invalid": 400,
    "forbidden": 403,
    "not_found": 404,
    "not_ready": 409,
    "unsupported": 415,
    "corrupt": 500,
    "environment": 503,
}
"""The status of every kind of error."""

HINTS = {
    404: "docs/api.md lists every address.",
    405: "The header Allow lists the methods of this address.",
    500: "The server's log says more.",
}


class ForbiddenError(TagscapeError):
    """Whoever asks may not do this."""

    kind = "forbidden"


class UnsupportedError(TagscapeError):
    """The body has a content type that is not read here."""

    kind = "unsupported"


class ErrorDetails(Answer):
    """What failed."""

    code: Annotated[str, Meta(description="A stable name, for programs.")]
    message: Annotated[str, Meta(description="One sentence that names what failed, with its value.")]
    hint: Annotated[str, Meta(description="The next step; empty where there is none.")]


class ErrorAnswer(Answer):
    """Every error has this shape."""

    error: ErrorDetails


def init_app(app: Flask) -> None:
    """Answer every error in the one shape."""
    app.register_error_handler(TagscapeError, _ours)
    app.register_error_handler(DatabaseError, _of_database)
    app.register_error_handler(HTTPException, _of_http)


def _ours(error: TagscapeError) -> Response:
    return _answer(STATUS[error.kind], error.code, error.message, error.hint)


def _of_database(error: DatabaseError) -> Response:
    try:
        with translated():
            raise error
    except TagscapeError as ours:
        return _ours(ours)


def _of_http(error: HTTPException) -> Response:
    """Errors of Flask itself, with the headers that belong to them (`Allow`, `Content-Range`)."""
    if isinstance(error.__cause__, TagscapeError):
        return _ours(error.__cause__)
    status = error.code or 500
    message = "Something went wrong on the server." if status == 500 else f"{error.name}."
    response = _answer(status, re.sub(r"\W+", "_", error.name).lower(), message, HINTS.get(status, ""))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _answer(status: int, code: str, message: str, hint: str) -> Response:
    response = as_json(ErrorAnswer(error=ErrorDetails(code=code, message=message, hint=hint)), status)
    response.headers["Cache-Control"] = "no-store"
    return response
