"""The page of the HTTP API, from the declarations of its addresses; what no address can say alone is told here."""

import json
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
from flask import Flask

from app.web.edge import addresses, openapi
from app.web.edge.answers import Binary
from app.web.edge.errors import STATUS
from app.web.edge.routes import Route, description, every
from app.web.edge.security import HEADERS
from app.web.pages.views import VIEWS, Received

__all__ = ["api_page"]

INTRODUCTION = """\
# The HTTP API

Written by `make docs` from the addresses themselves; `GET /api/openapi.json` says the same to programs.

Everything the map shows comes from these addresses; use them from your own programs as well. Reading with `GET` changes nothing.

**Errors** have one shape everywhere, with the status of their kind:

```json
{"error": {"code": "no_features", "message": "Nothing has been extracted for msd-vgg/embeddings.",
           "hint": "Run: flask extract-all --networks msd-vgg"}}
```
"""

AFTER_THE_KINDS = """\
Each address lists the codes of its own errors. Every address that reads the collection can also answer what is wrong with the
database or the disk; [Errors](errors.md) lists all codes. An address that does not exist is `404 not_found`, a method that an
address does not take `405 method_not_allowed`. A fault of the server is `500 internal_server_error` and tells no more; the
server's log does.

**Rows.** A network's segments are numbered from 0: the *row*. The segments of a track follow each other in time, and both layers
of a network share their rows. A row keeps its segment when tracks are added or removed. Points, and `GET /api/collection`, tell
the *revision* they were read at: give it with a row, and you get `409 stale_revision` instead of another segment once that
segment is gone, or all have other numbers because the network itself was replaced.

**Requests that change something** (`POST`, `PUT`, `DELETE`) send JSON, at most 1 MiB. They are refused with `403 cross_site` when
a page of another site sends them, as the browser says in `Sec-Fetch-Site` or `Origin`; programs that send neither need nothing
more. A proxy in front has to hand on `Host` as it came.

**Names.** The server answers under `localhost`, under addresses written as numbers (`192.168.1.20`, `[::1]`), and under the
names of the setting `TRUSTED_HOSTS`, for example `music.example, .family.example` (a name, and all names below another). Whatever
is asked under another name, page, data, script or sound, is refused with `403 untrusted_host`: the owner of
another site could otherwise let its name point to this machine, and read everything (DNS rebinding).

**Headers.** Every answer carries those that keep a page to itself: {headers}. Text is packed with brotli or gzip for those who can
read it.
"""

PAGES = """\
# Pages and their files

A page is rendered from its template, which extends `templates/base.html`, and filled by its script. Links between pages exchange
`<main>`; what is outside it belongs to no page. Every template receives

| Name | Meaning |
|---|---|"""

FILES = """\
## GET /assets/{content}/{name}

Scripts and styles, from `app/static`. `content` is a hash of all of them, so browsers keep them for good; modules find each other
by relative imports. Templates write `{{ asset("favicon.svg") }}`. With `flask run --debug` browsers ask each time.

## GET /assets/{content}/joined/{names}

One of the scripts with all that it imports, or style sheets with `+` between their names, as one file: a page asks for two files
instead of a hundred and fifty. Templates write `{{ script("js/shell.js") }}` and `styles(…)`; with `flask run --debug` these name
the files one by one.

## GET /static/{filename}

The same files at an address that stays; browsers ask whether they changed.

## GET /bokehjs/{release}/{name}

BokehJS of the installed package: `bokeh.min.js` of the release that the address names.
"""


def api_page(app: Flask) -> str:
    """The text of `docs/api.md`."""
    routes = every(app)
    schemas = openapi.schemas(routes)
    parts = [INTRODUCTION, "| Kind | Status |\n|---|---|", *(f"| {kind} | {status} |" for kind, status in STATUS.items()), ""]
    parts += [AFTER_THE_KINDS.format(headers=", ".join(f"`{name}`" for name in HEADERS)), "# Addresses\n"]
    for route in routes:
        parts += _address(route)
    parts.append("# Types\n")
    for name in sorted(schemas):
        parts += _type(name, schemas[name])
    return "\n".join([*parts, *_pages(app), FILES])


def _pages(app: Flask) -> Iterator[str]:
    yield PAGES
    for name, kind in get_type_hints(Received, include_extras=True).items():
        (described,) = get_args(kind)[1:]
        yield f"| `{name}` | {described.description} |"
    yield ""
    handlers = {rule.rule: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    for view in VIEWS:
        yield f"## GET {view.path}\n"
        yield f"{description(handlers[view.path])} From `templates/{view.name}.html` and `static/js/pages/{view.name}/page.js`.\n"


def _address(route: Route) -> Iterator[str]:
    yield f"## {route.method} {route.template}\n"
    yield f"{route.description}\n"
    asked = openapi.asked_schemas(route.asked)
    if route.variables or asked:
        yield "| Parameter | Values | Default | Meaning |\n|---|---|---|---|"
        for name in route.variables:
            variable = addresses.VARIABLES[name]
            meaning = f"{variable.meaning} For example `{variable.example}`."
            yield f"| `{name}` | {_values(dict(variable.schema))} | in the path | {meaning} |"
        for name, schema in asked.items():
            yield f"| `{name}` | {_values(schema)} | {_default(schema)} | {schema['description']} |"
        yield ""
    if route.body is not None:
        yield f"Send {_link(route.body.__name__)} as JSON.\n"
    yield from _answer(route)
    by_status = {STATUS[kind]: codes for kind, codes in route.all_errors.items()}
    errors = (f"{status} " + ", ".join(f"`{code}`" for code in by_status[status]) for status in sorted(by_status))
    yield f"Errors: {'; '.join(errors)}.\n"


def _answer(route: Route) -> Iterator[str]:
    example = None if route.example is None else json.dumps(msgspec.to_builtins(route.example), ensure_ascii=False)
    if isinstance(route.answer, Binary):
        yield f"Answers {', '.join(f'`{mimetype}`' for mimetype in route.answer.mimetypes)}. {route.answer.meaning}\n"
        for status, meaning in route.answer.statuses:
            yield f"`{status}`: {meaning}\n"
        if route.answer.header is not None:
            yield f"The header is a {_link(route.answer.header.__name__)}{':' if example else '.'}\n"
    else:
        yield f"Answers {_link(route.answer.__name__)}{':' if example else '.'}\n"
    if example is not None:
        yield f"```json\n{example}\n```\n"


def _type(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}\n"
    if "enum" in schema:
        yield f"One of: {', '.join(f'`{value}`' for value in schema['enum'])}.\n"
        return
    yield f"{schema['description']}\n"
    yield "| Field | Type | Meaning |\n|---|---|---|"
    for field, described in schema["properties"].items():
        yield f"| `{field}` | {_kind(described)} | {_meaning(described)} |"
    yield ""


def _kind(schema: dict[str, Any]) -> str:
    match schema:
        case {"anyOf": alternatives}:
            return " or ".join(_kind(alternative) for alternative in alternatives)
        case {"$ref": reference}:
            return _link(reference.rpartition("/")[2])
        case {"enum": values}:
            return " or ".join(f"`{value}`" for value in values)
        case {"prefixItems": items}:
            return f"list of {len(items)} numbers"
        case {"type": "array", "items": items}:
            return f"list of {_kind(items)}"
        case {"additionalProperties": values}:
            return f"{_kind(values)} by name"
        case {"type": kind}:
            return {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(kind, kind)
    raise ValueError(f"No words for {schema}.")


def _meaning(schema: dict[str, Any]) -> str:
    return schema.get("description") or next((_meaning(part) for part in schema.get("anyOf", ()) if _meaning(part)), "")


def _values(schema: dict[str, Any]) -> str:
    match schema:
        case {"enum": values}:
            return " or ".join(f"`{value}`" for value in values)
        case {"type": "integer", "minimum": low, "maximum": high}:
            return f"{low} to {high}" if high < addresses.LARGEST else f"{low} or more"
        case {"prefixItems": items}:
            return f"{len(items)} numbers with commas between"
        case {"type": "array", "items": items, "maxItems": most}:
            return f"at most {most} with commas between, each {_values(items)}"
        case {"type": "string"}:
            return "text"
        case {"type": "number"}:
            return "number"
    raise ValueError(f"No words for {schema}.")


def _default(schema: dict[str, Any]) -> str:
    if "default" not in schema:
        return "required"
    return "" if schema["default"] is None else f"{schema['default']}"


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"
