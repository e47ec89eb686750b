// A command of the shell, to be copied.

/** @import {Toast} from "./toast.js" */

import { element } from "../lib/dom.js";

/** @param {string} command @param {Toast} toast */
export function commandLine(command, toast) {
  const code = element("code", {}, command);
  const label = `Copy ${command}`;
  const copy = element("button", { type: "button", class: "plain-button copy", "aria-label": label, onclick: take }, "Copy");

  async function take() {
    try {
      await navigator.clipboard.writeText(command);
      toast.say(`Copied: ${command}`);
    } catch {
      // browsers keep the clipboard from pages that come without encryption from another machine
      getSelection()?.selectAllChildren(code);
      toast.say("The command is selected: copy it with Ctrl+C.");
    }
  }

  return element("span", { class: "command-line" }, code, copy);
}
