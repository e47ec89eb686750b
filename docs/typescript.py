"""The JavaScript types of answers, from the declarations of the addresses.

Written here rather than by a generator from npm, so that a test compares them without Node.js and without a network.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from app.web.edge import openapi
from app.web.edge.routes import Route

__all__ = ["types_page"]

HEAD = "// Written by `make docs` from the addresses of the API; docs/api.md says what they mean.\n"

KINDS = {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}


def types_page(routes: Sequence[Route]) -> str:
    """The text of `app/static/js/types/api.d.ts`."""
    schemas = openapi.schemas(routes)
    titled: dict[str, str] = {}
    parts = ["\n".join(_declaration(name, schemas[name], titled)) for name in sorted(schemas)]
    return "\n".join([HEAD, *(f"{titled[name]}\n" for name in sorted(titled)), *parts])


def _declaration(name: str, schema: dict[str, Any], titled: dict[str, str]) -> Iterator[str]:
    if "enum" in schema:
        yield f"export type {name} = {_union(schema['enum'])};\n"
        return
    yield from _comment(schema, "")
    yield f"export interface {name} {{"
    for field, described in schema["properties"].items():
        yield from _comment(described, "  ")
        optional = "" if field in schema.get("required", ()) else "?"
        yield f"  {field}{optional}: {_type(described, titled)};"
    yield "}\n"


def _type(schema: dict[str, Any], titled: dict[str, str]) -> str:
    match schema:
        case {"title": title, **rest}:
            # a name for what is not an object; its own description gives way to that of a field, its $comment does not
            about = {"description": schema.get("$comment", "")}
            titled[title] = "\n".join([*_comment(about, ""), f"export type {title} = {_type(rest, titled)};"])
            return title
        case {"anyOf": alternatives}:
            return " | ".join(_type(alternative, titled) for alternative in alternatives)
        case {"$ref": reference}:
            return reference.rpartition("/")[2]
        case {"enum": values}:
            return _union(values)
        case {"prefixItems": items}:
            return f"[{', '.join(_type(item, titled) for item in items)}]"
        case {"type": "array", "items": items}:
            item = _type(items, titled)
            return f"({item})[]" if " | " in item else f"{item}[]"
        case {"additionalProperties": values}:
            return f"Record<string, {_type(values, titled)}>"
        case {"type": kind}:
            return KINDS[kind]
    raise ValueError(f"No type for {schema}.")


def _comment(schema: dict[str, Any], indent: str) -> Iterator[str]:
    description = schema.get("description") or next(
        (part["description"] for part in schema.get("anyOf", ()) if "description" in part), None
    )
    if description:
        yield f"{indent}/** {' '.join(description.split())} */"


def _union(values: Sequence[str]) -> str:
    return " | ".join(f'"{value}"' for value in values)
