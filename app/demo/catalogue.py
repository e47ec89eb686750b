"""Which clips the demo collection has: style, length, file format, and the invented names in their tags."""

from dataclasses import dataclass
from functools import cache

import numpy as np

__all__ = ["N_CLIPS", "SEED", "Clip", "Format", "clips"]

SEED = 1877
N_CLIPS = 60
YEARS = range(1994, 2025)


@dataclass(frozen=True)
class Format:
    """A kind of file: suffix, container and encoder (FFmpeg's names), sample rate, channels."""

    suffix: str
    container: str
    encoder: str
    sample_rate_hz: int
    n_channels: int


# Seven formats and eight styles: no style comes in one format only.
FORMATS = (
    Format("mp3", "mp3", "libmp3lame", 44100, 2),
    Format("ogg", "ogg", "vorbis", 44100, 2),
    Format("flac", "flac", "flac", 48000, 1),
    Format("opus", "opus", "libopus", 48000, 2),
    Format("m4a", "ipod", "aac", 44100, 2),
    Format("wav", "wav", "pcm_s16le", 48000, 1),
    Format("mp3", "mp3", "libmp3lame", 48000, 1),
)

# Every style has two artists with an album each; two of the albums share a title.
RELEASES = {
    "Ambient": (("Halvard Issen", "Tidewater Rooms"), ("Slow Aurora", "Nine Kinds of Fog")),
    "Techno": (("Kontaktstelle 9", "Nachtschicht"), ("Mira Voltage", "Collected Works")),
    "Drum and Bass": (("Subterrane", "Pressure Drop Zone"), ("Quill & Razor", "Amen Corner Shop")),
    "Rock": (("The Paper Lanterns", "Loud in the Kitchen"), ("Rust Belt Saints", "Overpass")),
    "Classical": (("Ensemble Brümmel", "Études for the Winter"), ("Collegium Ostrava Nova", "Collected Works")),
    "Piano": (("Élodie Marchetaux", "Letters Not Sent"), ("Tomasz Wilk", "Small Hours")),
    "Chiptune": (("8-Bit Badger", "Press Start to Grieve"), ("ピクセル工房", "Level Select")),
    "Folk": (("Søren Kvist", "The Ferryman's Daughter"), ("Maud Hartnell", "Barley and Rain")),
}

FIRST_WORDS = ("Amber", "Broken", "Distant", "Early", "Golden", "Hidden", "Iron", "Lost", "Midnight", "Northern", "Paper", "Quiet")
LAST_WORDS = (
    "Bridge",
    "Circuit",
    "Garden",
    "Harbour",
    "Lantern",
    "Machine",
    "Meadow",
    "Orbit",
    "River",
    "Signal",
    "Winter",
    "Year",
)


@dataclass(frozen=True)
class Clip:
    """One clip, before it is made."""

    index: int
    style: str
    duration_s: float
    format: Format
    title: str
    artist: str
    album: str
    track_number: int
    year: int

    @property
    def path(self) -> str:
        """Where it goes, relative to the collection's folder."""
        return f"{self.artist}/{self.album}/{self.track_number:02d} {self.title}.{self.format.suffix}"


@cache
def clips() -> tuple[Clip, ...]:
    """Every clip of the collection, always the same."""
    rng = np.random.default_rng(SEED)
    pairs = rng.permutation(len(FIRST_WORDS) * len(LAST_WORDS))
    styles = list(RELEASES)
    made = []
    for index in range(N_CLIPS):
        first, last = divmod(int(pairs[index]), len(LAST_WORDS))
        turn, style = index // len(styles), styles[index % len(styles)]
        artist, album = RELEASES[style][turn % 2]
        made.append(
            Clip(
                index=index,
                style=style,
                duration_s=round(float(rng.uniform(21, 39)), 1),
                format=FORMATS[index % len(FORMATS)],
                title=f"{FIRST_WORDS[first]} {LAST_WORDS[last]}",
                artist=artist,
                album=album,
                track_number=turn // 2 + 1,
                year=YEARS[(len(artist) * 7 + len(album)) % len(YEARS)],
            )
        )
    return tuple(made)
