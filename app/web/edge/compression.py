"""Text in fewer bytes: answers as they are made, files once.

Werkzeug's `send_file` answers for a packed file as for any other, so that ETag, 304, HEAD and ranges are those of what is sent.
Flask-Compress packs a file again with every request, ranges of it too; WhiteNoise answers in front of the application, which could
then neither refuse foreign names nor set its headers. Points go as they are: random rows and coordinates hardly shrink, and gzip
takes longer than the network. Sound is packed already.
"""

import gzip
import io
from hashlib import blake2b
from pathlib import Path

import brotli
from flask import Flask, Response, request, send_file

from ...cache.recent import Recent

__all__ = ["init_app", "sent", "sent_text"]

WORTH_BYTES = 1400
"""Below it an answer fits one packet anyway."""

TEXT = frozenset({"application/json", "text/html"})
MIMETYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""Of files that are packed."""

ENCODINGS = ("br", "gzip")
"""The better one first."""

QUICK = {"br": 4, "gzip": 5}
THOROUGH = {"br": 8, "gzip": 9}
"""Higher levels of brotli take BokehJS from a tenth of a second to half of one, for one part in two hundred."""

PACKED_BYTES = 1 << 24

_packed: Recent[bytes] = Recent(PACKED_BYTES, len)


def init_app(app: Flask) -> None:
    """Compress JSON and pages for those who can read it."""
    app.after_request(_compressed)


def sent(path: Path, max_age: int | None) -> Response:
    """A file as an answer; text is packed for those who can read it, once for all of them.

    Raises
    ------
    OSError
        It cannot be read.
    """
    facts = path.stat()
    mimetype = MIMETYPES.get(path.suffix)
    if mimetype is None or facts.st_size < WORTH_BYTES:
        return send_file(path, mimetype=mimetype, max_age=max_age)
    encoding = _accepted()
    if encoding is None:
        response = send_file(path, mimetype=mimetype, max_age=max_age)
    else:
        key = (path, facts.st_mtime_ns, facts.st_size)
        data = _packed.get((*key, encoding), lambda: _pack(path.read_bytes(), encoding, THOROUGH))
        # another representation has another name: a cache must not take one for the other
        etag = f"{facts.st_mtime_ns:x}-{facts.st_size:x}-{encoding}"
        response = send_file(io.BytesIO(data), mimetype, etag=etag, last_modified=facts.st_mtime, max_age=max_age)
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    return response


def sent_text(text: str, suffix: str, max_age: int | None) -> Response:
    """A text as if it were a file with a suffix of `MIMETYPES`."""
    plain = text.encode()
    encoding = _accepted()
    name = blake2b(plain, digest_size=16).hexdigest()
    data = plain if encoding is None else _packed.get((name, encoding), lambda: _pack(plain, encoding, THOROUGH))
    response = send_file(io.BytesIO(data), MIMETYPES[suffix], etag=f"{name}-{encoding}", max_age=max_age)
    if encoding is not None:
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    return response


def _compressed(response: Response) -> Response:
    if response.mimetype not in TEXT or response.direct_passthrough or len(response.get_data()) < WORTH_BYTES:
        return response
    response.vary.add("Accept-Encoding")
    encoding = _accepted()
    if encoding is not None:
        response.set_data(_pack(response.get_data(), encoding, QUICK))
        response.content_encoding = encoding
    return response


def _accepted() -> str | None:
    found: str | None = request.accept_encodings.best_match(ENCODINGS)
    return found


def _pack(data: bytes, encoding: str, levels: dict[str, int]) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(data, quality=levels["br"])
        return packed
    return gzip.compress(data, levels["gzip"], mtime=0)
