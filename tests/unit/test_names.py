import pytest

from app.core.entities import Outcome
from app.core.errors import CorruptError, InvalidError, MachineError, NotFoundError, NotReadyError, TagscapeError
from app.core.spaces import Layer, SpaceName


@pytest.mark.parametrize("text", ["msd-musicnn/embeddings", "mtt-vgg/activations", "audioset-vggish/embeddings", "a1/activations"])
def test_a_space_is_read_and_written_the_same(text: str):
    assert str(SpaceName.parse(text)) == text


def test_a_space_is_a_network_and_a_layer():
    assert SpaceName.parse("msd-vgg/embeddings") == SpaceName("msd-vgg", Layer.EMBEDDINGS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "msd-musicnn",
        "msd-musicnn/",
        "/embeddings",
        "msd-musicnn/other",
        "MSD/embeddings",
        "../x/embeddings",
        "a/b/embeddings",
        "a-/embeddings",
    ],
)
def test_what_is_no_space_is_refused_with_an_example(text: str):
    with pytest.raises(InvalidError) as caught:
        SpaceName.parse(text)
    assert repr(text) in caught.value.message
    assert "msd-musicnn/embeddings" in caught.value.hint


def test_an_error_reads_as_its_sentence_and_the_next_step():
    assert (
        str(NotReadyError("no_tables", "There are no tables.", "Run: flask init-db")) == "There are no tables. Run: flask init-db"
    )
    assert str(InvalidError("empty", "It is empty.")) == "It is empty."


def test_every_error_is_of_a_kind_of_its_own():
    kinds = {error.kind for error in (NotFoundError, InvalidError, NotReadyError, MachineError, CorruptError)}
    assert kinds == {"not_found", "invalid", "not_ready", "environment", "corrupt"}
    assert issubclass(CorruptError, TagscapeError)


def test_outcomes_add_up():
    assert Outcome(1, 2, 3, 4) + Outcome(10, 20, 30, 40) == Outcome(11, 22, 33, 44)
