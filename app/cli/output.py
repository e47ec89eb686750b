"""What commands print: progress while they work, a count when they end, an error in one sentence."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from tqdm import tqdm

from ..core.entities import Outcome
from ..core.errors import TagscapeError
from ..core.progress import Advance

__all__ = ["TerminalProgress", "counted", "print_error", "print_outcome", "print_warning", "printable", "start_counting"]

LINE_EVERY_S = 10.0
OUTCOME = "tagscape.outcome"


class TerminalProgress:
    """A bar with rate and time left on a terminal, plain lines otherwise; on standard error."""

    @contextmanager
    def stretch(self, label: str, total: float | None, unit: str) -> Iterator[Advance]:
        """Show one stretch of work; nothing where there is nothing to do."""
        stream = sys.stderr
        if total == 0:
            yield _nothing
        elif stream.isatty():
            with tqdm(total=total, desc=label, unit=f" {unit}", file=stream, dynamic_ncols=True, smoothing=0.1) as bar:

                def advance(n: float = 1) -> None:
                    bar.update(n)

                yield advance
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
        now = time.monotonic()
        if now - self.told >= LINE_EVERY_S:
            self.told = now
            self.tell(now - self.began)

    def tell(self, took_s: float) -> None:
        rate = self.n / took_s
        text = f"{self.label}: {self.n:,.0f}"
        if self.total:
            text += f" of {self.total:,.0f} {self.unit}, {_rate(rate)}"
            if rate:
                text += f", {tqdm.format_interval((self.total - self.n) / rate)} left"
        else:
            text += f" {self.unit}, {_rate(rate)}"
        click.echo(text, err=True)

    def close(self) -> None:
        took = tqdm.format_interval(time.monotonic() - self.began)
        click.echo(f"{self.label}: {self.n:,.0f} {self.unit} in {took}", err=True)


def _nothing(n: float = 1) -> None:
    pass


def _rate(per_s: float) -> str:
    return f"{per_s:,.0f}/s" if per_s >= 10 else f"{per_s:.2g}/s"


def print_outcome(what: str, outcome: Outcome) -> None:
    """`12 tracks extracted, 3 skipped, 1 failed. See: flask status --failures`; also counted in the command's run."""
    click.get_current_context().meta[OUTCOME] = counted() + outcome
    text = f"{outcome.done:,} {what}, {outcome.skipped:,} skipped, {outcome.failed:,} failed"
    if outcome.warned:
        text += f", {outcome.warned:,} with a warning"
    if outcome.failed or outcome.warned:
        text += ". See: flask status --failures"
    click.echo(text)


def start_counting() -> None:
    """Count from zero, since a command begins: `flask sync` runs several, one after another."""
    click.get_current_context().meta[OUTCOME] = Outcome()


def counted() -> Outcome:
    """The sum of what the command has printed by `print_outcome`."""
    outcome: Outcome = click.get_current_context().meta[OUTCOME]
    return outcome


def print_error(error: TagscapeError) -> None:
    """Say what ended a command."""
    _say("Error", error)


def print_warning(error: TagscapeError) -> None:
    """Say what went wrong without ending the command."""
    _say("Warning", error)


def printable(text: str) -> str:
    """Text of files and tags, in which nothing can move the cursor or colour the terminal."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _say(kind: str, error: TagscapeError) -> None:
    click.echo(f"{kind}: {printable(str(error))}", err=True)
