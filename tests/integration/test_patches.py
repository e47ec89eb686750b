"""From files to patches: every format, and every kind of file that is not what it claims to be."""

import os
import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from app.audio import decode
from app.audio.melspectrogram import FRONT_ENDS, Patches
from app.audio.patches import PatchStream
from app.audio.resample import Resampler
from app.core.errors import CorruptError, InvalidError, TagscapeError
from app.core.units import Hertz
from app.providers import playable

from ..tones import FORMATS, write_tone

IEEE_FLOAT = 3
EXTENDED_CONTENT = bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850")
"""How a part of the header of a WMA file begins; its size follows, in 64 bits."""


def write_wav(path: Path, samples: np.ndarray, rate_hz: int = 16_000, *, form: int = 1, declared_bytes: int | None = None) -> Path:
    """A RIFF file of int16 or, as form 3, float32 samples [n, n_channels]."""
    samples = samples.reshape(len(samples), -1)
    data, n_channels, width = samples.tobytes(), samples.shape[1], samples.itemsize
    n_bytes = len(data) if declared_bytes is None else declared_bytes
    fmt = struct.pack("<HHIIHH", form, n_channels, rate_hz, rate_hz * n_channels * width, n_channels * width, 8 * width)
    path.write_bytes(b"RIFF" + struct.pack("<I4s4sI", n_bytes + 36 & 0xFFFFFFFF, b"WAVE", b"fmt ", 16) + fmt
                     + b"data" + struct.pack("<I", n_bytes) + data)  # fmt: skip
    return path


def tone(n: int, pitch_hz: float = 440, rate_hz: int = 16_000) -> np.ndarray:
    return (12_000 * np.sin(2 * np.pi * pitch_hz * np.arange(n) / rate_hz)).astype("<i2")


def read(path: Path, *front_ends: str) -> tuple[PatchStream, dict[str, np.ndarray]]:
    stream = PatchStream(path, front_ends or ("musicnn",))
    parts: dict[str, list[np.ndarray]] = {}
    for front_end, patches in stream:
        parts.setdefault(front_end, []).append(patches)
    return stream, {name: np.concatenate(own) for name, own in parts.items()}


def refusal(path: Path) -> str:
    with pytest.raises(TagscapeError) as caught:
        read(path)
    assert str(path.parent) not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_its_sound_and_its_facts(tmp_path: Path, suffix: str) -> None:
    path = write_tone(tmp_path / f"a{suffix}", pitch_hz=540, duration_s=4.0)
    facts = decode.probe(path)
    assert facts.sample_rate_hz == 48_000
    assert facts.n_channels in (1, 2)
    assert facts.duration_s == pytest.approx(4.0, abs=0.2)
    stream, patches = read(path)
    assert stream.duration_s == pytest.approx(4.0, abs=0.1)
    assert not stream.warnings
    loudest = patches["musicnn"][0, 20:].mean(0)
    expected = Patches(FRONT_ENDS["musicnn"])
    pure = expected.push((tone(64_000, 540) / 32768).astype(np.float32))[0, 20:].mean(0)
    assert loudest.argmax() == pure.argmax()
    stereo_loss = np.log10(2) if facts.n_channels == 2 else 0.0  # the encoder's own way from mono to stereo
    assert loudest.max() == pytest.approx(pure.max() - stereo_loss, abs=0.1)


@pytest.mark.parametrize(("layout", "expected"), [("mono", 1.0), ("stereo", 0.5), ("5.1", 0.2071), ("7.1", 0.2)])
def test_channels_are_mixed_by_weights_that_sum_to_at_most_one(tmp_path: Path, layout: str, expected: float) -> None:
    """Sound in the left channel alone, then in all alike."""
    n_channels = av.AudioLayout(layout).nb_channels
    left = np.zeros((16_000, n_channels), "<i2")
    left[:, 0] = 16_384
    for samples, level in ((left, expected), (np.full_like(left, 16_384), 1.0)):
        with decode.opened(write_wav(tmp_path / "a.wav", samples)) as recording:
            mono = np.concatenate([chunk.samples for chunk in recording.chunks()])
        silent_lfe = layout in ("5.1", "7.1") and level == 1.0
        assert mono.max() == pytest.approx(0.5 * level, abs=0.06 if silent_lfe or layout == "7.1" else 1e-4)


def test_nine_channels_without_places_are_averaged(tmp_path: Path) -> None:
    samples = np.zeros((16_000, 9), "<i2")
    samples[:, 4] = 9_000
    with decode.opened(write_wav(tmp_path / "a.wav", samples)) as recording:
        mono = np.concatenate([chunk.samples for chunk in recording.chunks()])
    np.testing.assert_allclose(mono, 1_000 / 32_768, rtol=1e-6)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 96_000])
def test_streaming_a_file_equals_doing_it_in_one_piece(tmp_path: Path, rate_hz: int) -> None:
    samples = np.random.default_rng(0).integers(-9_000, 9_000, 10 * rate_hz).astype("<i2")
    stream, patches = read(write_wav(tmp_path / "a.wav", samples, rate_hz), *FRONT_ENDS)
    resampler = Resampler(Hertz(rate_hz))
    sound = (samples / 32_768).astype(np.float32)
    whole = np.concatenate([resampler.push(sound), resampler.finish()])
    assert stream.duration_s == pytest.approx(10.0)
    for name, front_end in FRONT_ENDS.items():
        cutter = Patches(front_end)
        np.testing.assert_array_equal(patches[name], np.concatenate([cutter.push(whole), cutter.finish()]))
        assert len(patches[name]) == front_end.geometry.n_segments(160_000)


def test_24_bit_flac_at_96_khz_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    sound = (tone(96_000 * 4, 540, 96_000).astype(np.int32) << 16)[np.newaxis]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=96_000, layout="mono", format="s32")
        frame = av.AudioFrame.from_ndarray(sound, format="s32", layout="mono")
        frame.sample_rate = 96_000
        container.mux([*stream.encode(frame), *stream.encode(None)])
    assert decode.probe(path) == decode.AudioFacts(4.0, "flac", 1, Hertz(96_000))
    assert len(read(path)[1]["musicnn"]) == 1


@pytest.mark.parametrize("suffix", [".flac", ".aac", ".mp3"])
def test_a_file_behind_a_large_tag_is_known_by_its_suffix(tmp_path: Path, suffix: str) -> None:
    """Covers in an ID3 tag push the sound out of what FFmpeg looks at first."""
    path = write_tone(tmp_path / f"a{suffix}", duration_s=2)
    size = 2 << 20
    seven_bits_each = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x04\x00\x00" + seven_bits_each + bytes(size) + path.read_bytes())
    assert decode.probe(path).codec == suffix[1:]
    with wave.open(str(playable.as_wav(path, tmp_path / "copies"))) as copy:
        assert copy.getnframes() / copy.getframerate() == pytest.approx(2, abs=0.1)


def test_a_silent_file_gives_silent_patches(tmp_path: Path) -> None:
    _, patches = read(write_wav(tmp_path / "a.wav", np.zeros(64_000, "<i2")))
    assert patches["musicnn"].shape == (1, 187, 96)
    assert not patches["musicnn"].any()


def test_a_change_of_rate_in_mid_stream_is_followed(tmp_path: Path) -> None:
    first = write_tone(tmp_path / "a.mp3", duration_s=4.0).read_bytes()
    path = tmp_path / "b.mp3"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=32_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone(4 * 32_000, 440, 32_000)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = 32_000
        resampler = av.AudioResampler(stream.format.name, "mono", 32_000, stream.frame_size)
        for made in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(made))
        container.mux(stream.encode(None))
    (tmp_path / "c.mp3").write_bytes(first + path.read_bytes())
    stream_read, patches = read(tmp_path / "c.mp3")
    assert stream_read.duration_s == pytest.approx(8.0, abs=0.2)
    assert len(patches["musicnn"]) == 2


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".wav"])
def test_a_truncated_file_is_used_with_a_warning(tmp_path: Path, suffix: str) -> None:
    path = write_tone(tmp_path / f"a{suffix}", duration_s=20.0)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    stream, patches = read(path)
    assert [warning.code for warning in stream.warnings] == ["truncated"]
    assert 10 < stream.duration_s < 14
    assert len(patches["musicnn"]) == FRONT_ENDS["musicnn"].geometry.n_segments(round(stream.duration_s * 16_000))


@pytest.mark.parametrize("declared_bytes", [0, 0x7FFFFFF0, 0xFFFFFFFF])
def test_a_wav_from_a_pipe_lasts_as_long_as_its_sound(tmp_path: Path, declared_bytes: int) -> None:
    path = write_wav(tmp_path / "a.wav", tone(160_000), declared_bytes=declared_bytes)
    assert decode.probe(path).duration_s == pytest.approx(10.0, abs=0.01)
    stream, _ = read(path)
    assert stream.duration_s == 10.0
    assert not stream.warnings


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused(tmp_path: Path, value: float) -> None:
    sound = np.zeros(160_000, "<f4")
    sound[150_000] = value
    assert refusal(write_wav(tmp_path / "a.wav", sound, form=IEEE_FLOAT)) == "non_finite_audio"


@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".flac", ".ogg", ".m4a"])
@pytest.mark.parametrize("content", [b"", b"ab", b"hello world\n" * 2_000, np.random.default_rng(0).bytes(50_000)])
def test_what_is_no_audio_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    (tmp_path / f"a{suffix}").write_bytes(content)
    expected = "not_audio" if content else "empty_file"
    assert refusal(tmp_path / f"a{suffix}") == expected


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    sound = write_tone(tmp_path / "sound.mp3", duration_s=4.0)
    for name, text in (("a.mp3", f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{sound}\n#EXT-X-ENDLIST\n"),
                       ("a.ffconcat", "ffconcat version 1.0\nfile sound.mp3\n")):  # fmt: skip
        (tmp_path / name).write_text(text)
        assert refusal(tmp_path / name) == "not_audio"


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        container.mux(stream.encode(None))
    assert refusal(tmp_path / "a.mp4") == "no_audio_stream"


def test_what_cannot_be_opened_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link.mp3").symlink_to(tmp_path / "nowhere.mp3")
    assert refusal(tmp_path / "link.mp3") == "missing_file"
    assert refusal(tmp_path / "gone.mp3") == "missing_file"
    (tmp_path / "folder.mp3").mkdir()
    os.mkfifo(tmp_path / "pipe.mp3")
    assert refusal(tmp_path / "folder.mp3") == refusal(tmp_path / "pipe.mp3") == "unreadable_file"
    forbidden = write_tone(tmp_path / "forbidden.mp3")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(forbidden))

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, whom no permission stops
    assert refusal(forbidden) == "unreadable_file"


@pytest.mark.parametrize("name", ["夜曲 – \u202e.mp3", "http:x.mp3", "img%03d.mp3", "-i.mp3", "a;b|c$(d)'\".mp3", "concat:a|b.mp3"])
def test_any_name_is_only_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    write_tone(tmp_path / "a.mp3", duration_s=4.0).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert len(read(Path(name))[1]["musicnn"]) == 1


def test_a_name_that_is_no_unicode_is_read(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.mp3"))
    write_tone(tmp_path / "a.mp3", duration_s=4.0).rename(path)
    assert len(read(path)[1]["musicnn"]) == 1


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.flac", duration_s=4.0).rename(tmp_path / "a.mp3")
    assert decode.probe(tmp_path / "a.mp3").codec == "flac"
    assert len(read(tmp_path / "a.mp3")[1]["musicnn"]) == 1


@pytest.mark.parametrize("rate_hz", [1, 900, 500_000, 2_000_000_000])
def test_sample_rates_that_no_sound_has_are_refused(tmp_path: Path, rate_hz: int) -> None:
    header = bytearray(write_wav(tmp_path / "a.wav", tone(64_000)).read_bytes())
    header[24:28] = struct.pack("<I", rate_hz)
    (tmp_path / "a.wav").write_bytes(header)
    assert refusal(tmp_path / "a.wav") == "unsupported_sample_rate"


def test_damaged_packets_are_skipped(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.mp3", duration_s=20.0)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3_000] = np.random.default_rng(0).bytes(3_000)
    path.write_bytes(content)
    stream, patches = read(path)
    assert stream.duration_s > 19
    assert len(patches["musicnn"]) == 6


def leading_nowhere(path: Path) -> Path:
    """A WMA file in whose header one byte of a size is another: what is read for the next size leads out of the file."""
    data = bytearray(write_tone(path, duration_s=1.0).read_bytes())
    size_at = data.index(EXTENDED_CONTENT) + len(EXTENDED_CONTENT)
    data[size_at] = 0xB7
    path.write_bytes(data)
    return path


def test_a_file_that_leads_nowhere_is_refused_without_a_word_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = leading_nowhere(tmp_path / "a.wma")
    for use in (read, decode.probe):
        with pytest.raises(InvalidError, match="is not audio"):
            use(path)
    with pytest.raises(CorruptError, match="cannot be decoded"):
        playable.as_wav(path, tmp_path / "cache")
    assert capfd.readouterr() == ("", "")


def test_whatever_bytes_are_damaged_nothing_is_said_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whole = write_tone(tmp_path / "a.wma").read_bytes()
    random = np.random.default_rng(0)
    codes = set()
    for _ in range(100):
        data = np.frombuffer(whole, np.uint8).copy()
        # headers hold sizes and places; sound does not
        data[random.integers(0, 600, 8)] = random.integers(0, 256, 8)
        (tmp_path / "a.wma").write_bytes(data.tobytes())
        try:
            read(tmp_path / "a.wma")
        except TagscapeError as error:
            codes.add(error.code)
    assert "not_audio" in codes
    assert "unreadable_file" not in codes, "the disk is not to blame"
    assert capfd.readouterr() == ("", "")
