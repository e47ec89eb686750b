import pytest

from app.core.names import key_of


@pytest.mark.parametrize(
    "spellings",
    [
        ("Élan", "élan", "ÉLAN", "E\u0301lan", "e\u0301LAN"),
        ("Straße", "STRASSE", "strasse"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("Rock", "ROCK"),
        ("\u0390", "\u1fd3", "\u03b9\u0308\u0301"),
    ],
)
def test_spellings_of_one_name_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({key_of(name) for name in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("Elan", "Élan"), ("rock", "rock "), ("", "-"), ("hip-hop", "hip hop")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


def test_a_key_is_its_own_key() -> None:
    for name in ("Élan", "Straße", "\u0390", "İstanbul", "ǰ"):
        assert key_of(key_of(name)) == key_of(name)
