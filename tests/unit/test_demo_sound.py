import numpy as np
import pytest

from app.demo import effects
from app.demo.catalogue import N_CLIPS, RELEASES, clips
from app.demo.score import MAJOR, Canvas, Note, Scale, frequency_hz
from app.demo.signals import Signal, envelope, noise, partials, pluck, pulse, saw, sine, vibrato
from app.demo.styles import STYLES

RATE_HZ = 44100


def peak_hz(signal: Signal) -> float:
    """Frequency of the strongest line of the spectrum, to a fraction of a bin."""
    spectrum = np.abs(np.fft.rfft(signal * np.hanning(len(signal))))
    top = int(spectrum.argmax())
    left, middle, right = np.log(spectrum[top - 1 : top + 2])
    return float((top + (left - right) / (2 * (left - 2 * middle + right))) * RATE_HZ / len(signal))


def band_share(signal: Signal, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(signal)) ** 2
    frequency = np.fft.rfftfreq(len(signal), 1 / RATE_HZ)
    return float(power[(frequency >= low_hz) & (frequency < high_hz)].sum() / power.sum())


def features(sound: Signal) -> np.ndarray:
    """Mean and spread of the log energy in 24 bands: enough to tell these styles apart by eye."""
    mono = sound.mean(axis=0)
    frames = np.lib.stride_tricks.sliding_window_view(mono, 2048)[::1024] * np.hanning(2048)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = np.unique(np.geomspace(2, 1024, 25).astype(int))
    bands = np.log10(np.add.reduceat(power, edges[:-1], axis=1) + 1e-3)
    return np.concatenate([bands.mean(axis=0), bands.std(axis=0), np.abs(np.diff(bands, axis=0)).mean(axis=0)])


@pytest.mark.parametrize("hz", [41.2, 110.0, 261.63, 880.0])
def test_a_plucked_string_sounds_at_its_pitch(hz: float):
    tone = pluck(hz, RATE_HZ * 2, RATE_HZ, np.random.default_rng(0), 0.3)
    low = effects.lowpass(tone, hz * 1.3, RATE_HZ, order=6)
    assert peak_hz(low) == pytest.approx(hz, rel=0.004)


@pytest.mark.parametrize("oscillator", [sine, saw, pulse])
def test_an_oscillator_sounds_at_its_pitch(oscillator):
    assert peak_hz(oscillator(440.0, RATE_HZ, RATE_HZ)) == pytest.approx(440, abs=0.2)


def test_a_saw_hardly_aliases():
    high = saw(5000.0, RATE_HZ, RATE_HZ)
    harmonics = sum(band_share(high, k * 5000 - 20, k * 5000 + 20) for k in range(1, 5))
    naive = (np.arange(RATE_HZ) * 5000 / RATE_HZ % 1 * 2 - 1).astype(np.float32)
    assert 1 - harmonics < 0.4 * (1 - sum(band_share(naive, k * 5000 - 20, k * 5000 + 20) for k in range(1, 5)))


def test_vibrato_swings_around_the_pitch():
    swing = vibrato(440.0, RATE_HZ * 2, RATE_HZ, 5.0, 0.01)
    assert swing.max() == pytest.approx(444.4, abs=0.05)
    assert swing[RATE_HZ:].mean() == pytest.approx(440, abs=0.05)


def test_partials_are_damped_sines():
    n = 5000
    made = partials(np.array([440.0, 1234.5]), np.array([1.0, 0.5]), np.array([0.1, 0.02]), n, RATE_HZ)
    time_s = np.arange(n) / RATE_HZ
    expected = np.sin(2 * np.pi * 440 * time_s) * 2 ** (-time_s / 0.1) + 0.5 * np.sin(2 * np.pi * 1234.5 * time_s) * 2 ** (
        -time_s / 0.02
    )
    np.testing.assert_allclose(made, expected, atol=1e-6)


def test_an_envelope_begins_and_ends_in_silence_even_when_the_note_is_shorter_than_its_parts():
    for n in (10, 1000, RATE_HZ):
        shape = envelope(n, RATE_HZ, 0.3, 0.5, 0.7)
        assert len(shape) == n
        assert shape.max() <= 1
        assert shape[0] < 0.2
        assert shape[-1] < 0.2


def test_filters_take_away_what_they_say():
    hiss = noise(RATE_HZ, np.random.default_rng(1))
    assert band_share(effects.lowpass(hiss, 1000, RATE_HZ, 4), 2000, RATE_HZ) < 0.01
    assert band_share(effects.highpass(hiss, 4000, RATE_HZ, 4), 0, 2000) < 0.01
    assert band_share(effects.resonances(hiss, [(1000, 100, 1.0)], RATE_HZ, floor=0.0), 800, 1200) > 0.8


def test_a_swept_filter_follows_its_cutoff_and_passes_what_is_below_untouched():
    hiss = noise(RATE_HZ, np.random.default_rng(2))
    cutoff = np.where(np.arange(RATE_HZ) < RATE_HZ // 2, 400, 12000).astype(np.float32)
    swept = effects.swept_lowpass(hiss, cutoff, RATE_HZ)
    assert band_share(swept[: RATE_HZ // 2 - 2048], 2000, RATE_HZ) < 0.01
    assert band_share(swept[RATE_HZ // 2 + 2048 :], 2000, RATE_HZ) > 0.5
    tone = sine(200.0, RATE_HZ, RATE_HZ)
    np.testing.assert_allclose(effects.swept_lowpass(tone, np.full(RATE_HZ, 20000, np.float32), RATE_HZ), tone, atol=2e-3)


def test_an_echo_comes_after_its_delay_and_a_room_rings_on():
    click = np.zeros(RATE_HZ, np.float32)
    click[100] = 1
    echoed = np.abs(effects.echo(click, 0.25, 0.5, RATE_HZ)).sum(axis=0)
    assert sorted(np.nonzero(echoed > 1e-3)[0] - 100) == [k * RATE_HZ // 4 for k in range(4)]
    rung = effects.reverb(click, 0.5, 0.5, RATE_HZ, np.random.default_rng(3))
    assert np.abs(rung[:, 200:20000]).max() > 0.001
    assert np.abs(rung[:, :100]).max() < 1e-4


def test_a_scale_has_its_steps_in_every_octave():
    assert [Scale(60, MAJOR).pitch(degree) for degree in (-1, 0, 4, 7, 9)] == [59, 60, 67, 72, 76]
    assert Scale(60, MAJOR).chord(0) == [60, 64, 67]
    assert frequency_hz(69) == 440
    assert frequency_hz(57) == pytest.approx(220)


def test_a_note_beyond_the_end_of_the_canvas_is_cut():
    canvas = Canvas(1.0, 8000)
    line = canvas.line([Note(0.9, 0.5, 69), Note(2.0, 0.5, 69)], lambda hz, n: np.ones(n, np.float32))
    assert len(line) == 8000
    assert line.sum() == 800


@pytest.mark.parametrize("style", STYLES)
def test_a_style_makes_the_same_sound_from_the_same_seed_and_another_from_another(style: str):
    first, again, other = (STYLES[style](6.0, RATE_HZ, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert not np.allclose(first, other, atol=0.05)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_a_style_fills_its_time_and_stays_in_range(style: str, rate_hz: int):
    sound = STYLES[style](8.0, rate_hz, np.random.default_rng(5))
    assert sound.shape == (2, 8 * rate_hz)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert 0.8 < np.abs(sound).max() <= 0.9
    loudness = np.sqrt((sound.reshape(2, 8, rate_hz) ** 2).mean(axis=(0, 2)))
    assert (loudness[1:6] > 0.02).all(), "no second of it is silent"
    assert np.abs(sound[:, -10:]).max() < 1e-3


def test_styles_sound_unlike_each_other():
    """A clip's nearest other clip is of its own style: much more often than the one in eight of chance."""
    labels = np.repeat(np.arange(len(STYLES)), 3)
    made = np.array(
        [features(STYLES[style](10.0, RATE_HZ, np.random.default_rng(seed))) for style in STYLES for seed in (11, 12, 13)]
    )
    made = (made - made.mean(axis=0)) / made.std(axis=0)
    distance = np.linalg.norm(made[:, None] - made[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert (labels[distance.argmin(axis=1)] == labels).mean() >= 0.85


def test_the_collection_has_sixty_clips_of_20_to_40_seconds_in_eight_styles():
    made = clips()
    assert len(made) == N_CLIPS == 60
    assert {clip.style for clip in made} == set(STYLES) == set(RELEASES)
    assert all(20 <= clip.duration_s <= 40 for clip in made)
    assert len({clip.path for clip in made}) == len({clip.title for clip in made}) == 60


def test_no_style_comes_in_one_format_only():
    for style in STYLES:
        assert len({clip.format for clip in clips() if clip.style == style}) >= 5
    assert {clip.format.suffix for clip in clips()} == {"mp3", "ogg", "flac", "opus", "m4a", "wav"}
    assert {(clip.format.n_channels, clip.format.sample_rate_hz) for clip in clips()} >= {(1, 48000), (2, 44100), (2, 48000)}


def test_two_artists_have_an_album_of_the_same_title():
    albums = {(clip.artist, clip.album) for clip in clips()}
    assert len({album for _, album in albums}) < len(albums)
