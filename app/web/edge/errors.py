"""One error shape for every address: `{"error": {"code", "message", "hint"}}`. No path of the server and no traceback leaves it."""

import re

from flask import Flask, Response, jsonify
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import HTTPException

from ...core.errors import TagscapeError
from ...store.database import translated

__all__ = ["STATUS", "init_app"]

STATUS = {"not_found": 404, "invalid": 400, "not_ready": 409, "environment": 503, "corrupt": 500}

HINTS = {404: "docs/api.md lists every address.", 405: "Every address is read with GET.", 500: "The server's log says more."}


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
    status = error.code or 500
    message = "Something went wrong on the server." if status == 500 else f"{error.name}."
    response = _answer(status, re.sub(r"\W+", "_", error.name).lower(), message, HINTS.get(status, ""))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _answer(status: int, code: str, message: str, hint: str) -> Response:
    response = jsonify(error={"code": code, "message": message, "hint": hint})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
