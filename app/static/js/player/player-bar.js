// The bar at the bottom: what plays, what the network calls it, where in the track one is.

/** @import {SoundMode} from "../state/view-schema.js" */
/** @import {NowPlaying} from "./now-playing.js" */

import { element, find } from "../lib/dom.js";
import { decimal, harmless, span } from "../lib/format.js";
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

  /** @param {HTMLElement} host @param {NowPlaying} now */
  constructor(host, now) {
    this.host = host;
    this.now = now;
    this.play = find(host, ".play");
    this.steps = /** @type {HTMLButtonElement[]} */ ([find(host, ".previous"), find(host, ".next")]);
    this.title = find(host, ".track-title");
    this.detail = find(host, ".track-detail");
    this.tags = find(host, ".track-tags");
    this.strip = new TaggramStrip(find(host, ".strip"), (index) => now.playFrom(index));
    this.sounds = /** @type {HTMLInputElement[]} */ ([...host.querySelectorAll("input[name=sound]")]);
    this.play.addEventListener("click", () => now.playOrPause());
    this.steps[0].addEventListener("click", () => now.step(-1));
    this.steps[1].addEventListener("click", () => now.step(1));
    for (const input of this.sounds)
      input.addEventListener("change", () => {
        now.sound = /** @type {SoundMode} */ (input.value);
      });
    this.#bindVolume();
    for (const event of ["change", "offer"]) now.addEventListener(event, () => this.show());
    now.addEventListener("sound", () => this.#showSound());
    now.player.addEventListener("state", () => this.#showState());
    this.#showSound();
    this.show();
    this.#showState();
  }

  show() {
    const { segment, row, taggram, hasOffer } = this.now;
    this.host.toggleAttribute("data-idle", !segment);
    this.title.textContent = harmless(segment?.track.title ?? "Nothing plays yet");
    this.title.title = harmless(segment?.track.title ?? "");
    this.detail.replaceChildren(...(segment ? describe(segment) : [HINTS[this.now.sound ?? "click"]]));
    this.play.toggleAttribute("disabled", segment ? !segment.track.audio : !hasOffer);
    this.play.title = segment ? "Play or pause (space)" : "Play the point nearest to the middle (space)";
    for (const button of this.steps) button.disabled = row === null;
    this.tags.replaceChildren(...(segment?.tags ?? []).map(tagBar));
    this.strip.show(segment, taggram);
    this.strip.move(segment && this.now.player.state !== "playing" ? segment.start_s : this.now.player.time_s);
  }

  #showSound() {
    for (const input of this.sounds) input.checked = input.value === (this.now.sound ?? "click");
    if (!this.now.segment) this.show();
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

  #bindVolume() {
    const { player } = this.now;
    const slider = /** @type {HTMLInputElement} */ (find(this.host, ".volume input"));
    const speaker = find(this.host, ".volume-icon");
    const stored = Number(localStorage.getItem(VOLUME_KEY) ?? 1);
    slider.value = String(Number.isFinite(stored) ? stored : 1);
    const apply = () => {
      player.volume = Number(slider.value);
      speaker.replaceChildren(icon(player.volume > 0 ? "volume" : "muted"));
      localStorage.setItem(VOLUME_KEY, slider.value);
    };
    slider.addEventListener("input", apply);
    apply();
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
