// The keys of the map.

/** @import {Binding} from "../ui/keys.js" */
/** @import {MapPage} from "./map-page.js" */

const PAN = 0.15;
const ZOOM = 0.7;

/** @param {MapPage} page @returns {Binding[]} */
export function mapKeys(page) {
  const { now, stage } = page;
  return [
    { keys: [" "], shown: "space", does: "play or pause", run: () => page.playOrPause() },
    { keys: ["ArrowLeft"], shown: "←", does: "previous segment of the track", run: () => void now.step(-1) },
    { keys: ["ArrowRight"], shown: "→", does: "next segment of the track", run: () => void now.step(1) },
    { keys: ["j", "J"], shown: "J", does: "previous track", run: () => void now.stepTrack(-1) },
    { keys: ["k", "K"], shown: "K", does: "next track", run: () => void now.stepTrack(1) },
    { keys: ["Enter"], shown: "enter", does: "play the point nearest to the middle", run: () => page.playMiddle() },
    { keys: ["+", "="], shown: "+", does: "zoom in", run: () => stage.zoom(ZOOM) },
    { keys: ["-"], shown: "−", does: "zoom out", run: () => stage.zoom(1 / ZOOM) },
    { keys: ["0"], shown: "0", does: "the whole map", run: () => stage.showWhole() },
    { keys: ["Shift+ArrowLeft"], shown: "shift + arrows", does: "move the map", run: () => stage.pan(-PAN, 0) },
    { keys: ["Shift+ArrowRight"], shown: "", does: "", run: () => stage.pan(PAN, 0) },
    { keys: ["Shift+ArrowUp"], shown: "", does: "", run: () => stage.pan(0, PAN) },
    { keys: ["Shift+ArrowDown"], shown: "", does: "", run: () => stage.pan(0, -PAN) },
    { keys: ["b", "B"], shown: "B", does: "zoom into a box that you draw, or move again", run: () => stage.toggleDrag() },
    { keys: ["t", "T"], shown: "T", does: "the segments in view as a table", run: () => page.toggleTable() },
  ];
}
