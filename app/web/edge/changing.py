"""Requests that change something: only from our own pages or from programs, only JSON.

A page of another site can make a browser send requests here. Browsers say where a request comes from, in `Sec-Fetch-Site` and in
`Origin`; programs such as curl send neither, and no page can leave both out. `hosts.py` sees to
it that no other page is called as ours are.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import request
from msgspec import DecodeError, json

from ...core.errors import InvalidError
from .errors import ForbiddenError, UnsupportedError

__all__ = ["ERRORS", "MOST_BODY_BYTES", "READING", "body_reader", "is_guarded", "same_origin"]

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

MOST_BODY_BYTES = 1 << 20

ERRORS: Mapping[str, tuple[str, ...]] = {"forbidden": ("cross_site",), "unsupported": ("not_json",)}
"""What a guarded address answers beside its own errors."""

OURS = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site: a page of ours, or the person at the browser."""

P = ParamSpec("P")
T = TypeVar("T")


def same_origin(view: Callable[P, T]) -> Callable[P, T]:
    """Guard a view that changes something: no page of another site and no body but JSON reaches it."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        _check_origin()
        _check_content()
        return view(*args, **kwargs)

    guarded.is_guarded = True  # type: ignore[attr-defined]  # a mark for the contract test and for `Routes`
    return guarded


def is_guarded(view: Callable[..., Any]) -> bool:
    """Whether a view is guarded by `same_origin`."""
    return getattr(view, "is_guarded", False)


def body_reader(kind: type[T]) -> Callable[[], T]:
    """What reads the body of a request into a struct."""
    decoder = json.Decoder(kind)

    def read() -> T:
        try:
            return decoder.decode(request.get_data())
        except (DecodeError, UnicodeDecodeError) as error:
            raise InvalidError(
                "invalid_body", f"The body of the request does not fit: {error}.", "docs/api.md describes it."
            ) from error

    return read


def _check_origin() -> None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    # only hosts are compared: behind a proxy that speaks TLS the schemes differ
    if (site is not None and site not in OURS) or (
        origin is not None and origin.partition("://")[2] != request.headers.get("Host")
    ):
        raise ForbiddenError("cross_site", "Only pages of this server may change something.", "Open the page here, and try again.")


def _check_content() -> None:
    has_body = request.content_length or "Transfer-Encoding" in request.headers
    if (has_body or request.method != "DELETE") and request.mimetype != "application/json":
        raise UnsupportedError(
            "not_json", f"The body of the request is {request.mimetype or 'of no stated type'}.", "Send application/json."
        )
