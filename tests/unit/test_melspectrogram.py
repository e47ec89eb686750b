import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from app.audio import melspectrogram
from app.audio.melspectrogram import FRONT_ENDS, FrontEnd, Patches

EDGES = [
    0,
    1,
    159,
    160,
    161,
    255,
    256,
    257,
    15_039,
    15_040,
    15_041,
    47_360,
    47_361,
    47_615,
    47_616,
    47_617,
    47_873,
    100_000,
    143_617,
]


def patches(front_end: FrontEnd, sound: np.ndarray, chunk: int) -> np.ndarray:
    stream = Patches(front_end)
    parts = [stream.push(sound[start : start + chunk]) for start in range(0, len(sound), chunk)]
    return np.concatenate([*parts, stream.finish()])


@pytest.fixture(params=FRONT_ENDS.values(), ids=FRONT_ENDS.keys())
def front_end(request: pytest.FixtureRequest) -> FrontEnd:
    return request.param


@pytest.mark.parametrize("n_samples", EDGES)
def test_there_are_as_many_patches_as_the_geometry_says(front_end: FrontEnd, n_samples: int) -> None:
    geometry = front_end.geometry
    cut = patches(front_end, np.zeros(n_samples, np.float32), 7000)
    assert cut.shape == (geometry.n_segments(n_samples), geometry.frames_per_patch, geometry.n_bands)


def test_the_result_does_not_depend_on_the_chunks(front_end: FrontEnd) -> None:
    sound = np.random.default_rng(0).normal(size=150_001).astype(np.float32)
    whole = patches(front_end, sound, len(sound))
    for chunk in (997, 16_000, 60_000):
        np.testing.assert_array_equal(patches(front_end, sound, chunk), whole)


def test_the_result_does_not_depend_on_the_number_of_blas_threads(front_end: FrontEnd) -> None:
    sound = np.random.default_rng(0).normal(size=150_001).astype(np.float32)
    with threadpool_limits(1, user_api="blas"):
        alone = patches(front_end, sound, 16_000)
    for n_threads in (2, 3, 4):
        with threadpool_limits(n_threads, user_api="blas"):
            np.testing.assert_array_equal(patches(front_end, sound, 16_000), alone)


def test_frames_are_centred_on_multiples_of_the_hop(front_end: FrontEnd) -> None:
    geometry = front_end.geometry
    sound = np.zeros(80_000, np.float32)
    sound[40 * geometry.hop_samples] = 1
    energy = patches(front_end, sound, len(sound))[0].sum(1)
    assert energy.argmax() == 40
    np.testing.assert_allclose(energy[39], energy[41], rtol=0.05)


@pytest.mark.parametrize(("name", "band", "hertz"), [("musicnn", 16, 540.0), ("vggish", 31, 1850.0)])
def test_silence_and_tones_give_what_the_definition_says(name: str, band: int, hertz: float) -> None:
    """The definition, computed here in float64 by a plain Fourier sum."""
    front_end = FRONT_ENDS[name]
    geometry = front_end.geometry
    time_s = np.arange(60_000) / 16_000
    cut = patches(front_end, (0.5 * np.sin(2 * np.pi * hertz * time_s)).astype(np.float32), 60_000)
    n, hop = geometry.window_samples, geometry.hop_samples
    start = 30 * hop - n // 2
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / (n - 1))
    windowed = 0.5 * np.sin(2 * np.pi * hertz * time_s[start : start + n]) * window
    spectrum = np.abs(windowed @ np.exp(-2j * np.pi * np.outer(np.arange(n), np.arange(257)) / 512))
    if name == "musicnn":
        expected = np.log10(1 + spectrum**2 @ melspectrogram._musicnn_filters().astype(np.float64))
    else:
        expected = np.log(0.01 + spectrum @ melspectrogram._vggish_filters().astype(np.float64))
    np.testing.assert_allclose(cut[0, 30], expected, atol=5e-4)
    assert abs(int(cut[0, 30].argmax()) - band) <= 1


def test_silence_is_zero_for_musicnn_and_the_floor_for_vggish() -> None:
    silence = np.zeros(60_000, np.float32)
    assert (patches(FRONT_ENDS["musicnn"], silence, 60_000) == 0).all()
    np.testing.assert_allclose(patches(FRONT_ENDS["vggish"], silence, 60_000), np.log(0.01), rtol=1e-6)


def test_every_slaney_band_has_unit_area_and_every_htk_band_a_height_of_at_most_one() -> None:
    slaney = melspectrogram._musicnn_filters() / 1e4
    wide = slaney[:, 60:]  # the bins sample wide bands densely
    np.testing.assert_allclose(wide.sum(0) * 16_000 / 512, 1, rtol=0.03)
    assert (slaney >= 0).all()
    assert (slaney.max(0) > 0).all()
    htk = melspectrogram._vggish_filters()
    assert (htk[0] == 0).all()
    assert htk.min() == 0
    assert htk.max() <= 1
    inner = htk[6:225]
    np.testing.assert_allclose(inner.sum(1), 1, atol=1e-6)
