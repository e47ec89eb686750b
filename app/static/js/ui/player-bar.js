// The bar at the bottom: what plays, what the network calls it, where in the track one is.

/** @import {SoundMode} from "../types/view" */
/** @import {NowPlaying} from "../audio/now-playing.js" */

import { byId, element } from "../lib/dom.js";
import { decimal, span } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { TaggramStrip } from "./taggram-strip.js";

/** What to do while nothing is in the player. @type {Record<SoundMode, string>} */
const HINTS = {
  point: "Point at the map to hear it.",
  click: "Choose a point to hear it.",
  off: "Choose a point to see what it is.",
};
const VOLUME_KEY = "tagscape.volume";

export class PlayerBar {
  #head = 0;
  /** @type {SoundMode} */
  #sound = "click";

  /** @param {NowPlaying} now @param {{ sound: (mode: SoundMode) => void, play: () => void }} on what is asked for */
  constructor(now, on) {
    this.now = now;
    this.play = byId("play");
    this.title = byId("track-title");
    this.detail = byId("track-detail");
    this.tags = byId("track-tags");
    this.strip = new TaggramStrip(byId("strip"), (index) => now.playFrom(index));
    this.volume = /** @type {HTMLInputElement} */ (byId("volume"));
    this.sounds = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll("input[name=sound]")]);
    this.play.addEventListener("click", on.play);
    byId("previous").addEventListener("click", () => now.step(-1));
    byId("next").addEventListener("click", () => now.step(1));
    for (const input of this.sounds) input.addEventListener("change", () => on.sound(/** @type {SoundMode} */ (input.value)));
    this.#bindVolume();
    now.addEventListener("change", () => this.show());
    now.player.addEventListener("state", () => this.#showState());
    this.show();
    this.#showState();
  }

  /** @param {SoundMode} mode */
  setSound(mode) {
    this.#sound = mode;
    if (!this.now.segment) this.show();
    for (const input of this.sounds) input.checked = input.value === mode;
  }

  show() {
    const { segment, taggram } = this.now;
    byId("player").toggleAttribute("data-idle", !segment);
    this.title.textContent = segment?.track.title ?? "Nothing plays yet";
    this.title.title = segment?.track.title ?? "";
    this.detail.replaceChildren(...(segment ? describe(segment) : [HINTS[this.#sound]]));
    this.play.removeAttribute("disabled");
    this.play.title = segment ? "Play or pause (space)" : "Play the point nearest to the middle (space)";
    for (const id of ["previous", "next"]) /** @type {HTMLButtonElement} */ (byId(id)).disabled = !segment;
    this.tags.replaceChildren(...(segment?.tags ?? []).map(tagBar));
    this.strip.show(segment, taggram);
    this.strip.move(segment && this.now.player.state !== "playing" ? segment.start_s : this.now.player.time_s);
  }

  #showState() {
    const { state, busy } = this.now.player;
    this.play.replaceChildren(icon(busy ? "pause" : "play"));
    this.play.setAttribute("aria-label", busy ? "Pause" : "Play");
    byId("player").dataset.state = state;
    cancelAnimationFrame(this.#head);
    const follow = () => {
      this.strip.move(this.now.player.time_s);
      if (this.now.player.state === "playing") this.#head = requestAnimationFrame(follow);
    };
    if (state === "playing" || state === "paused") follow();
  }

  #bindVolume() {
    const { player } = this.now;
    const stored = Number(localStorage.getItem(VOLUME_KEY) ?? 1);
    this.volume.value = String(Number.isFinite(stored) ? stored : 1);
    const apply = () => {
      player.volume = Number(this.volume.value);
      byId("volume-icon").replaceChildren(icon(player.volume > 0 ? "volume" : "muted"));
      localStorage.setItem(VOLUME_KEY, this.volume.value);
    };
    this.volume.addEventListener("input", apply);
    apply();
  }
}

/** @param {import("../types/api").Segment} segment */
function describe({ track, start_s, end_s }) {
  const nodes = [
    element("span", { class: "track-artist" }, track.artist ?? "unknown artist"),
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
    element("span", { class: "tag-label" }, label),
    bar,
    element("span", { class: "tag-value" }, decimal(value)),
  );
}
