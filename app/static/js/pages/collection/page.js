// The page of the collection: how far it has come, what failed, and the command to run next.

/** @import {Collection, Status} from "../../types/api" */
/** @import {Mount} from "../../types/page" */

import { json } from "../../api/client.js";
import { element, find } from "../../lib/dom.js";
import { clock } from "../../lib/format.js";
import { Notice } from "../../ui/notice.js";
import { failures } from "./failures.js";
import { next } from "./next.js";
import { runs } from "./runs.js";
import { spaces } from "./spaces.js";
import { summary } from "./summary.js";

const SHORTEST_WAIT_MS = 5000;
/** Counting reads the whole database: at most a twentieth of the time is spent on it. */
const WAIT_PER_READING = 20;

/** @type {Mount} */
export function mount(host, { signal, toast }) {
  const notice = new Notice(find(host, ".notice"), find(host, ".progress"));
  const content = find(host, ".collection");
  const readAt = find(host, ".read-at");
  let timer = 0;
  let isFollowing = false;

  async function read() {
    clearTimeout(timer);
    host.setAttribute("aria-busy", "true");
    notice.loading(isShown() ? "" : "Counting …");
    const begun_ms = performance.now();
    try {
      /** @type {[Status, Collection]} */
      const [status, collection] = await Promise.all([json("/api/status", signal), json("/api/collection", signal)]);
      show(status, collection);
      isFollowing = status.is_writing;
    } catch (error) {
      if (signal.aborted) return;
      if (isShown()) stayWith(error);
      else notice.failing(error, read);
    }
    if (isFollowing) wait(performance.now() - begun_ms);
    host.setAttribute("aria-busy", "false");
  }

  function isShown() {
    return content.childElementCount > 0;
  }

  /** What fails leaves the last good numbers; their time stands beside them. @param {unknown} error */
  function stayWith(error) {
    // told once: told anew, it would be read aloud again, and "Try again" would lose the focus
    if (notice.tells(error)) notice.loaded();
    else notice.failingOver("Not counted again.", error, read);
  }

  /** @param {Status} status @param {Collection} collection */
  function show(status, collection) {
    const sections = [
      next(status, toast),
      summary(status, collection),
      spaces(status, collection),
      failures(status, toast),
      runs(status),
    ];
    content.replaceChildren(...sections.filter((section) => section !== null));
    readAt.replaceChildren(`Counted at ${clock(new Date())}. `, again);
    notice.done();
  }

  /** While a command is at work, the numbers follow. @param {number} took_ms the last reading */
  function wait(took_ms) {
    if (!signal.aborted) timer = window.setTimeout(read, Math.max(SHORTEST_WAIT_MS, WAIT_PER_READING * took_ms));
  }

  const again = element("button", { type: "button", class: "link-button", onclick: read }, "Count again");
  read();
  return () => clearTimeout(timer);
}
