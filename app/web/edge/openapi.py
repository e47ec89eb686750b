"""The declared addresses as an OpenAPI 3.1 document. The page of the API and the JavaScript types are written from it, too."""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from . import addresses
from .answers import Answer, Binary
from .errors import STATUS, ErrorAnswer
from .parameters import Parameters
from .routes import Route

__all__ = ["asked_schemas", "document", "schemas"]

REFERENCE = "#/components/schemas/{name}"
ERROR = {"application/json": {"schema": {"$ref": REFERENCE.format(name="ErrorAnswer")}}}

Schema = dict[str, Any]


def document(routes: Sequence[Route]) -> Schema:
    """The whole document."""
    paths: Schema = {}
    for route in routes:
        paths.setdefault(route.template, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tagscape", "version": "1", "description": "Latent and tag spaces of music. docs/api.md tells more."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": schemas(routes)},
    }


def schemas(routes: Iterable[Route]) -> Schema:
    """JSON schemas of every answer and body, and of their parts, by name."""
    kinds: dict[type[Any], None] = {ErrorAnswer: None}
    for route in routes:
        kinds |= dict.fromkeys(kind for kind in (_answer_kind(route), route.body) if kind is not None)
    _, found = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    return {name: _clean(schema) for name, schema in found.items()}


def asked_schemas(kind: type[Parameters]) -> dict[str, Schema]:
    """JSON schemas of parameters, by name. A parameter without a default is required."""
    _, found = msgspec.json.schema_components([kind])
    properties: dict[str, Schema] = found[kind.__name__]["properties"]
    return {name: _as_text(schema) for name, schema in properties.items()}


def _operation(route: Route) -> Schema:
    summary, _, more = route.description.partition("\n\n")
    operation: Schema = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}_{route.handler.__name__}",
        "summary": summary,
        "parameters": [*map(_in_path, route.variables), *_in_query(route.asked)],
        "responses": {**_good(route), **_bad(route), "default": {"description": "Another error.", "content": ERROR}},
    }
    if more:
        operation["description"] = more
    if route.body is not None:
        content = {"application/json": {"schema": {"$ref": REFERENCE.format(name=route.body.__name__)}}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _in_path(name: str) -> Schema:
    variable = addresses.VARIABLES[name]
    described: Schema = {"name": name, "in": "path", "required": True, "description": variable.meaning}
    return {**described, "schema": dict(variable.schema), "example": variable.example}


def _in_query(kind: type[Parameters]) -> Iterable[Schema]:
    for name, schema in asked_schemas(kind).items():
        described = {"name": name, "in": "query", "description": schema.pop("description"), "schema": schema}
        if "default" not in schema:
            described["required"] = True
        elif schema["default"] is None:
            del schema["default"]
        if schema.get("type") == "array":
            # one parameter with commas in it
            described |= {"style": "form", "explode": False}
        yield described


def _good(route: Route) -> Schema:
    if isinstance(route.answer, Binary):
        good = {"description": route.answer.meaning, "content": {mimetype: {} for mimetype in route.answer.mimetypes}}
        return {"200": good, **{str(status): {"description": text} for status, text in route.answer.statuses}}
    content: Schema = {"schema": {"$ref": REFERENCE.format(name=route.answer.__name__)}}
    if route.example is not None:
        content["example"] = msgspec.to_builtins(route.example)
    return {"200": {"description": inspect.getdoc(route.answer) or "", "content": {"application/json": content}}}


def _bad(route: Route) -> Schema:
    by_status = {STATUS[kind]: codes for kind, codes in route.all_errors.items()}
    return {
        str(status): {"description": ", ".join(f"`{code}`" for code in by_status[status]), "content": ERROR}
        for status in sorted(by_status)
    }


def _answer_kind(route: Route) -> type[Answer] | None:
    return route.answer.header if isinstance(route.answer, Binary) else route.answer


def _as_text(schema: Schema) -> Schema:
    """The schema of a value as it is written in an address: never null, and 0 or 1 for no or yes."""
    alternatives = [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]
    if alternatives:
        (inner,) = alternatives
        schema = {**inner, **{key: value for key, value in schema.items() if key != "anyOf"}}
    if schema.get("type") == "boolean":
        default = schema["default"]
        schema = {**schema, "type": "integer", "enum": [0, 1], "default": default if default is None else int(default)}
    return schema


def _clean(schema: Mapping[str, Any]) -> Schema:
    """Docstrings without their indentation."""
    found = dict(schema)
    if "description" in found:
        found["description"] = inspect.cleandoc(found["description"])
    return found
