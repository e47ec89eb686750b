"""The grammar. Errors and completion both come from it: from what the parser would take next."""

from functools import cache

from lark import Lark

__all__ = ["COMPARES", "MAX_CHARACTERS", "MAX_CONDITIONS", "MAX_NESTED", "MAX_PATTERNS", "PLAIN_WORD", "parser", "plain_quotes"]

MAX_CHARACTERS = 2000
"""A filter is part of an address, and addresses end at some thousand characters."""

MAX_NESTED = 30
"""Brackets within brackets."""

MAX_CONDITIONS = 100
"""Each text of a field counts: `artist:bach|brahms` are two."""

MAX_PATTERNS = 10
"""A regular expression takes a quarter of a second to go through a hundred thousand titles."""

PLAIN_WORD = r"[^\s()\":<>=|≤≥\/-][^\s()\":<>=|≤≥]*"

GRAMMAR = r"""
start: expression?
expression: conjunction (_OR conjunction)*
conjunction: _term (_AND? _term)*
_term: negation | _atom
negation: (MINUS | NOT) _atom
_atom: nested | word | match | comparison | quantified
nested: LPAR expression RPAR
word: _operand
match: _operand COLON _value (_PIPE _value)*
comparison: _operand COMPARE _operand (COMPARE _operand)?
quantified: QUANTIFIER LPAR expression RPAR

_operand: WORD | QUOTED | TIME | measured | shared
measured: MEASURE LPAR (WORD | QUOTED) RPAR
shared: SHARE LPAR expression RPAR
_value: PATTERN | exact | QUOTED | PLAIN
exact: EXACTLY (QUOTED | PLAIN)

_OR.4: /or(?![^\s()":<>=≤≥])/i
_AND.4: /and(?![^\s()":<>=≤≥])/i
NOT.4: /not(?![^\s()":<>=≤≥])/i
QUANTIFIER.4: /(any|all)(?=\s*\()/i
MEASURE.4: /(mean|max)(?=\s*\()/i
SHARE.4: /share(?=\s*\()/i
TIME.3: /\d+(:\d\d){1,2}(\.\d+)?(?![^\s()"<>=≤≥])/
COMPARE: "<=" | ">=" | "<" | ">" | "=" | "≤" | "≥"
COLON: ":"
LPAR: "("
RPAR: ")"
MINUS: "-"
_PIPE: "|"
QUOTED.3: /"(?:\\.|[^"\\])*"/
WORD: /(?:__PLAIN_WORD__)(?:(?<=\/)"(?:\\.|[^"\\])*")?/
EXACTLY.3: "="
PATTERN.3: /\/(?:\\.|[^\/\\])+\/(?=[\s()|]|$)/
PLAIN: /[^\s()"|]+/

%ignore /\s+/
""".replace("__PLAIN_WORD__", PLAIN_WORD)

COMPARES = {"<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">=", "=": "="}

_QUOTES = str.maketrans("“”„‟", '""""')


@cache
def parser() -> Lark:
    """The parser, built once."""
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False)


def plain_quotes(text: str) -> str:
    """The text with the quotation marks that phones write as those of a keyboard; its columns stay the same."""
    return text.translate(_QUOTES)
