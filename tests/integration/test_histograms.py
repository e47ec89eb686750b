"""Histograms beside a map: counts are those of a naive reading, and the filters of their sliders keep what they show."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.explore.filtering import bins
from tests.integration.test_filtering import NAME, Naive, filled, matched

__all__ = ["filled"]

OTHERS = "rock>p50"


def histogram(client: FlaskClient, of: str, text: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/histograms/{NAME}", query_string={"of": of, "filter": text})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def changed(client: FlaskClient, kind: str, **query: object) -> str:
    answer = client.get(f"/api/histograms/{NAME}/{kind}", query_string=query)
    assert answer.status_code == 200, answer.text
    return str(answer.json["filter"])  # type: ignore[index]


def by_row(naive: Naive, of: str) -> list[float]:
    """The number of every live row, NaN where it has none, in the order of the rows."""
    found: list[float] = []
    for track_id, (_, values) in naive.of_track.items():
        track = naive.tracks[track_id]
        if of in naive.labels:
            found += values[:, naive.labels.index(of)].tolist()
        else:
            number = track.year if of == "year" else track.duration_s
            found += [np.nan if number is None else float(number)] * len(values)
    return found


@pytest.mark.parametrize("of", ["rock", "year", "length"])
def test_bins_count_every_segment_and_those_that_match_everything_else(filled: Session, client: FlaskClient, of: str) -> None:
    naive = Naive(filled)
    own = {"rock": "rock>0.2", "year": "year:1990..2005", "length": "length:..1:00"}[of]
    others = "pop>p50" if of == "rock" else OTHERS
    found = histogram(client, of, f"{others} {own}")
    numbers = np.array(by_row(naive, of))
    rows = np.concatenate([np.arange(first, first + len(values)) for first, values in naive.of_track.values()])
    keeps = np.isin(rows, matched(client, others))
    assert found["n_without"] == np.count_nonzero(np.isnan(numbers))
    assert sum(each["n_all"] for each in found["bins"]) == np.count_nonzero(~np.isnan(numbers))
    for at, each in enumerate(found["bins"]):
        is_last = at == len(found["bins"]) - 1
        inside = (numbers >= np.float16(each["low"]) if of == "rock" else numbers >= each["low"]) & (
            is_last | (numbers < (np.float16(each["high"]) if of == "rock" else each["high"]))
        )
        assert (each["n_all"], each["n_matching"]) == (inside.sum(), (inside & keeps).sum()), each


@pytest.mark.parametrize("of", ["rock", "year", "length"])
def test_a_range_of_bins_keeps_what_they_count(filled: Session, client: FlaskClient, of: str) -> None:
    found = histogram(client, of, OTHERS if of != "rock" else "")
    first, last = len(found["bins"]) // 4, len(found["bins"]) // 2
    chosen = found["bins"][first : last + 1]
    before = "pop>p50 rock>0.9" if of == "rock" else f"year>3000 length<1 {OTHERS}"
    before = before if of == "rock" else before.replace({"year": "length<1 ", "length": "year>3000 "}[of], "")
    text = changed(client, "range", of=of, filter=before, low=chosen[0]["low"], high=chosen[-1]["high"])
    told = histogram(client, of, text)
    assert (told["low"], told["high"]) == pytest.approx((chosen[0]["low"], chosen[-1]["high"]), rel=1e-3)
    expected = sum(each["n_matching"] for each in told["bins"][first : last + 1])
    assert len(matched(client, text)) == expected > 0
    # and taken away again
    assert changed(client, "range", of=of, filter=text) == ("pop>p50" if of == "rock" else OTHERS)


def test_words_are_counted_and_asked_for_one_after_the_other(filled: Session, client: FlaskClient) -> None:
    naive = Naive(filled)
    n_all = Counter[str]()
    for track_id, (_, values) in naive.of_track.items():
        n_all[naive.tracks[track_id].artist.name] += len(values)
    found = histogram(client, "artist", OTHERS)
    assert {each["word"]: each["n_all"] for each in found["words"]} == n_all
    assert found["n_words"] == len(n_all)
    for each in found["words"]:
        assert each["n_matching"] == len(matched(client, f'{OTHERS} artist:="{each["word"]}"'))
    one, other = sorted(n_all)[:2]
    text = changed(client, "word", of="artist", word=one, filter=OTHERS)
    both = changed(client, "word", of="artist", word=other, filter=text)
    assert len(matched(client, both)) == sum(each["n_matching"] for each in found["words"] if each["word"] in (one, other))
    told = histogram(client, "artist", both)
    assert {each["word"] for each in told["words"] if each["kept"]} == {one, other}
    assert [each["kept"] for each in told["words"][:2]] == [True, True]
    assert (
        changed(client, "word", of="artist", word=one, filter=changed(client, "word", of="artist", word=other, filter=both))
        == OTHERS
    )


def test_conditions_within_others_stay_and_what_people_wrote_beside_them(filled: Session, client: FlaskClient) -> None:
    for text in ("-year:1990", "year:1990 or bach", "any(rock>p90) -(rock>p50 year>1980)"):
        narrowed = changed(client, "range", of="year", filter=text, low=1985)
        assert len(matched(client, narrowed)) == len(matched(client, f"({text}) year>=1985"))


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("", {"of": "rokc"}, "unknown_tag"),
        ("", {"of": "rock", "filter": "(rock"}, "invalid_filter"),
        ("/range", {"of": "artist", "low": 1}, "no_number"),
        ("/range", {"of": "rock", "low": 0.5, "high": 0.5}, "empty_range"),
        ("/range", {"of": "rock", "low": "nan"}, "invalid_parameter"),
        ("/word", {"of": "artis", "word": "Bach"}, "unknown_field"),
        ("/word", {"of": "artist", "word": "x" * 3000}, "invalid_filter"),
    ],
)
def test_what_cannot_be_counted_is_told(filled: Session, client: FlaskClient, path: str, query: dict[str, Any], code: str) -> None:
    answer = client.get(f"/api/histograms/{NAME}{path}", query_string=query)
    assert answer.json is not None
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"]


def test_bins_have_round_widths_and_hold_both_ends() -> None:
    for low, high, are_times in [
        (0, 0.0007, False),
        (0, 0.97, False),
        (1931, 2024, False),
        (3, 271, True),
        (5, 5, True),
        (0, 9e5, True),
    ]:
        edges = bins.edges(low, high, are_times=are_times)
        assert edges[0] <= low < edges[1]
        assert edges[-2] <= high < edges[-1]
        assert len(edges) - 1 <= bins.MOST_BINS
        widths = np.diff(edges)
        assert np.allclose(widths, widths[0])
