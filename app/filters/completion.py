"""What may be written at a place of a filter, asked of the parser itself."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lark import Token, UnexpectedInput

from .grammar import MAX_CHARACTERS, parser, plain_quotes
from .reading import unquoted
from .vocabulary import FIELD_NOTES, TEXT_FIELDS, Vocabulary

__all__ = ["Candidate", "Expected", "Kind", "expected"]

Kind: TypeAlias = Literal["field", "tag", "value", "function", "keyword"]

PARTIAL = re.compile(r'(?:[^\s()":<>=|≤≥]*/)?"(?:\\.|[^"\\])*$|(?:[^\s()":<>=|≤≥-][^\s()":<>=|≤≥]*)?$')
"""What is being written at the end of a text: a word, or a name whose quotation mark is still open."""

PARTIAL_VALUE = re.compile(r'=?"(?:\\.|[^"\\])*$|[^\s()"|]*$')

PERCENTILES = {"p50": "half are above", "p75": "a quarter is above", "p90": "a tenth is above", "p99": "a hundredth is above"}
TAG_VALUES = {"top10%": "the strongest tenth", "top1%": "the strongest hundredth", "p50..p90": "between two percentiles"}
SHARES = {"50%": "of the track", "90%": "of the track"}
FUNCTIONS = {
    "any(": "a segment of the track",
    "all(": "every segment of the track",
    "share(": "how many of the track's segments",
    "mean(": "of a tag in the track",
    "max(": "of a tag in the track",
}
N_TAGS = 8


@dataclass(frozen=True)
class Candidate:
    """Something that may be written.

    text : what to write in place of what stands there
    note : what it means
    """

    kind: Kind
    text: str
    note: str = ""


@dataclass(frozen=True)
class Expected:
    """What may be written at a place.

    start, end : the characters that a candidate replaces
    word : what stands there so far, without quotation marks
    field : the text field whose values may be written, which the vocabulary does not know; else None
    takes_words : whether a word to look for may stand there
    """

    start: int
    end: int
    word: str
    field: str | None
    takes_words: bool
    candidates: tuple[Candidate, ...]


def expected(text: str, cursor: int, vocabulary: Vocabulary) -> Expected:
    """What may be written at a place of a filter: nothing where what stands before is wrong."""
    before = plain_quotes(text[: max(cursor, 0)])
    nothing = Expected(cursor, cursor, "", None, False, ())
    if len(before) > MAX_CHARACTERS:
        return nothing
    for pattern in (PARTIAL_VALUE, PARTIAL):
        found = pattern.search(before)
        start = found.start() if found else len(before)
        try:
            state = parser().parse_interactive(before[:start])
            tokens = list(state.exhaust_lexer())
        except UnexpectedInput:
            continue
        accepted: set[str] = state.accepts()  # type: ignore[no-untyped-call]  # the library leaves it without types
        # a value may hold what ends a word: 4:30, so it is tried first
        if pattern is PARTIAL_VALUE and "PLAIN" not in accepted:
            continue
        word = before[start:]
        end = start + len(word)
        if "PLAIN" in accepted:
            return _values(tokens, start, end, word)
        return _names(tokens, accepted, start, end, word, vocabulary)
    return nothing


def _values(tokens: list[Token], start: int, end: int, word: str) -> Expected:
    """After a colon."""
    name = _before_colon(tokens)
    plain = word.lstrip("=").strip('"')
    if name in TEXT_FIELDS:
        return Expected(start, end, plain, name, False, ())
    known = {"": SHARES}.get(name, TAG_VALUES) if name not in FIELD_NOTES else {}
    return Expected(start, end, plain, None, False, tuple(_starting(known, plain, "value")))


def _names(tokens: list[Token], accepted: set[str], start: int, end: int, word: str, vocabulary: Vocabulary) -> Expected:
    plain = word.replace('"', "") if word.endswith('"') or '"' not in word else word.replace('"', "", 1)
    found: list[Candidate] = []
    after_sign = bool(tokens) and tokens[-1].type == "COMPARE"
    if after_sign:
        found += _starting(SHARES if _is_about_share(tokens) else PERCENTILES, plain, "value")
    elif "WORD" in accepted:
        in_measure = bool(tokens) and len(tokens) > 1 and tokens[-2].type == "MEASURE"
        ending = "" if in_measure else ">p90"
        found += [Candidate("tag", f"{name}{ending}", note) for name, note in _tags(plain, vocabulary)]
        if not in_measure:
            found += [Candidate("field", f"{field}:", note) for field, note in FIELD_NOTES.items() if _begins(field, plain)]
            found += _starting(FUNCTIONS, plain, "function")
            if plain and {"_OR", "OR"} & accepted:
                found += _starting({"or": "one or the other", "and": "both"}, plain, "keyword")
    return Expected(start, end, plain, None, not after_sign and "WORD" in accepted, tuple(found))


def _tags(word: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """(how a filter writes it, whose it is) of tags that begin with a word, or have one that does."""
    network, slash, rest = word.partition("/")
    if slash and network in vocabulary.tags:
        return [
            (_written(f"{network}/{label}"), vocabulary.titles.get(network, network))
            for label in _holding(rest, vocabulary, network)
        ]
    return [(_written(label), vocabulary.title) for label in _holding(word, vocabulary, vocabulary.network)]


def _holding(word: str, vocabulary: Vocabulary, network: str) -> list[str]:
    wanted = word.casefold()
    labels = vocabulary.tags.get(network, ())
    first = [label for label in labels if label.casefold().startswith(wanted)]
    others = [label for label in labels if label not in first and f" {wanted}" in label.casefold()] if wanted else []
    return (first + others)[:N_TAGS]


def _written(name: str) -> str:
    return name if re.fullmatch(r"[^\s()\":<>=|≤≥-][^\s()\":<>=|≤≥]*", name) else f'"{name}"'


def _starting(known: dict[str, str], word: str, kind: Kind) -> list[Candidate]:
    return [Candidate(kind, text, note) for text, note in known.items() if _begins(text, word)]


def _begins(text: str, word: str) -> bool:
    return text.casefold().startswith(word.casefold()) and text != word


def _before_colon(tokens: list[Token]) -> str:
    """The name whose values are being written; empty for a share."""
    for at in range(len(tokens) - 1, 0, -1):
        if tokens[at].type == "COLON":
            named = tokens[at - 1]
            text = str(named)
            return "" if named.type == "RPAR" else unquoted(text) if named.type == "QUOTED" else text.lower()
    return ""


def _is_about_share(tokens: list[Token]) -> bool:
    """Whether the sign at the end follows the closing bracket of a share."""
    depth = 0
    for at in range(len(tokens) - 2, 0, -1):
        depth += {"RPAR": 1, "LPAR": -1}.get(tokens[at].type, 0)
        if depth == 0:
            return tokens[at - 1].type == "SHARE"
    return False
