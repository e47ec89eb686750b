// What to do next, at the top of the page.

/** @import {Status} from "../../types/api" */
/** @import {Toast} from "../../ui/toast.js" */

import { element } from "../../lib/dom.js";
import { commandLine } from "../../ui/command-line.js";

/** Why a command is the next one. @type {Record<string, string>} */
const REASONS = {
  "flask index-all-audio": "No audio is indexed yet: set AUDIO_DIR to the folder with your music.",
  "flask load-id3-metadata": "Tags of files wait to be read.",
  "flask install-networks": "Tracks wait for a network to hear them.",
  "flask extract-all": "Tracks are still to be extracted.",
  "flask reduce-all": "Maps are missing, or tracks wait for their place on them.",
  "flask index-all-embeddings": "Neighbours wait to be indexed.",
};
const EVERYTHING = "flask sync";

/** @param {Status} status @param {Toast} toast */
export function next({ next_command }, toast) {
  if (!next_command) return section("Nothing is left to do", element("p", {}, element("a", { href: "/" }, "Look at the map"), "."));
  return section(
    REASONS[next_command] ?? "There is something left to do.",
    element(
      "div",
      { class: "next-commands" },
      "Run ",
      commandLine(next_command, toast),
      " or do all that is missing ",
      commandLine(EVERYTHING, toast),
    ),
  );
}

/** @param {string} title @param {Node} what */
function section(title, what) {
  return element("section", { class: "next-step" }, element("h2", {}, title), what);
}
