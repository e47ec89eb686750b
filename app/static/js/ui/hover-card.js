// A card beside the point under the pointer: what it is before one listens.

/** @import {Segment} from "../types/api" */

import { element } from "../lib/dom.js";
import { decimal, isolated, span } from "../lib/format.js";

const GAP_PX = 14;
/** The buttons at the right edge stay free. */
const TOOLS_PX = 60;

/** @typedef {{ label: string, text: string, share: number, colour: string }} Fact `share`: how long its bar is, 0 to 1 */

export class HoverCard {
  /** @param {HTMLElement} host lies over the points */
  constructor(host) {
    this.host = host;
    this.card = element("div", { class: "hover-card", hidden: true, "aria-hidden": "true" });
    host.append(this.card);
  }

  /**
   * @param {Segment} segment @param {[number, number]} at CSS pixels of the host
   * @param {Fact[]} [facts] what its place and its colour stand for
   */
  show({ track, start_s, end_s, tags }, at, facts = []) {
    const lines = [
      element("strong", { dir: "auto" }, track.title),
      element("span", {}, [track.artist && isolated(track.artist), span(start_s, end_s)].filter(Boolean).join(" · ")),
    ];
    if (facts.length) lines.push(element("span", { class: "facts" }, ...facts.flatMap(fact)));
    const others = tags.filter(({ label }) => facts.every((each) => each.label !== label));
    if (others.length)
      lines.push(
        element(
          "span",
          { class: "quiet" },
          others
            .slice(0, 3)
            .map(({ label, value }) => `${isolated(label)}\u00a0${decimal(value)}`)
            .join(", "),
        ),
      );
    if (!track.audio) lines.push(element("span", { class: "problem" }, "Its file is missing."));
    this.card.replaceChildren(...lines);
    this.card.hidden = false;
    this.#place(at);
  }

  hide() {
    this.card.hidden = true;
  }

  /** @param {[number, number]} at */
  #place([x, y]) {
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const left = x + GAP_PX + width > this.host.clientWidth - TOOLS_PX ? x - GAP_PX - width : x + GAP_PX;
    const top = Math.min(Math.max(y - height / 2, 4), this.host.clientHeight - height - 4);
    this.card.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }
}

/** @param {Fact} fact */
function fact({ label, text, share, colour }) {
  const bar = element("span", { class: "fact-bar" });
  bar.style.setProperty("--share", String(Math.min(Math.max(share, 0), 1)));
  bar.style.setProperty("--colour", colour);
  return [element("bdi", { class: "fact-label" }, label), bar, element("bdi", { class: "fact-value" }, text)];
}
