import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from app.audio import resample
from app.audio.resample import TARGET_HZ, Resampler
from app.core.units import Hertz

RATES_HZ = [8000, 11025, 12000, 22050, 32000, 44100, 47999, 48000, 96000, 192000]


def resampled(sound: np.ndarray, rate_hz: int, chunk: int) -> np.ndarray:
    resampler = Resampler(Hertz(rate_hz))
    parts = [resampler.push(sound[start : start + chunk]) for start in range(0, len(sound), chunk)]
    return np.concatenate([*parts, resampler.finish()])


@pytest.mark.parametrize("rate_hz", [*RATES_HZ, 16000])
def test_the_result_does_not_depend_on_the_chunks(rate_hz: int) -> None:
    sound = np.random.default_rng(0).normal(size=3 * rate_hz + 17).astype(np.float32)
    whole = resampled(sound, rate_hz, len(sound))
    assert len(whole) == round(len(sound) * TARGET_HZ / rate_hz)
    for chunk in (rate_hz // 7, 1 + rate_hz):
        np.testing.assert_array_equal(resampled(sound, rate_hz, chunk), whole)


@pytest.mark.parametrize("rate_hz", [*RATES_HZ, 384_000])
def test_the_result_does_not_depend_on_the_number_of_blas_threads(rate_hz: int) -> None:
    sound = np.random.default_rng(0).normal(size=3 * rate_hz + 17).astype(np.float32)
    with threadpool_limits(1, user_api="blas"):
        alone = resampled(sound, rate_hz, rate_hz)
    for n_threads in (2, 3, 4):
        with threadpool_limits(n_threads, user_api="blas"):
            np.testing.assert_array_equal(resampled(sound, rate_hz, rate_hz), alone)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_every_output_is_the_sum_that_the_filter_asks_for(rate_hz: int) -> None:
    """The sums, computed here in float64, one by one; float32 holds the samples themselves to 6e-8."""
    rng = np.random.default_rng(0)
    sound = rng.uniform(-1, 1, rate_hz // 2).astype(np.float32)
    made = resampled(sound, rate_hz, len(sound))
    for index in rng.integers(1600, len(made) - 1600, 300):
        t = (index * rate_hz / TARGET_HZ - np.arange(len(sound))) * min(1, TARGET_HZ / rate_hz)
        window = np.i0(resample.KAISER_BETA * np.sqrt(np.clip(1 - (t / resample.HALF_WIDTH) ** 2, 0, None)))
        taps = np.sinc(2 * resample.CUTOFF * t) * window * (abs(t) < resample.HALF_WIDTH)
        assert made[index] == pytest.approx(taps @ sound / taps.sum(), abs=1e-6)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_tone_below_the_cutoff_keeps_its_frequency_phase_and_amplitude(rate_hz: int) -> None:
    frequency_hz = 0.4 * min(rate_hz, TARGET_HZ)
    tone = np.sin(2 * np.pi * frequency_hz * np.arange(2 * rate_hz) / rate_hz).astype(np.float32)
    expected = np.sin(2 * np.pi * frequency_hz * np.arange(2 * TARGET_HZ) / TARGET_HZ)
    inner = slice(TARGET_HZ // 10, -TARGET_HZ // 10)
    np.testing.assert_allclose(resampled(tone, rate_hz, rate_hz)[inner], expected[inner], atol=5e-3)


@pytest.mark.parametrize("rate_hz", [22050, 44100, 48000, 96000, 192000])
def test_a_tone_above_half_the_new_rate_is_silenced(rate_hz: int) -> None:
    tone = np.sin(2 * np.pi * 9000 * np.arange(2 * rate_hz) / rate_hz).astype(np.float32)
    assert np.abs(resampled(tone, rate_hz, rate_hz)[1600:-1600]).max() < 1e-4


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_constant_stays_what_it_is(rate_hz: int) -> None:
    np.testing.assert_allclose(resampled(np.ones(rate_hz, np.float32), rate_hz, rate_hz)[1600:-1600], 1, atol=2e-6)


@pytest.mark.parametrize("n_samples", [0, 1, 5, 100, 4409])
def test_a_sound_shorter_than_the_filter_is_resampled_whole(n_samples: int) -> None:
    assert len(resampled(np.ones(n_samples, np.float32), 44100, 4410)) == round(n_samples * TARGET_HZ / 44100)


def test_the_filters_of_an_awkward_rate_stay_small() -> None:
    assert sum(product.matrix.nbytes for product in resample._schedule_of(47_999).products) < 32e6
