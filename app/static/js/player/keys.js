// The keys of the player, on every page.

/** @import {Binding} from "../ui/keys.js" */
/** @import {NowPlaying} from "./now-playing.js" */
/** @import {QueuePanel} from "./queue-panel.js" */
/** @import {WhatNext} from "./what-next.js" */

/** @param {NowPlaying} now @param {WhatNext} next @param {QueuePanel} queue @returns {Binding[]} */
export function playerKeys(now, next, queue) {
  const { player } = now;
  return [
    { keys: [" "], shown: "space", does: "play or pause", run: () => now.playOrPause() },
    { keys: ["ArrowLeft"], shown: "←", does: "previous segment of the track", run: () => void now.step(-1) },
    { keys: ["ArrowRight"], shown: "→", does: "next segment of the track", run: () => void now.step(1) },
    { keys: ["j", "J", "p", "P"], shown: "J or P", does: "previous track", run: () => void next.skip(-1) },
    { keys: ["k", "K", "n", "N"], shown: "K or N", does: "next track", run: () => void next.skip(1) },
    { keys: ["m", "M"], shown: "M", does: "mute, or hear again", run: () => player.toggleMuted() },
    { keys: ["q", "Q"], shown: "Q", does: "what comes next: the queue", run: () => queue.toggle() },
  ];
}
