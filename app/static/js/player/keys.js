// The keys of the player, on every page.

/** @import {Binding} from "../ui/keys.js" */
/** @import {NowPlaying} from "./now-playing.js" */

/** @param {NowPlaying} now @returns {Binding[]} */
export function playerKeys(now) {
  return [
    { keys: [" "], shown: "space", does: "play or pause", run: () => now.playOrPause() },
    { keys: ["ArrowLeft"], shown: "←", does: "previous segment of the track", run: () => void now.step(-1) },
    { keys: ["ArrowRight"], shown: "→", does: "next segment of the track", run: () => void now.step(1) },
    { keys: ["j", "J"], shown: "J", does: "previous track", run: () => void now.stepTrack(-1) },
    { keys: ["k", "K"], shown: "K", does: "next track", run: () => void now.stepTrack(1) },
  ];
}
