"""Every registered provider of sound obeys these rules."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.audio import decode
from app.core.errors import InvalidError, MachineError, NotFoundError
from app.providers import registry
from app.providers.base import Provider
from tests.tones import write_tone

HOSTILE = (
    "",
    ".",
    "..",
    "../secret.wav",
    "/etc/passwd",
    "a/../../secret.wav",
    "no\0name",
    "x" * 5000,
    "%2e%2e/secret.wav",
    "\udce9",
)


@dataclass(frozen=True)
class Stock:
    """A provider with one sound.

    settings : those that the provider is made of
    place : where the sound is
    take_away : makes the provider itself be out of reach
    """

    settings: Mapping[str, Any]
    place: str
    take_away: Callable[[], object]


def files(folder: Path) -> Stock:
    audio_dir = folder / "audio"
    write_tone(audio_dir / "a" / "tone.wav")
    return Stock({"AUDIO_DIR": audio_dir}, "a/tone.wav", lambda: audio_dir.rename(folder / "away"))


STOCKS: dict[str, Callable[[Path], Stock]] = {"file": files}
"""How each provider is given a sound to test with; add yours."""


@pytest.fixture(params=sorted(registry.PROVIDERS))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def stock(kind: str, tmp_path: Path) -> Stock:
    write_tone(tmp_path / "secret.wav")
    return STOCKS[kind](tmp_path)


@pytest.fixture
def provider(kind: str, stock: Stock) -> Provider:
    return registry.by_kind(kind, stock.settings)


def test_a_kind_fits_into_its_column_and_can_be_part_of_a_name(kind: str) -> None:
    assert len(kind) <= 16
    assert kind.isidentifier()
    assert kind.islower()


def test_the_sound_is_a_file_that_can_be_decoded(provider: Provider, stock: Stock) -> None:
    file = provider.locate(stock.place)
    assert file.is_absolute()
    assert decode.probe(file).duration_s


def test_the_same_place_gives_the_same_file(kind: str, provider: Provider, stock: Stock) -> None:
    assert provider.locate(stock.place) == provider.locate(stock.place)
    assert registry.by_kind(kind, stock.settings).locate(stock.place) == provider.locate(stock.place)


@pytest.mark.parametrize("place", ["gone.wav", *HOSTILE])
def test_a_place_without_sound_is_not_found_and_no_path_of_the_server_is_told(
    provider: Provider, tmp_path: Path, place: str
) -> None:
    with pytest.raises(NotFoundError) as raised:
        provider.locate(place)
    assert str(tmp_path) not in str(raised.value)
    assert raised.value.is_passing, "it may be there another time"


def test_a_provider_out_of_reach_is_said_without_a_path_of_the_server(provider: Provider, stock: Stock, tmp_path: Path) -> None:
    stock.take_away()
    with pytest.raises(MachineError) as raised:
        provider.locate(stock.place)
    assert str(tmp_path) not in str(raised.value)
    assert raised.value.hint


def test_several_threads_may_ask_at_once(provider: Provider, stock: Stock) -> None:
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(provider.locate(stock.place))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [provider.locate(stock.place)] * 8


def test_a_kind_of_nobody_is_refused() -> None:
    with pytest.raises(InvalidError, match="Update Tagscape"):
        registry.by_kind("elsewhere", {})
