"""The filter language: what it reads, what it refuses and where, and what may follow."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.filters import FilterError, Vocabulary, expected, parse, write
from app.filters.grammar import MAX_CHARACTERS, MAX_CONDITIONS, MAX_NESTED, MAX_PATTERNS
from app.filters.tree import (
    EVERYTHING,
    And,
    Bound,
    Condition,
    InAnyText,
    InNumber,
    InTag,
    Interval,
    InText,
    Measured,
    NamedTag,
    Not,
    Or,
    Quantified,
    Shared,
    Text,
)

MSD = (
    "rock",
    "pop",
    "female vocalists",
    "80s",
    "Hip-Hop",
    "ambient",
    "chillout",
    "p90",
    "title",
    "any",
    "0.5",
    "-odd/one",
    'a "b" \\c',
)
VOCABULARY = Vocabulary(
    "msd-musicnn",
    {"msd-musicnn": MSD, "mtt-musicnn": ("rock", "female voice", "no beat")},
    {"msd-musicnn": "MSD MusiCNN", "mtt-musicnn": "MTT MusiCNN"},
)
ROCK = NamedTag("msd-musicnn", "rock")
P90 = Bound(0.9, is_percentile=True, is_included=False)
LOUD = InTag(ROCK, Interval(low=P90))

READ: dict[str, Condition] = {
    "": EVERYTHING,
    "  ": EVERYTHING,
    "rock": InAnyText("rock"),
    '"dark side"': InAnyText("dark side"),
    '"and"': InAnyText("and"),
    "Wham! & friends": And((InAnyText("Wham!"), InAnyText("&"), InAnyText("friends"))),
    "rock>p90": LOUD,
    "rock > p90": LOUD,
    "p90 < rock": LOUD,
    "rock:top10%": LOUD,
    "mean(rock)>p90": Measured("mean", ROCK, Interval(low=P90)),
    "MAX(rock):top10%": Measured("max", ROCK, Interval(low=P90)),
    "rock:bottom10%": InTag(ROCK, Interval(high=Bound(0.1, is_percentile=True))),
    "rock≥0.3": InTag(ROCK, Interval(low=Bound(0.3))),
    "0.1 < rock <= 0.4": InTag(ROCK, Interval(Bound(0.1, is_included=False), Bound(0.4))),
    "0.4 >= rock > 0.1": InTag(ROCK, Interval(Bound(0.1, is_included=False), Bound(0.4))),
    "rock:p50..p90": InTag(ROCK, Interval(Bound(0.5, is_percentile=True), Bound(0.9, is_percentile=True))),
    '"female vocalists">p90': InTag(NamedTag("msd-musicnn", "female vocalists"), Interval(low=P90)),
    "“female vocalists”>p90": InTag(NamedTag("msd-musicnn", "female vocalists"), Interval(low=P90)),
    "female-vocalists>p90": InTag(NamedTag("msd-musicnn", "female vocalists"), Interval(low=P90)),
    "hip-hop>p90": InTag(NamedTag("msd-musicnn", "Hip-Hop"), Interval(low=P90)),
    "80s>p90": InTag(NamedTag("msd-musicnn", "80s"), Interval(low=P90)),
    '"p90">p90': InTag(NamedTag("msd-musicnn", "p90"), Interval(low=P90)),
    '"title">p90': InTag(NamedTag("msd-musicnn", "title"), Interval(low=P90)),
    "mtt-musicnn/rock>p90": InTag(NamedTag("mtt-musicnn", "rock"), Interval(low=P90)),
    'mtt-musicnn/"female voice">p90': InTag(NamedTag("mtt-musicnn", "female voice"), Interval(low=P90)),
    "year:2000..2010": InNumber("year", Interval(Bound(2000), Bound(2010))),
    "year:2000..": InNumber("year", Interval(Bound(2000), None)),
    "year=2000": InNumber("year", Interval(Bound(2000), Bound(2000))),
    "1999<year": InNumber("year", Interval(low=Bound(1999, is_included=False))),
    "year:1999|2001": Or(
        (InNumber("year", Interval(Bound(1999), Bound(1999))), InNumber("year", Interval(Bound(2001), Bound(2001))))
    ),
    "length:..4:30": InNumber("length", Interval(high=Bound(271, is_included=False))),
    "length<4:30": InNumber("length", Interval(high=Bound(270, is_included=False))),
    "1:00:00 < length": InNumber("length", Interval(low=Bound(3600, is_included=False))),
    "start:0:30..1:00": InNumber("start", Interval(Bound(30), Bound(61, is_included=False))),
    "artist:bach": InText("artist", (Text("bach"),)),
    "artist: bach": InText("artist", (Text("bach"),)),
    "artist:and": InText("artist", (Text("and"),)),
    'artist:="J. S. Bach"|brahms': InText("artist", (Text("J. S. Bach", "whole"), Text("brahms"))),
    "title:/^the/": InText("title", (Text("^the", "pattern"),)),
    "file:/music/bach": InText("file", (Text("/music/bach"),)),
    "genre:jazz|blues": InText("genre", (Text("jazz"), Text("blues"))),
    "-artist:bach": Not(InText("artist", (Text("bach"),))),
    "not rock>p90": Not(LOUD),
    "rock>p90 pop": And((LOUD, InAnyText("pop"))),
    "rock>p90 AND pop": And((LOUD, InAnyText("pop"))),
    "a b or c": Or((And((InAnyText("a"), InAnyText("b"))), InAnyText("c"))),
    "a (b or c)": And((InAnyText("a"), Or((InAnyText("b"), InAnyText("c"))))),
    "(a (b c))": And((InAnyText("a"), InAnyText("b"), InAnyText("c"))),
    "any(rock>p90)": Quantified("any", LOUD),
    "all(rock>p90 or pop)": Quantified("all", Or((LOUD, InAnyText("pop")))),
    "any": InAnyText("any"),
    "share(rock>p90) >= 50%": Shared(LOUD, Interval(low=Bound(0.5))),
    "50% <= share(rock>p90)": Shared(LOUD, Interval(low=Bound(0.5))),
    "share(rock>p90):20%..": Shared(LOUD, Interval(low=Bound(0.2))),
}

REFUSED = {
    "vocal>p90": (1, "`vocal` is no tag of MSD MusiCNN (column 1).", 'Did you mean "female vocalists"?'),
    "  rokc>p90": (3, "`rokc` is no tag of MSD MusiCNN (column 3).", "Did you mean rock?"),
    "mtt-musicnn/rick>p9": (1, "`rick` is no tag of MTT MusiCNN (column 1).", "Did you mean mtt-musicnn/rock?"),
    "mtt-musicn/rock>p9": (1, "`mtt-musicn` is no network with tags (column 1).", "Did you mean mtt-musicnn?"),
    "qqqq:1": (1, "`qqqq` is no tag of MSD MusiCNN (column 1).", "Fields are title, artist"),
    "and rock>p90": (1, "`and` has nothing before it (column 1).", 'write "and"'),
    "rock>p90 and": (13, "Something is missing at the end (column 13).", "Write a word"),
    "year:2000...2010": (10, "A range has two dots (column 10).", "Write 2000..2010."),
    "year:2010..2000": (6, "The range ends before it begins (column 6).", "Write 2000..2010."),
    "year:..": (6, "The range has no ends (column 6).", "1990..1999"),
    "year:abc": (6, "`abc` is no value of `year` (column 6).", "Write a year"),
    "year:2000.5": (6, "`2000.5` is no value of `year` (column 6).", "Write a year"),
    "rock>": (6, "Something is missing at the end (column 6).", "Write a value as p90 or 0.3."),
    "artist:": (8, "Something is missing at the end (column 8).", "Write a value after the colon."),
    "rock>40%": (6, "`40%` is no value of a tag (column 6).", "Write p40"),
    "rock>7": (6, "Activations go from 0 to 1, not to 7 (column 6).", "Write a value"),
    "rock>p101": (6, "`p101` is more than all (column 6).", "up to 100"),
    "rock>pop": (6, "`pop` is no value (column 6).", "Compare a tag"),
    "rock>0.1>0.2": (1, "The tag stands between the two values (column 1).", "0.1 < rock"),
    "0.1<rock>0.2": (10, "Both signs bound the same side (column 10).", "0.1 < rock"),
    "0.5 < rock = 0.3": (14, "An equals sign bounds both sides (column 14).", "0.1 < rock"),
    "0.3 = rock <= 0.5": (1, "An equals sign bounds both sides (column 1).", "0.1 < rock"),
    "zzzzzz/rock>p9": (1, "`zzzzzz` is no network with tags (column 1).", "Networks with tags are msd-musicnn, mtt-musicnn."),
    "0.1<0.2": (1, "`0.1` is compared with a number (column 1).", "needs"),
    "artist>3": (1, "`artist` is text and has no order (column 1).", "artist:"),
    "title:/(a/": (7, "`/(a/` is no regular expression: missing ): (a (column 7).", "RE2"),
    r"title:/(a)\1/": (7, r"`/(a)\1/` is no regular expression: invalid escape sequence: \1 (column 7).", "RE2"),
    "share(rock>p90)": (1, "`share(…)` needs a sign and a value (column 1).", "50%"),
    "mean(rock)": (1, "`mean(…)` needs a sign and a value (column 1).", "mean(rock)>p90"),
    "(rock": (6, "A closing bracket is missing (column 6).", "Write )"),
    "rock)": (5, "No bracket was opened before this one (column 5).", "Leave it out."),
    "()": (2, "Something is missing before the bracket (column 2).", "Write a word"),
    '"abc': (1, "The quotation mark is never closed (column 1).", 'another "'),
    '""': (1, "Nothing stands between the quotation marks (column 1).", "Write a word"),
    "a | b": (3, "`|` does not belong here (column 3).", "Write a word"),
    "--a": (2, "`-a` does not belong here (column 2).", "Write a word"),
}


@pytest.mark.parametrize("text", READ)
def test_a_filter_says_this(text: str) -> None:
    assert parse(text, VOCABULARY) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_filter_is_refused_with_the_place_the_reason_and_a_suggestion(text: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text, VOCABULARY)
    column, message, hint = REFUSED[text]
    assert (refused.value.start + 1, refused.value.message) == (column, message)
    assert hint in refused.value.hint
    assert refused.value.start < refused.value.end


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * (MAX_CHARACTERS + 1), "characters"),
        ("a " * 5000, "characters"),
        ("(" * 200 + "a" + ")" * 200, "brackets"),
        ("(" * (MAX_NESTED + 1) + "a" + ")" * (MAX_NESTED + 1), "brackets"),
        ("any(" * 200 + "a" + ")" * 200, "brackets"),
        ("share(" * 200 + "a" + ")>0" * 200, "brackets"),
        ("(" * 1500, "bracket"),
        ("-(" * 600 + "a" + ")" * 600, "brackets"),
        ("a " * (MAX_CONDITIONS + 1), "conditions"),
        ("title:" + "|".join("a" * (MAX_CONDITIONS + 1)), f"{MAX_CONDITIONS + 1} conditions"),
        ("title:" + "|".join(["/a/"] * (MAX_PATTERNS + 1)), f"{MAX_PATTERNS + 1} regular expressions"),
    ],
)
def test_what_is_too_much_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(FilterError, match=reason):
        parse(text, VOCABULARY)


def test_as_many_brackets_as_may_stand_are_read() -> None:
    assert parse("(" * MAX_NESTED + "a" + ")" * MAX_NESTED, VOCABULARY) == InAnyText("a")


def test_an_expression_that_explodes_elsewhere_is_refused_or_quick() -> None:
    import re2

    from app.filters.reading import PATTERN_OPTIONS

    tree = parse("title:/(a+)+$/", VOCABULARY)
    assert isinstance(tree, InText)
    began = time.perf_counter()
    assert re2.compile(tree.texts[0].text, PATTERN_OPTIONS).search("a" * 5000 + "b") is None
    assert time.perf_counter() - began < 1
    with pytest.raises(FilterError, match="no regular expression"):
        parse("title:/((a{1,100}){1,100}){1,100}/", VOCABULARY)


FRAGMENTS = [
    *'()"|:<>=-/.≥“',
    *("rock", "80s", "female vocalists", "artist", "year", "p90", "0.3", "50%", "..", "top10%", "4:30", "and", "or", "not", " "),
    *("share(", "any(", "mean(", "/^a/", "mtt-musicnn/", "\\", "...", "é", "\x00", "\n", "’", "𝄞"),
]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join)), st.integers(-2, 60))
def test_any_text_is_read_or_refused_and_its_spelling_reads_as_the_same(text: str, cursor: int) -> None:
    expected(text, cursor, VOCABULARY)
    try:
        tree = parse(text, VOCABULARY)
    except FilterError as refused:
        error = refused
    else:
        assert parse(write(tree, "msd-musicnn"), VOCABULARY) == tree
        return
    assert 0 <= error.start < error.end


shares = st.floats(0, 1).map(lambda value: round(value, 4))
bounds = st.builds(Bound, shares, st.booleans(), st.booleans())
intervals = st.one_of(st.builds(Interval, bounds), st.builds(Interval, st.none(), bounds), st.builds(Interval, bounds, bounds))
tags = st.one_of(st.builds(NamedTag, st.just("msd-musicnn"), st.sampled_from(MSD)), st.just(NamedTag("mtt-musicnn", "no beat")))
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(lambda text: bool(text.strip()))
plain_texts = texts.filter(lambda text: not set(text) & set("“”„‟"))
leaves = st.one_of(
    st.builds(InAnyText, plain_texts),
    st.builds(InTag, tags, intervals),
    st.builds(Measured, st.sampled_from(["mean", "max"]), tags, intervals),
    st.builds(
        InText,
        st.sampled_from(["title", "file"]),
        st.lists(st.builds(Text, plain_texts, st.sampled_from(["part", "whole"])), min_size=1, max_size=3).map(tuple),
    ),
)


def joined(children: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(children, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda parts: And(tuple(parts))).filter(lambda tree: not any(isinstance(part, And) for part in tree.parts)),
        several.map(lambda parts: Or(tuple(parts))).filter(lambda tree: not any(isinstance(part, Or) for part in tree.parts)),
        st.builds(Not, children),
        st.builds(Quantified, st.sampled_from(["any", "all"]), children),
        st.builds(Shared, children, st.builds(Interval, st.builds(Bound, shares, st.just(False), st.booleans()))),
    )


@settings(max_examples=200, deadline=None)
@given(st.recursive(leaves, joined, max_leaves=8))
def test_every_tree_has_a_text_that_reads_as_it(tree: Condition) -> None:
    assert parse(write(tree, "msd-musicnn"), VOCABULARY) == tree


@pytest.mark.parametrize(
    ("text", "kind", "candidate"),
    [
        ("ro", "tag", "rock>p90"),
        ("vocal", "tag", '"female vocalists">p90'),
        ('"female v', "tag", '"female vocalists">p90'),
        ("art", "field", "artist:"),
        ("sha", "function", "share("),
        ("rock>", "value", "p90"),
        ("rock:t", "value", "top10%"),
        ("share(rock>p90)>=", "value", "50%"),
        ("mean(ro", "tag", "rock"),
        ("mtt-musicnn/r", "tag", "mtt-musicnn/rock>p90"),
        ("rock>p90 o", "keyword", "or"),
        ("(pop or -ro", "tag", "rock>p90"),
    ],
)
def test_what_may_follow_is_offered(text: str, kind: str, candidate: str) -> None:
    offered = expected(text, len(text), VOCABULARY).candidates
    assert (kind, candidate) in [(each.kind, each.text) for each in offered]


@pytest.mark.parametrize(
    ("text", "field", "word"), [("artist:", "artist", ""), ('genre:jazz|"bl', "genre", "bl"), ("x album:=da", "album", "da")]
)
def test_values_of_a_text_field_are_left_to_whoever_knows_them(text: str, field: str, word: str) -> None:
    found = expected(text, len(text), VOCABULARY)
    assert (found.field, found.word) == (field, word)


def test_a_candidate_takes_the_place_of_what_stands_there() -> None:
    found = expected("pop ro", 6, VOCABULARY)
    assert (found.start, found.end, found.takes_words) == (4, 6, True)
    assert expected("rock>p", 6, VOCABULARY).start == 5


@pytest.mark.parametrize("text", [")", "rock)", "a | ", "--x"])
def test_nothing_is_offered_behind_what_is_wrong(text: str) -> None:
    assert expected(text, len(text), VOCABULARY).candidates == ()
