"""The API's own description, for programs."""

from flask import Response, current_app
from msgspec import json

from ..edge import openapi
from ..edge.answers import Binary
from ..edge.routes import Routes, every

__all__ = ["routes"]

ANSWER = Binary(("application/json",), "An OpenAPI 3.1 document.")

_BUILT = "tagscape-openapi"

routes = Routes("api_openapi")


@routes.get("/api/openapi.json", answer=ANSWER)
def read() -> Response:
    """This API, described for programs: OpenAPI 3.1."""
    app = current_app
    if _BUILT not in app.extensions:
        app.extensions[_BUILT] = json.encode(openapi.document(every(app)))
    return Response(app.extensions[_BUILT], mimetype="application/json")
