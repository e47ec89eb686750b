"""Recent values are bounded in bytes."""

from app.cache.recent import Recent


def test_the_value_used_longest_ago_makes_room() -> None:
    recent: Recent[bytes] = Recent(30, len)
    made = []

    def get(key: str, n_bytes: int = 10) -> bytes:
        return recent.get(key, lambda: made.append(key) or bytes(n_bytes))

    for key in ("a", "b", "c", "a", "d", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "d", "b"]
    assert recent.n_bytes == 30


def test_a_value_larger_than_all_is_given_and_not_kept() -> None:
    recent: Recent[bytes] = Recent(30, len)
    assert len(recent.get("large", lambda: bytes(31))) == 31
    assert recent.n_bytes == 0
