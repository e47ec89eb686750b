// The keys of the map.

/** @import {Binding} from "../../ui/keys.js" */
/** @import {MapPage} from "./map-page.js" */

const PAN = 0.15;
export const ZOOM = 0.7;

/** @param {MapPage} page @returns {Binding[]} */
export function mapKeys(page) {
  const { stage } = page;
  return [
    { keys: ["Enter"], shown: "enter", does: "play the point nearest to the middle", run: () => page.chooseMiddle() },
    { keys: [], shown: "hold a finger", does: "a loupe: slide to choose a point, lift to play it", run: () => {} },
    { keys: ["+", "="], shown: "+", does: "zoom in", run: () => stage.zoom(ZOOM) },
    { keys: ["-"], shown: "−", does: "zoom out", run: () => stage.zoom(1 / ZOOM) },
    { keys: ["0"], shown: "0", does: "the whole map", run: () => stage.showWhole() },
    { keys: ["Shift+ArrowLeft"], shown: "shift + arrows", does: "move the map", run: () => stage.pan(-PAN, 0) },
    { keys: ["Shift+ArrowRight"], shown: "", does: "", run: () => stage.pan(PAN, 0) },
    { keys: ["Shift+ArrowUp"], shown: "", does: "", run: () => stage.pan(0, PAN) },
    { keys: ["Shift+ArrowDown"], shown: "", does: "", run: () => stage.pan(0, -PAN) },
    { keys: ["b", "B"], shown: "B", does: "zoom into a box that you draw, or move again", run: () => page.tools.toggleDrag() },
    { keys: ["h", "H"], shown: "H", does: "the thread of what plays, or not", run: () => page.threads.toggle() },
    { keys: ["s", "S"], shown: "S", does: "what is selected, or not", run: () => page.selectionPanel.toggle() },
    { keys: ["w", "W"], shown: "W", does: "the words on the map, or not", run: () => page.regions.toggle() },
    { keys: ["t", "T"], shown: "T", does: "the segments in view as a table", run: () => page.tools.toggleTable() },
  ];
}
