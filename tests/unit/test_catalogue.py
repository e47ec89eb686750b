"""What the catalogue says of the networks."""

import pytest

from app.audio.melspectrogram import FRONT_ENDS
from app.core.errors import InvalidError
from app.core.spaces import Layer
from app.networks import catalogue
from app.networks.catalogue import Entry

CATEGORIES = {"genre", "instrument", "mood/theme", "vocal", "other"}
every_entry = pytest.mark.parametrize("entry", catalogue.entries(), ids=lambda entry: entry.name)


@every_entry
def test_a_network_says_where_it_comes_from(entry: Entry) -> None:
    for fact in (entry.title, entry.training_data, entry.version, entry.licence):
        assert fact
    assert entry.source.startswith("https://")


@every_entry
def test_a_network_is_cut_as_its_front_end_cuts(entry: Entry) -> None:
    assert entry.geometry == FRONT_ENDS[entry.front_end].geometry


@every_entry
def test_there_is_one_tag_per_activation(entry: Entry) -> None:
    n_tags = entry.layers[Layer.ACTIVATIONS].n_dims if Layer.ACTIVATIONS in entry.layers else 0
    assert len({tag.name for tag in entry.tags}) == len(entry.tags) == n_tags
    assert {tag.category for tag in entry.tags} <= CATEGORIES


@every_entry
def test_installable_networks_are_pinned_by_sha256(entry: Entry) -> None:
    assert bool(entry.checkpoint) == bool(entry.onnx_sha256)
    assert len(entry.onnx_sha256) in (0, 64)


def test_a_tag_has_one_category_in_every_vocabulary() -> None:
    categories = {(tag.name, tag.category) for entry in catalogue.entries() for tag in entry.tags}
    assert len(categories) == len({name for name, _ in categories})


@pytest.mark.parametrize(("typed", "meant"), [("msd-musicn", "msd-musicnn"), ("mtt_vgg", "mtt-vgg"), ("vggish", "audioset-vggish")])
def test_a_typing_error_is_answered_with_the_nearest_name(typed: str, meant: str) -> None:
    with pytest.raises(InvalidError, match=f"Unknown network '{typed}'. Did you mean {meant}?"):
        catalogue.by_name(typed)


def test_a_name_like_no_other_is_answered_with_all_names() -> None:
    with pytest.raises(InvalidError, match="Known are: msd-musicnn, msd-vgg"):
        catalogue.by_name("xyzzy")
