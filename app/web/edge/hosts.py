"""Under which names requests are answered.

A page whose name is made to point at this machine (DNS rebinding) looks to browsers like one of ours, and could read everything. So
the name itself has to be trusted: one of TRUSTED_HOSTS, or one that no name server answers for, which are `localhost` and addresses
written as numbers.
"""

import ipaddress
import re
from collections.abc import Sequence

from flask import Flask, current_app, request

from .errors import ForbiddenError

__all__ = ["init_app"]

_TRUSTED = "tagscape-trusted-hosts"

_HOST = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<name>[^:\[\]]*))(?::\d{1,5})?")
"""A name or an address, and its port."""


def init_app(app: Flask) -> None:
    """Refuse every request under another name, whatever it asks for."""
    # Flask's own list knows neither all addresses nor IPv6: the one here takes its place
    app.extensions[_TRUSTED] = tuple(app.config["TRUSTED_HOSTS"])
    app.config["TRUSTED_HOSTS"] = None
    app.before_request(_check)


def _check() -> None:
    # as it was sent: where Flask finds it malformed, it takes it for none
    host = request.headers.get("Host", request.host)
    if not _is_trusted(host, current_app.extensions[_TRUSTED]):
        raise ForbiddenError(
            "untrusted_host", f"This server does not answer under the name {host!r}.", "Add it to the setting TRUSTED_HOSTS."
        )


def _is_trusted(host: str, trusted: Sequence[str]) -> bool:
    found = _HOST.fullmatch(host.lower())
    if found is None:
        return False
    name = found["v6"] if found["name"] is None else found["name"]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        names = ("localhost", ".localhost", *trusted)
        return any(name.endswith(each) if each.startswith(".") else name == each for each in names)
    return True
