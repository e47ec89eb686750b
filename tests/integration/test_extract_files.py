"""The loop over files, with an engine of the right shape that says what it was given."""

import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_info, threadpool_limits

from app.audio.patches import PatchStream
from app.core.errors import InvalidError
from app.core.spaces import Layer, SpaceName
from app.networks.runtimes.base import LayerOutputs
from app.pipeline.extract import files
from app.pipeline.extract.files import Extracted, Job, extract_files

from ..tones import write_tone

BOTH = ("a-musicnn", "b-musicnn")
SPACE = SpaceName("a-musicnn", Layer.EMBEDDINGS)


class EchoEngine:
    """Embeddings are the first band of each patch, activations the second of each."""

    front_ends: Mapping[str, str] = {"a-musicnn": "musicnn", "b-musicnn": "musicnn", "c-vggish": "vggish"}

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, tuple[str, ...]]] = []

    def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
        self.calls.append((front_end, len(patches), tuple(networks)))
        return {
            network: {Layer.EMBEDDINGS: patches[:, :, 20].copy(), Layer.ACTIVATIONS: patches[:, :, 30].copy()}
            for network in networks
        }


class EchoFileEngine:
    """The same from a whole file."""

    front_ends = EchoEngine.front_ends

    def predict_file(self, path: Path, networks: Sequence[str]) -> LayerOutputs:
        patches = np.concatenate([patches for _, patches in PatchStream(path, ["musicnn"])])
        return EchoEngine().predict("musicnn", patches, networks)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tones")
    for index, duration_s in enumerate((4.0, 130.0, 1.5, 10.0, 7.0, 4.0, 31.0)):
        write_tone(folder / f"{index}.wav", pitch_hz=300 + 100 * index, duration_s=duration_s)
    (folder / "bad.wav").write_bytes(b"no sound")
    return folder


@pytest.fixture
def jobs(folder: Path) -> list[Job]:
    names = ["0", "bad", "1", "2", "3", "4", "bad", "5", "6"]
    return [Job(index, folder / f"{name}.wav", BOTH) for index, name in enumerate(names)]


@pytest.fixture(autouse=True)
def no_reader_is_left() -> Iterator[None]:
    yield
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("reader")]


def expected(job: Job) -> np.ndarray:
    return np.concatenate([patches for _, patches in PatchStream(job.path, ["musicnn"])])


@pytest.mark.parametrize("n_readers", [1, 3])
def test_results_come_in_the_order_of_jobs_with_their_own_rows(jobs: list[Job], n_readers: int) -> None:
    results = list(extract_files(jobs, EchoEngine(), n_readers=n_readers))
    assert [result.job for result in results] == jobs
    assert [result.error and result.error.code for result in results] == [
        None, "not_audio", None, "too_short", None, None, "not_audio", None, None,
    ]  # fmt: skip
    for result in results:
        if not result.error:
            patches = expected(result.job)
            assert set(result.features) == {SpaceName(network, layer) for network in BOTH for layer in Layer}
            np.testing.assert_array_equal(result.features[SPACE], patches[:, :, 20])
            np.testing.assert_array_equal(result.features[SpaceName("b-musicnn", Layer.ACTIVATIONS)], patches[:, :, 30])
    assert results[4].duration_s == pytest.approx(10.0)


def test_no_bit_depends_on_readers_or_on_the_blas_threads_of_the_caller(jobs: list[Job]) -> None:
    """A caller may set them before and in between, and to more than there are processors."""
    usable = [job for job in jobs if job.path.stem not in ("bad", "2")] * 2

    def bits(n_readers: int, n_before: int, n_between: int) -> list[bytes]:
        with threadpool_limits(n_before, user_api="blas"):
            results = extract_files(usable, EchoEngine(), n_readers=n_readers)
            found = [next(results)]
            with threadpool_limits(n_between, user_api="blas"):
                found += results
        return [result.features[SPACE].tobytes() for result in found]

    alone = bits(1, 1, 1)
    for setting in ((1, 1, 2), (1, 2, 1), (1, 2, 2), (3, 1, 1), (3, 4, 2)):
        assert bits(*setting) == alone


def test_extracting_leaves_the_blas_threads_of_the_caller_as_they_are(jobs: list[Job]) -> None:
    def n_threads() -> set[int]:
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    with threadpool_limits(3, user_api="blas"):
        results = extract_files(jobs, EchoEngine())
        next(results)
        assert n_threads() == {3}
        results.close()
        assert n_threads() == {3}


def test_patches_of_several_files_share_a_batch_and_batches_stay_small(jobs: list[Job]) -> None:
    engine = EchoEngine()
    n_segments = sum(len(result.features.get(SPACE, ())) for result in extract_files(jobs, engine))
    sizes = [n for _, n, _ in engine.calls]
    assert sum(sizes) == n_segments
    assert len(sizes) < len(jobs)
    assert max(sizes) <= files.PATCHES_PER_BATCH + 2


def test_networks_of_two_front_ends_share_one_decode(folder: Path) -> None:
    engine = EchoEngine()
    job = Job(1, folder / "3.wav", (*BOTH, "c-vggish"))
    (result,) = extract_files([job], engine)
    assert {(front_end, networks) for front_end, _, networks in engine.calls} == {("musicnn", BOTH), ("vggish", ("c-vggish",))}
    assert len(result.features[SPACE]) == 3
    assert len(result.features[SpaceName("c-vggish", Layer.EMBEDDINGS)]) == 10


def test_a_file_too_short_for_one_network_keeps_the_features_of_the_other(folder: Path) -> None:
    (result,) = extract_files([Job(1, folder / "2.wav", ("a-musicnn", "c-vggish"))], EchoEngine())
    assert result.error
    assert result.error.code == "too_short"
    assert {space.network for space in result.features} == {"c-vggish"}


def test_a_truncated_file_has_features_and_a_warning(folder: Path, tmp_path: Path) -> None:
    content = (folder / "3.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(content[: len(content) // 2])
    for engine in (EchoEngine(), EchoFileEngine()):
        (result,) = extract_files([Job(1, tmp_path / "a.wav", BOTH)], engine)
        assert result.error is None
        assert [warning.code for warning in result.warnings] == ["truncated"]
        assert len(result.features[SPACE]) == 1


def test_an_engine_that_takes_files_gives_the_same_shape_of_results(jobs: list[Job]) -> None:
    usable = [job for job in jobs if job.path.stem != "2"]
    ours, theirs = (list(extract_files(usable, engine)) for engine in (EchoEngine(), EchoFileEngine()))
    for own, other in zip(ours, theirs, strict=True):
        assert (own.job, own.duration_s, own.error and own.error.code) == (
            other.job, other.duration_s, other.error and other.error.code,
        )  # fmt: skip
        for space, vectors in own.features.items():
            np.testing.assert_array_equal(vectors, other.features[space])


def test_jobs_are_taken_in_the_callers_thread_and_not_far_ahead(jobs: list[Job]) -> None:
    taken: list[str] = []

    def endless() -> Iterator[Job]:
        while True:
            taken.append(threading.current_thread().name)
            yield jobs[2]

    results = extract_files(endless(), EchoEngine())
    next(results)
    results.close()
    assert set(taken) == {threading.current_thread().name}
    assert len(taken) <= 2 * files.FILES_AHEAD


def test_closing_early_ends_the_readers(folder: Path) -> None:
    results = extract_files([Job(index, folder / "1.wav", BOTH) for index in range(20)], EchoEngine(), n_readers=2)
    assert isinstance(next(results), Extracted)
    results.close()


@pytest.mark.parametrize("raised", [KeyboardInterrupt, RuntimeError, InvalidError])
def test_what_the_engine_raises_ends_the_run_and_the_readers(jobs: list[Job], raised: type[BaseException]) -> None:
    class Broken(EchoEngine):
        def predict(self, front_end: str, patches: NDArray[np.float32], networks: Sequence[str]) -> LayerOutputs:
            raise raised("code", "message")

    with pytest.raises(raised):
        list(extract_files(jobs, Broken()))


def test_a_reader_that_breaks_ends_the_run_with_its_cause_instead_of_hanging_it(
    jobs: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: PatchStream) -> Iterator[tuple[str, np.ndarray]]:
        raise ZeroDivisionError

    monkeypatch.setattr(PatchStream, "__iter__", broken)
    with pytest.raises(RuntimeError, match="ended without a result") as raised:
        list(extract_files(jobs, EchoEngine()))
    cause = raised.value.__cause__
    assert isinstance(cause, ZeroDivisionError)
    assert "broken" in [frame.name for frame in traceback.extract_tb(cause.__traceback__)]


def test_no_jobs_no_results() -> None:
    assert list(extract_files([], EchoEngine())) == []
