"""The demo's clips as a browser plays them: as long as they were made, and each place in its place."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from app import create_app
from app.core.progress import Silent
from app.demo.catalogue import FORMATS, clips
from app.demo.collection import render, synthesise
from app.store.database import database
from tests import collection
from tests.browser.conftest import Serve
from tests.browser.screen import Screen
from tests.browser.sound import Recorder

FRAMES_AROUND_S = 0.05
NEAR_S = 0.08
"""Chromium seeks in MP3 by frames, and does not wait for those that the first one needs."""
SOUGHT_S = 12.0
HEARD_S = 0.25

LOAD = """(track) => new Promise((resolve) => {
  window.sound = new Audio(`/audio/${track}`);
  sound.addEventListener("canplaythrough", () => resolve(sound.duration), { once: true });
})"""

PLAY = """async (at_s) => {
  const context = new AudioContext();
  context.createMediaElementSource(sound).connect(context.destination);
  await context.resume();
  sound.currentTime = at_s;
  await new Promise((resolve) => sound.addEventListener("seeked", resolve, { once: true }));
  await sound.play();
}"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, empty_database: Path, serve: Serve) -> str:
    """The address of a clip of every format."""
    instance = tmp_path_factory.mktemp("demo")
    shutil.copy(empty_database, instance / "tagscape.db")
    synthesise(instance / "audio", Silent(), limit=len(FORMATS))
    with create_app({"TAGSCAPE_INSTANCE_PATH": str(instance)}).app_context():
        session = database.session()
        for clip in clips()[: len(FORMATS)]:
            collection.add_track(session, clip.path, title=clip.title, duration_s=clip.duration_s)
        session.commit()
        database.session.remove()
        database.engine.dispose()
    return serve(instance, instance / "audio")


@pytest.mark.parametrize("index", range(len(FORMATS)))
def test_a_clip_lasts_and_sounds_in_chromium_as_it_was_made(demo: str, screen: Screen, index: int) -> None:
    clip = clips()[index]
    recorder = Recorder(screen)
    screen.page.goto(f"{demo}/collection")
    assert screen.page.evaluate(LOAD, index + 1) == pytest.approx(clip.duration_s, abs=FRAMES_AROUND_S)
    screen.page.evaluate(PLAY, SOUGHT_S)
    recorder.wait_until_recorded(recorder.time_s() + 1.5)
    heard = recorder.take()
    made = render(clip).mean(axis=0)
    times_s = SOUGHT_S + 0.1 + np.arange(round(HEARD_S * heard.rate_hz)) / heard.rate_hz
    wanted = np.interp(times_s, np.arange(made.shape[0]) / clip.format.sample_rate_hz, made)
    likeness = np.correlate(heard.samples, wanted, "valid")
    first = int(likeness.argmax())
    found = heard.samples[first : first + len(wanted)]
    assert likeness[first] / np.sqrt((wanted**2).sum() * (found**2).sum()) > 0.5
    # and it comes so long after the first sound as its place is after the place that was sought
    begins = int(np.flatnonzero(np.abs(heard.samples) > 1e-4)[0])
    assert (first - begins) / heard.rate_hz == pytest.approx(0.1, abs=NEAR_S)
