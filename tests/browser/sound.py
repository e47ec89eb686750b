"""What comes out of a page's loudspeaker, sample by sample: whatever is connected to an audio context's destination is recorded.

The recorder is the old ScriptProcessorNode: the policy of the pages lets in no AudioWorklet but one that the server offers.
"""

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.browser.screen import Screen

__all__ = ["Recorder", "Recording", "runs"]

LISTEN = """(() => {
  window.recorded = { rate_hz: 0, blocks: [] };
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    const { context } = this;
    if (target instanceof AudioDestinationNode && context instanceof AudioContext) {
      const recorder = context.createScriptProcessor(BLOCK, 1, 1);
      recorder.addEventListener("audioprocess", ({ playbackTime, inputBuffer }) => {
        // what comes in now goes out one buffer later
        const frame = Math.round((playbackTime - inputBuffer.duration) * context.sampleRate);
        recorded.blocks.push([frame, inputBuffer.getChannelData(0).slice()]);
      });
      connect.call(this, recorder);
      connect.call(recorder, context.destination);
      Object.assign(recorded, { rate_hz: context.sampleRate, context, recorder });
    }
    return connect.call(this, target, ...rest);
  };
})()""".replace("BLOCK", "16384")

TAKE = """() => {
  const { blocks, rate_hz } = recorded;
  const bytes = new Uint8Array(new Blob(blocks.map(([, samples]) => samples)).size);
  blocks.forEach(([, samples], i) => bytes.set(new Uint8Array(samples.buffer), i * samples.byteLength));
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return [rate_hz, blocks.map(([frame]) => frame), btoa(text)];
}"""

BLOCK = 16384


@dataclass(frozen=True)
class Recording:
    """Samples of one channel, from a time of the context's clock on."""

    rate_hz: int
    start_s: float
    samples: NDArray[np.float32]

    def since(self, time_s: float) -> "Recording":
        first = max(0, round((time_s - self.start_s) * self.rate_hz))
        return Recording(self.rate_hz, self.start_s + first / self.rate_hz, self.samples[first:])


class Recorder:
    """Records a page from its first load on; ask before the page is opened."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        screen.page.add_init_script(LISTEN)

    def time_s(self) -> float:
        """The clock of the context."""
        return float(self.screen.page.evaluate("recorded.context.currentTime"))

    def wait_until_recorded(self, time_s: float) -> None:
        """Wait until the recording reaches a time of the context's clock."""
        self.screen.wait(f"recorded.blocks.length && recorded.blocks.at(-1)[0] > {time_s} * recorded.rate_hz")

    def take(self) -> Recording:
        rate_hz, frames, text = self.screen.page.evaluate(TAKE)
        # the time that a block tells is that of the moment when it was handed over: only the first is near the truth
        lost = frames[-1] - frames[0] - (len(frames) - 1) * BLOCK
        assert lost < BLOCK / 2, "the page was too busy to record itself"
        return Recording(rate_hz, frames[0] / rate_hz, np.frombuffer(base64.b64decode(text), "<f4"))


def runs(found: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where a condition holds without a break: first indices and those behind the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], found, [False]]).astype(np.int8)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
