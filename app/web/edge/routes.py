"""One declaration per address, from which requests are read and checked, answers encoded, and documents and types written.

A handler's annotations say what it takes and gives:

    routes = Routes("api_segments")

    @routes.get("/api/segments/<network>/<number:row>", errors={"not_found": ("no_row",)}, example=SEGMENT)
    def one(asked: Asked, network: str, row: int) -> Segment:
        \"\"\"One segment: what plays, and what the network calls it.\"\"\"

`asked` is a struct of parameters, `body` one of what a changing request sends; the others are the variables of the address. The
docstring is its description.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast, get_args, get_type_hints

from flask import Blueprint, Flask, Response, request

from . import addresses, changing, parameters
from .answers import Answer, Binary, as_json
from .parameters import Parameters

__all__ = ["Errors", "Route", "Routes", "description", "every"]

Handler = TypeVar("Handler", bound=Callable[..., object])
Errors = Mapping[str, tuple[str, ...]]
"""Codes of errors by kind."""

_DECLARED = "tagscape-routes"


class NoParameters(Parameters):
    """Nothing can be asked for."""


@dataclass(frozen=True)
class Route:
    """An address as it was declared.

    Parameters
    ----------
    asked : type of Parameters
    body : type or None
        The struct of what is sent with the request.
    answer : type of Answer, or Binary
    errors : Errors
        Those of the handler itself; `all_errors` has those of reading the request, too.
    example : Answer or None
    cache_control : str or None
        How long browsers may keep the answer; None: the handler says, or they ask every time.
    """

    method: str
    rule: str
    handler: Callable[..., object]
    asked: type[Parameters]
    body: type[Any] | None
    answer: type[Answer] | Binary
    errors: Errors = field(default_factory=dict)
    example: Answer | None = None
    cache_control: str | None = None

    @property
    def template(self) -> str:
        """The address as documents write it."""
        return addresses.template(self.rule)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of the address."""
        return addresses.variables(self.rule)

    @property
    def description(self) -> str:
        """What the handler's docstring says."""
        return description(self.handler)

    @property
    def all_errors(self) -> Errors:
        """Codes of errors by kind: of the handler, and of reading what is asked for."""
        found: dict[str, tuple[str, ...]] = {"invalid": ("unknown_parameter", *parameters.errors(self.asked))}
        if "layer" in self.variables:
            found["invalid"] += ("invalid_space",)
        if self.variables:
            found["not_found"] = ("not_found",)
        if self.body is not None:
            found["invalid"] += ("invalid_body",)
        if changing.is_guarded(self.handler):
            found |= changing.ERRORS
        return {kind: (*found.get(kind, ()), *self.errors.get(kind, ())) for kind in {**found, **self.errors}}


class Routes:
    """The addresses of one concern. `name` is that of their blueprint."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name, __name__)
        self.declared: list[Route] = []

    def get(
        self,
        rule: str,
        *,
        answer: Binary | None = None,
        errors: Errors | None = None,
        example: Answer | None = None,
        cache_control: str | None = None,
    ) -> Callable[[Handler], Handler]:
        """Declare an address that is read; `answer` where the handler's return annotation does not tell it."""
        return self._declare("GET", rule, answer, errors=errors or {}, example=example, cache_control=cache_control)

    def change(
        self, method: str, rule: str, *, errors: Errors | None = None, example: Answer | None = None
    ) -> Callable[[Handler], Handler]:
        """Declare an address that changes something; its handler has to be guarded by `changing.same_origin`."""
        return self._declare(method, rule, None, errors=errors or {}, example=example, cache_control="no-store")

    def init_app(self, app: Flask) -> None:
        """Serve the addresses."""
        app.register_blueprint(self.blueprint)
        app.extensions.setdefault(_DECLARED, []).extend(self.declared)

    def _declare(self, method: str, rule: str, answer: Binary | None, **facts: Any) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            if method not in changing.READING and not changing.is_guarded(handler):
                raise TypeError(f"{method} {rule} changes something: put @same_origin between its declaration and its handler.")
            hints = get_type_hints(handler)
            asked, answered = hints.get("asked", NoParameters), answer or _answer_of(hints["return"])
            route = Route(method, rule, handler, asked, hints.get("body"), answered, **facts)
            self.declared.append(route)
            self.blueprint.add_url_rule(rule, handler.__name__, _view(route, "asked" in hints), methods=[method])
            return handler

        return declare


def description(handler: Callable[..., object]) -> str:
    """The docstring of a handler, its paragraphs on one line each."""
    paragraphs = (handler.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def every(app: Flask) -> Sequence[Route]:
    """Every declared address of an application."""
    return tuple(app.extensions[_DECLARED])


def _answer_of(returned: Any) -> type[Answer]:
    """The struct that a handler gives; one that may also give a response, where nothing has changed, says `Struct | Response`."""
    given = [kind for kind in get_args(returned) if kind is not Response]
    return cast(type[Answer], given[0] if given else returned)


def _view(route: Route, takes_parameters: bool) -> Callable[..., Response]:
    """What Flask calls: reads the request, calls the handler, encodes its answer."""
    handler: Callable[..., Any] = inspect.unwrap(route.handler)
    read = parameters.reader(route.asked)
    read_body = None if route.body is None else changing.body_reader(route.body)

    def view(**variables: Any) -> Response:
        asked = read(request.args)
        if takes_parameters:
            variables["asked"] = asked
        if read_body is not None:
            variables["body"] = read_body()
        answer = handler(**variables)
        response = answer if isinstance(answer, Response) else as_json(answer)
        if route.cache_control is not None:
            response.headers["Cache-Control"] = route.cache_control
        return response

    # the guard stands before the reading of what was sent
    return changing.same_origin(view) if changing.is_guarded(route.handler) else view
