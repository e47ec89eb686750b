"""From text to a tree: the grammar finds the parts, the vocabulary says what they name."""

from collections.abc import Callable
from typing import Literal, TypeAlias, cast

import re2
from lark import Token, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from . import values
from .errors import FilterError
from .grammar import COMPARES, MAX_CHARACTERS, MAX_CONDITIONS, MAX_NESTED, MAX_PATTERNS, parser, plain_quotes
from .tree import (
    EVERYTHING,
    And,
    Condition,
    InAnyText,
    InNumber,
    InTag,
    Interval,
    InText,
    Measured,
    NamedTag,
    Not,
    NumberField,
    Or,
    Quantified,
    Shared,
    Text,
    TextField,
    conditions,
)
from .values import Piece
from .vocabulary import FIELDS, NUMBER_FIELDS, TEXT_FIELDS, Vocabulary

__all__ = ["PATTERN_OPTIONS", "parse", "unquoted"]

Node: TypeAlias = Tree[Token]
Part: TypeAlias = Token | Node

KEYWORDS = ("and", "or", "not")

PATTERN_OPTIONS = re2.Options()
PATTERN_OPTIONS.case_sensitive = False
PATTERN_OPTIONS.log_errors = False
PATTERN_OPTIONS.max_mem = 1 << 20


def parse(text: str, vocabulary: Vocabulary) -> Condition:
    """Read a filter.

    Raises
    ------
    FilterError
        It is none; says where and why.
    """
    if len(text) > MAX_CHARACTERS:
        reason = f"The filter has {len(text)} characters"
        raise FilterError(reason, MAX_CHARACTERS, len(text), f"It may have at most {MAX_CHARACTERS}.")
    plain = plain_quotes(text)
    try:
        found = parser().parse(plain)
    except UnexpectedInput as error:
        raise _translated(error, plain) from None
    tree = _Reader(vocabulary).condition(found.children[0], 0) if found.children else EVERYTHING
    _check_size(tree, text)
    return tree


def unquoted(quoted: str) -> str:
    """What stands between quotation marks; a backslash lets a quotation mark or another backslash stand there."""
    return quoted[1:-1].replace('\\"', '"').replace("\\\\", "\\")


class _Reader:
    """Turns what the parser found into conditions. Each level of brackets calls itself once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._readers: dict[str, Callable[[list[Part], int], Condition]] = {
            "expression": lambda parts, depth: self._joined(parts, depth, Or),
            "conjunction": lambda parts, depth: self._joined(parts, depth, And),
            "negation": lambda parts, depth: Not(self.condition(parts[1], depth)),
            "nested": lambda parts, depth: self._inside(parts[0], parts[1], depth),
            "quantified": self._quantified,
            "word": lambda parts, _: self._word(parts[0]),
            "match": self._match,
            "comparison": self._comparison,
        }

    def condition(self, part: Part, depth: int) -> Condition:
        assert isinstance(part, Tree)
        return self._readers[str(part.data)](part.children, depth)

    def _joined(self, parts: list[Part], depth: int, join: type[And] | type[Or]) -> Condition:
        found: list[Condition] = []
        for part in parts:
            read = self.condition(part, depth)
            # (a b) c is a b c
            found.extend(read.parts if isinstance(read, join) else (read,))
        return found[0] if len(found) == 1 else join(tuple(found))

    def _inside(self, bracket: Part, part: Part, depth: int) -> Condition:
        if depth >= MAX_NESTED:
            at = _start(bracket)
            raise FilterError(f"More than {MAX_NESTED} brackets stand within each other", at, at + 1, "Write fewer.")
        return self.condition(part, depth + 1)

    def _quantified(self, parts: list[Part], depth: int) -> Condition:
        which = cast(Literal["any", "all"], str(parts[0]).lower())
        return Quantified(which, self._inside(parts[1], parts[2], depth))

    def _word(self, operand: Part) -> Condition:
        if isinstance(operand, Tree):
            piece = _first(operand)
            what = f"`{piece.text}(…)` needs a sign and a value"
            hint = "Write for example share(rock>p90) >= 50%." if operand.data == "shared" else "Write for example mean(rock)>p90."
            raise FilterError(what, piece.start, piece.end, hint)
        text, piece = _text(operand), _piece(operand)
        if operand.type != "QUOTED" and text.lower() in KEYWORDS:
            raise FilterError(f"`{text}` has nothing before it", piece.start, piece.end, f'As a word to look for, write "{text}".')
        if not text.strip():
            raise FilterError("Nothing stands between the quotation marks", piece.start, piece.end, "Write a word to look for.")
        if "/" in text and '"' in text:
            raise self._lonely(piece)
        return InAnyText(text)

    def _lonely(self, piece: Piece) -> FilterError:
        return FilterError(f"`{piece.text}` needs a sign and a value", piece.start, piece.end, "Write for example >p90 behind it.")

    def _match(self, parts: list[Part], depth: int) -> Condition:
        operand, _, *given = parts
        if isinstance(operand, Tree):
            return self._read_range(operand, given, depth)
        name = _text(operand)
        field = name.lower() if operand.type == "WORD" else ""
        if field in TEXT_FIELDS:
            return InText(cast(TextField, field), tuple(_as_text(part) for part in given))
        if field in NUMBER_FIELDS:
            number = cast(NumberField, field)
            return _any_of([InNumber(number, values.of_range(number, _plain(part))) for part in given])
        tag = self._tag(operand, may_be_field=True)
        return _any_of([InTag(tag, values.of_range("tag", _plain(part))) for part in given])

    def _read_range(self, operand: Node, given: list[Part], depth: int) -> Condition:
        sort = "share" if operand.data == "shared" else "tag"
        return _any_of([self._about(operand, values.of_range(sort, _plain(part)), depth) for part in given])

    def _comparison(self, parts: list[Part], depth: int) -> Condition:
        operands, signs = parts[0::2], [COMPARES[str(sign)] for sign in parts[1::2]]
        named = [at for at, operand in enumerate(operands) if self._is_name(operand)]
        if len(named) != 1 or (len(operands) == 3 and named != [1]):
            raise _not_compared(operands, named)
        operand = operands[named[0]]
        field = _text(operand).lower() if isinstance(operand, Token) and operand.type == "WORD" else ""
        if field in TEXT_FIELDS:
            piece = _piece(cast(Token, operand))
            raise FilterError(f"`{field}` is text and has no order", piece.start, piece.end, f"Write {field}: and the text.")
        compares = []
        for at, sign in enumerate(signs):
            # a value on the left is turned round: 0.1 < rock is rock > 0.1
            if operands[at] is operand:
                compares.append((sign, _value_piece(operands[at + 1])))
            else:
                compares.append((sign.translate(str.maketrans("<>", "><")), _value_piece(operands[at])))
        if field in NUMBER_FIELDS:
            return InNumber(cast(NumberField, field), values.of_comparison(field, compares))
        sort = "share" if isinstance(operand, Tree) and operand.data == "shared" else "tag"
        return self._about(operand, values.of_comparison(sort, compares), depth)

    def _about(self, operand: Part, interval: Interval, depth: int) -> Condition:
        """A condition on a tag, or on what is measured within a track."""
        if isinstance(operand, Token):
            return InTag(self._tag(operand), interval)
        if operand.data == "shared":
            _, bracket, part, _ = operand.children
            return Shared(self._inside(bracket, part, depth), interval)
        measure, _, name, _ = operand.children
        return Measured(cast(Literal["mean", "max"], str(measure).lower()), self._tag(cast(Token, name)), interval)

    def _is_name(self, operand: Part) -> bool:
        return isinstance(operand, Tree) or operand.type == "QUOTED" or not values.is_value(str(operand))

    def _tag(self, token: Token, *, may_be_field: bool = False) -> NamedTag:
        name, piece = _text(token), _piece(token)
        found = self._vocabulary.find(name)
        if found is None:
            reason, hint = self._vocabulary.missing(name)
            if may_be_field and not hint:
                hint = f"Fields are {', '.join(FIELDS)}."
            raise FilterError(reason, piece.start, piece.end, hint)
        return found


def _not_compared(operands: list[Part], named: list[int]) -> FilterError:
    first = _first(operands[0])
    if not named:
        return FilterError(f"`{first.text}` is compared with a number", first.start, first.end, 'A tag of that name needs "…".')
    if len(named) > 1:
        second = _first(operands[named[1]])
        hint = "Compare a tag with a value, as rock>p90 or rock>0.3."
        return FilterError(f"`{second.text}` is no value", second.start, second.end, hint)
    return FilterError("The tag stands between the two values", first.start, first.end, "Write for example 0.1 < rock <= 0.4.")


def _check_size(tree: Condition, text: str) -> None:
    singles = conditions(tree)
    texts = [each for single in singles if isinstance(single, InText) for each in single.texts]
    n_conditions = len(texts) + sum(not isinstance(single, InText) for single in singles)
    n_patterns = sum(each.kind == "pattern" for each in texts)
    for n, most, what in ((n_conditions, MAX_CONDITIONS, "conditions"), (n_patterns, MAX_PATTERNS, "regular expressions")):
        if n > most:
            raise FilterError(f"The filter has {n} {what}", 0, len(text), f"It may have at most {most}.")


def _any_of(found: list[Condition]) -> Condition:
    return found[0] if len(found) == 1 else Or(tuple(found))


def _as_text(part: Part) -> Text:
    if isinstance(part, Tree):  # exact
        token = cast(Token, part.children[1])
        return Text(_checked(_text(token), token), "whole")
    if part.type == "PATTERN":
        return Text(_checked_pattern(part), "pattern")
    return Text(_checked(_text(part), part))


def _checked(text: str, token: Token) -> str:
    if not text.strip():
        piece = _piece(token)
        raise FilterError("Nothing stands between the quotation marks", piece.start, piece.end, "Write a text to look for.")
    return text


def _checked_pattern(token: Token) -> str:
    pattern, piece = str(token)[1:-1].replace("\\/", "/"), _piece(token)
    try:
        re2.compile(pattern, PATTERN_OPTIONS)
    except re2.error as error:
        why = error.args[0].decode(errors="replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        raise FilterError(
            f"`{piece.text}` is no regular expression: {why}", piece.start, piece.end, "The syntax is that of RE2."
        ) from None
    return pattern


def _plain(part: Part) -> Piece:
    if isinstance(part, Tree):
        token = cast(Token, part.children[0])
        raise FilterError("A number follows a colon without a sign", _start(token), _start(token) + 1, "Leave = out.")
    return _piece(part)


def _value_piece(operand: Part) -> Piece:
    assert isinstance(operand, Token)
    return _piece(operand)


def _text(token: Part) -> str:
    assert isinstance(token, Token)
    text = str(token)
    if token.type == "QUOTED":
        return unquoted(text)
    if token.type == "WORD" and text.endswith('"') and "/" in text:
        network, _, label = text.partition("/")
        return f"{network}/{unquoted(label)}"
    return text


def _piece(token: Token) -> Piece:
    return Piece(str(token), _start(token))


def _first(part: Part) -> Piece:
    return _piece(part) if isinstance(part, Token) else _first(part.children[0])


def _start(token: Part) -> int:
    assert isinstance(token, Token)
    return token.start_pos or 0


def _translated(error: UnexpectedInput, text: str) -> FilterError:
    """What the parser did not expect, in words."""
    at = error.pos_in_stream
    allowed: set[str] = set()
    if isinstance(error, UnexpectedToken):
        allowed = set(error.accepts or error.expected or ())
        if error.token.type == "$END":
            return _ended(text, allowed)
        at = error.token.start_pos
    elif isinstance(error, UnexpectedCharacters):
        allowed = set(error.allowed or ())
    at = min(max(at or 0, 0), max(len(text) - 1, 0))
    character = text[at : at + 1]
    if character == '"' and '"' not in text[at + 1 :]:
        return FilterError("The quotation mark is never closed", at, len(text), 'Write another " behind the name.')
    if character == ")":
        if {"WORD", "PLAIN"} & allowed and "RPAR" not in allowed:
            return FilterError("Something is missing before the bracket", at, at + 1, _may_follow(allowed))
        return FilterError("No bracket was opened before this one", at, at + 1, "Leave it out.")
    end = at + len(str(error.token)) if isinstance(error, UnexpectedToken) else at + 1
    return FilterError(f"`{text[at:end]}` does not belong here", at, end, _may_follow(allowed))


def _ended(text: str, allowed: set[str]) -> FilterError:
    at = len(text.rstrip())
    if "RPAR" in allowed:
        return FilterError("A closing bracket is missing", at, at + 1, "Write ) at the end.")
    return FilterError("Something is missing at the end", at, at + 1, _may_follow(allowed))


def _may_follow(allowed: set[str]) -> str:
    if "PLAIN" in allowed:
        return "Write a value after the colon."
    if "LPAR" in allowed:
        return "Write a word, a tag as rock>p90, a field as artist:bach, or an opening bracket."
    return "Write a value as p90 or 0.3." if "WORD" in allowed else ""
