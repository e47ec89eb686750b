"""What commands print: progress while they work, a count when they end, an error in one sentence."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from tqdm import tqdm

from ..core.entities import Outcome
from ..core.progress import Advance

__all__ = ["TerminalProgress", "print_outcome"]

LINE_EVERY_S = 10.0


class TerminalProgress:
    """A bar with rate and time left on a terminal, plain lines otherwise; on standard error."""

    @contextmanager
    def stretch(self, label: str, total: float | None, unit: str) -> Iterator[Advance]:
        """Show one stretch of work."""
        stream = sys.stderr
        if total == 0:
            yield _nothing
        elif stream.isatty():
            with tqdm(total=total, desc=label, unit=f" {unit}", file=stream, dynamic_ncols=True, smoothing=0.1) as bar:
                yield lambda n=1: _discard(bar.update(n))
        else:
            lines = _Lines(label, total, unit)
            yield lines.advance
            lines.close()


class _Lines:
    def __init__(self, label: str, total: float | None, unit: str) -> None:
        self.label, self.total, self.unit, self.n = label, total, unit, 0.0
        self.began = self.told = time.monotonic()

    def advance(self, n: float = 1) -> None:
        self.n += n
        if time.monotonic() - self.told >= LINE_EVERY_S:
            self.told = time.monotonic()
            self.tell()

    def tell(self) -> None:
        rate = self.n / max(time.monotonic() - self.began, 1e-9)
        text = f"{self.label}: {self.n:g}"
        if self.total:
            left = tqdm.format_interval((self.total - self.n) / rate) if rate else "?"
            text += f"/{self.total:g} {self.unit}, {rate:.2g}/s, {left} left"
        else:
            text += f" {self.unit}, {rate:.2g}/s"
        click.echo(text, err=True)

    def close(self) -> None:
        took = tqdm.format_interval(time.monotonic() - self.began)
        click.echo(f"{self.label}: {self.n:g} {self.unit} in {took}", err=True)


def _nothing(n: float = 1) -> None:
    pass


def _discard(value: object) -> None:
    pass


def print_outcome(what: str, outcome: Outcome) -> None:
    """`12 tracks extracted, 3 skipped, 1 failed: flask status --failures`."""
    text = f"{outcome.done} {what}, {outcome.skipped} skipped, {outcome.failed} failed"
    if outcome.warned:
        text += f", {outcome.warned:,} with a warning"
    if outcome.failed or outcome.warned:
        text += ". See: flask status --failures"
    click.echo(text)
