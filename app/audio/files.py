"""Audio files under AUDIO_DIR: which there are, and what identifies their content."""

import hashlib
import os
import stat
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from ..core.errors import InvalidError, MachineError, NotFoundError, TagscapeError
from ..disk.reading import reading

__all__ = ["SUFFIXES", "FileState", "Walk", "fingerprint", "root", "walk"]

SUFFIXES = frozenset([".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".wav", ".aif", ".aiff", ".wma"])
DIGEST_BYTES = 32


@dataclass(frozen=True)
class FileState:
    """Size and time of change: they tell, without reading a file, whether it was changed."""

    size_bytes: int
    mtime_ns: int


@dataclass
class Walk:
    """What lies under AUDIO_DIR. Paths are relative to it, with '/' between folders, spelt as the disk spells them.

    files : audio files that can be opened
    unreachable : audio files by name that cannot: broken links, links that lead outside, pipes
    unread_folders : folders whose content stays unknown
    problems : what cannot be recorded as a track: names that are not UTF-8, linked folders that lie outside
    """

    files: dict[str, FileState] = field(default_factory=dict)
    unreachable: dict[str, TagscapeError] = field(default_factory=dict)
    unread_folders: dict[str, TagscapeError] = field(default_factory=dict)
    problems: list[TagscapeError] = field(default_factory=list)

    def is_unknown(self, path: str) -> bool:
        """Whether `path` lies in a folder that could not be read, so that nobody knows whether it is still there."""
        return any(path.startswith(f"{folder}/") for folder in self.unread_folders)


def root(audio_dir: Path) -> Path:
    """The real folder behind AUDIO_DIR.

    Raises
    ------
    MachineError
        It does not exist, or cannot be read.
    """
    try:
        real = audio_dir.resolve(strict=True)
        with os.scandir(real) as entries:
            next(entries, None)
    except OSError as error:
        raise MachineError(
            "no_audio_dir",
            f"AUDIO_DIR={audio_dir} cannot be read: {error.strerror}.",
            "Set AUDIO_DIR in instance/config.py, or TAGSCAPE_AUDIO_DIR in the environment, to the folder of your music.",
        ) from error
    return real


def walk(audio_dir: Path) -> Walk:
    """Find audio files at any depth, leaving out hidden files and folders.

    A folder is walked once, under its real path where that is in sight, so links cannot loop; links that lead outside
    `audio_dir` are not followed.

    Raises
    ------
    MachineError
        `audio_dir` does not exist, or cannot be read.
    """
    return _Walker(audio_dir).walk()


def fingerprint(path: Path) -> str:
    """BLAKE2b-256 of all bytes of a file, in hex.

    Raises
    ------
    NotFoundError
        The file is not there any more.
    MachineError
        The file cannot be read.
    """
    with reading(path), path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST_BYTES)).hexdigest()


class _Walker:
    def __init__(self, audio_dir: Path) -> None:
        self.root = root(audio_dir)
        self.found = Walk()
        self.folders = deque([""])
        self.linked_folders: deque[str] = deque()
        self.seen: set[tuple[int, int]] = set()

    def walk(self) -> Walk:
        while self.folders or self.linked_folders:
            # real folders first: a link never takes a folder's place
            folder = (self.folders or self.linked_folders).popleft()
            try:
                self._read(folder)
            except OSError as error:
                self.found.unread_folders[folder] = MachineError(
                    "unreadable_folder", f"The folder {folder} cannot be read: {error.strerror}.", "Check its permissions."
                )
        return self.found

    def _read(self, folder: str) -> None:
        absolute = self.root / folder
        there = absolute.stat()
        if (there.st_dev, there.st_ino) in self.seen:
            return
        self.seen.add((there.st_dev, there.st_ino))
        with os.scandir(absolute) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if not entry.name.startswith("."):
                    self._sort(entry, f"{folder}/{entry.name}" if folder else entry.name)

    def _sort(self, entry: os.DirEntry[str], path: str) -> None:
        is_audio = os.path.splitext(entry.name)[1].lower() in SUFFIXES  # noqa: PTH122 - a Path per file doubles the time
        try:
            there = entry.stat()
        except OSError:
            there = None
        is_folder = there is not None and stat.S_ISDIR(there.st_mode)
        if not (is_folder or is_audio):
            return
        if not _is_utf8(path):
            self.found.problems.append(
                InvalidError("undecodable_name", f"The name of {_shown(path)} is not UTF-8.", "Rename it, then run this again.")
            )
        elif there is None:
            if entry.is_symlink():  # else it vanished just now
                self.found.unreachable[path] = NotFoundError(
                    "broken_symlink", f"{path} is a link to nothing.", "Make it lead to a file, or remove it."
                )
        elif entry.is_symlink() and not self._leads_inside(entry.path):
            error = InvalidError(
                "outside_audio_dir",
                f"{path} is a link that leads outside AUDIO_DIR.",
                "Move the music into AUDIO_DIR, or mount it there.",
            )
            if is_folder:
                self.found.problems.append(error)
            else:
                self.found.unreachable[path] = error
        elif is_folder:
            (self.linked_folders if entry.is_symlink() else self.folders).append(path)
        elif stat.S_ISREG(there.st_mode):
            self.found.files[path] = FileState(there.st_size, there.st_mtime_ns)
        else:
            self.found.unreachable[path] = InvalidError(
                "not_a_file", f"{path} is a pipe or a device, not a file.", "Remove it from AUDIO_DIR."
            )

    def _leads_inside(self, link: str) -> bool:
        return Path(os.path.realpath(link)).is_relative_to(self.root)


def _is_utf8(path: str) -> bool:
    return not any("\udc80" <= character <= "\udcff" for character in path)


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
