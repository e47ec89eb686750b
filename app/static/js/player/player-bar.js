// The bar at the bottom: what plays, what the network calls it, where in the track one is.

/** @import {NowPlaying} from "./now-playing.js" */
/** @import {WhatNext} from "./what-next.js" */

import { element, find } from "../lib/dom.js";
import { decimal, harmless, span } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { SoundGate } from "./sound-gate.js";
import { HINTS, SoundModes, usualSound } from "./sound-modes.js";
import { TaggramStrip } from "./taggram-strip.js";
import { Volume } from "./volume.js";

export class PlayerBar {
  #head = 0;

  /** @param {HTMLElement} host @param {NowPlaying} now @param {WhatNext} next */
  constructor(host, now, next) {
    this.host = host;
    this.now = now;
    this.play = find(host, ".play");
    /** @param {string} name @param {() => void} step @returns {HTMLButtonElement} */
    const button = (name, step) => {
      const found = /** @type {HTMLButtonElement} */ (find(host, name));
      found.addEventListener("click", step);
      return found;
    };
    this.steps = [
      button(".previous-track", () => next.skip(-1)),
      button(".previous", () => now.step(-1)),
      button(".next", () => now.step(1)),
      button(".next-track", () => next.skip(1)),
    ];
    this.title = find(host, ".track-title");
    this.detail = find(host, ".track-detail");
    this.tags = find(host, ".track-tags");
    this.strip = new TaggramStrip(find(host, ".strip"), (index) => now.playFrom(index));
    this.play.addEventListener("click", () => now.playOrPause());
    new SoundModes(find(host, ".sound-modes"), now);
    new Volume(find(host, ".volume"), now.player);
    new SoundGate(find(host, ".sound-gate"), now);
    for (const event of ["change", "offer"]) now.addEventListener(event, () => this.show());
    now.addEventListener("sound", () => now.segment || this.show());
    now.player.addEventListener("state", () => this.#showState());
    this.show();
    this.#showState();
  }

  show() {
    const { segment, row, taggram, hasOffer } = this.now;
    this.host.toggleAttribute("data-idle", !segment);
    const title = harmless(segment?.track.title ?? "Nothing plays yet");
    // said aloud when it is another, not with every segment
    if (this.title.textContent !== title) this.title.textContent = title;
    this.title.title = harmless(segment?.track.title ?? "");
    this.detail.replaceChildren(...(segment ? describe(segment) : [HINTS[this.now.sound ?? usualSound()]]));
    this.play.toggleAttribute("disabled", segment ? !segment.track.audio : !hasOffer);
    this.play.title = segment ? "Play or pause (space)" : "Play the point nearest to the middle (space)";
    for (const button of this.steps) button.disabled = row === null;
    this.tags.replaceChildren(...(segment?.tags ?? []).map(tagBar));
    this.strip.show(segment, taggram);
    this.strip.move(segment && this.now.player.state !== "playing" ? segment.start_s : this.now.player.time_s);
  }

  #showState() {
    const { state, busy } = this.now.player;
    this.play.replaceChildren(icon(busy ? "pause" : "play"));
    this.play.setAttribute("aria-label", busy ? "Pause" : "Play");
    this.host.dataset.state = state;
    cancelAnimationFrame(this.#head);
    const follow = () => {
      this.strip.move(this.now.player.time_s);
      if (this.now.player.state === "playing") this.#head = requestAnimationFrame(follow);
    };
    if (state === "playing" || state === "paused") follow();
  }
}

/** @param {import("../types/api").Segment} segment */
function describe({ track, start_s, end_s }) {
  const nodes = [
    element("span", { class: "track-artist", dir: "auto" }, track.artist ?? "unknown artist"),
    element("span", { class: "track-time" }, span(start_s, end_s)),
  ];
  if (!track.audio) nodes.push(element("span", { class: "problem" }, "The file is missing: put it back, then run flask sync"));
  return nodes;
}

/** @param {import("../types/api").TagValue} tag */
function tagBar({ label, value }) {
  const bar = element("span", { class: "tag-bar" });
  bar.style.setProperty("--value", String(Math.min(1, value)));
  return element(
    "li",
    {},
    element("span", { class: "tag-label", dir: "auto" }, label),
    bar,
    element("span", { class: "tag-value" }, decimal(value)),
  );
}
